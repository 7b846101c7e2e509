package org.thywill.legacy.text.merge;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.dialect.SyntheticIds;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Adds the rows of a database of the original as assertions.
 *
 * <p>The merge then recognises which rows of the texts the database has already.
 */
public final class DatabaseAssertions {
  private static final Map<String, String> OLDER_NAMES =
      Map.of(
          "author_username",
          "author_id",
          "invited_by_username",
          "invited_by_user_id",
          "username",
          "user_id");
  private static final List<String> MEMBERS =
      List.of(
          "author_username",
          "invited_by_username",
          "username",
          "user_id",
          "created_by",
          "approver_user_id",
          "actor_user_id",
          "granted_by",
          "approved_by_user_id",
          "used_by_user_id",
          "created_by_user",
          "processed_by_user_id");

  private static final String COMMUNITY = "the community";

  private final String name;
  private final Connection database;
  private final boolean isCommunity;
  private final Map<String, String> names = new HashMap<>();

  private DatabaseAssertions(String name, Connection database, boolean isCommunity) {
    this.name = name;
    this.database = database;
    this.isCommunity = isCommunity;
  }

  /** The assertions of a database of the original, of any version. */
  public static DatabaseAssertions of(String name, Connection database) {
    return new DatabaseAssertions(name, database, false);
  }

  /**
   * The assertions of the community that is added to.
   *
   * <p>An id that an earlier import made is not stated, so that a source may state the row's own.
   */
  public static DatabaseAssertions ofCommunity(Connection database) {
    return new DatabaseAssertions(COMMUNITY, database, true);
  }

  /** Adds all rows to a store. */
  public void addTo(AssertionStore staging) throws SQLException {
    List<String> users = columns("user");
    if (users.contains("id") && users.contains("display_name")) {
      try (Statement query = database.createStatement();
          ResultSet rows = query.executeQuery("SELECT id, display_name FROM main.user")) {
        while (rows.next()) {
          names.put(String.valueOf(rows.getString(1)), String.valueOf(rows.getString(2)));
        }
      }
    }
    for (String table : Merge.KEYS.keySet()) {
      table(table, staging);
    }
  }

  private void table(String table, AssertionStore staging) throws SQLException {
    List<String> columns = columns(table);
    if (columns.isEmpty()) {
      return;
    }
    try (Statement query = database.createStatement();
        ResultSet rows = query.executeQuery("SELECT * FROM main.\"" + table + "\"")) {
      long number = 0;
      while (rows.next()) {
        Map<String, @Nullable String> values = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
          values.put(columns.get(i), rows.getString(i + 1));
        }
        staging.add(row(table, values, ++number));
        if (table.equals("user")) {
          staging.names().add(String.valueOf(values.get("display_name")));
        }
      }
    }
  }

  private RowAssertion row(String table, Map<String, @Nullable String> values, long number) {
    List<String> key = new ArrayList<>();
    for (String column : Merge.keys(table)) {
      key.add(RowAssertion.keyPart(value(values, column)));
    }
    RowAssertion row =
        RowAssertion.of(
            table,
            "database " + name,
            SourcePriority.DATABASE,
            new SourceLocation(name + ":" + table, number),
            key.toArray(String[]::new));
    values.keySet().stream()
        .sorted()
        .forEach(
            column -> {
              if (!Merge.keys(table).contains(column)) {
                row.set(column, value(values, column));
              }
            });
    if (isCommunity && SyntheticIds.isMade(table, key, row.values(), Merge.TIMES.get(table))) {
      row.set(
          RowAssertion.SYNTHETIC_ID,
          table.equals("prayer") ? key.getFirst() : row.values().remove("id"));
    }
    return row;
  }

  private @Nullable String value(Map<String, @Nullable String> values, String column) {
    String older = OLDER_NAMES.get(column);
    String value =
        values.containsKey(column) || older == null ? values.get(column) : values.get(older);
    return value != null && MEMBERS.contains(column) ? names.getOrDefault(value, value) : value;
  }

  private List<String> columns(String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (PreparedStatement query =
        database.prepareStatement("SELECT lower(name) FROM pragma_table_info(?)")) {
      query.setString(1, table);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1));
        }
      }
    }
    return columns;
  }
}
