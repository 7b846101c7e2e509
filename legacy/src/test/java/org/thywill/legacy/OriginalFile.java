package org.thywill.legacy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.thywill.catalog.Sha256;

/** A database of the original as SQLite shows it; it is read without any code that is tested. */
public final class OriginalFile {
  /** Table → its rows, sorted; each is a line of {@code column=class:hex}. */
  final Map<String, List<String>> tables = new TreeMap<>();

  /** The statements of all tables, indexes, views and triggers. */
  final Set<String> schema = new HashSet<>();

  private OriginalFile() {}

  /** The change that is expected of a value: secrets are replaced. */
  interface Change {
    String of(String table, String column, String value);
  }

  static OriginalFile read(Path file, Change change) throws SQLException {
    OriginalFile original = new OriginalFile();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement query = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      try (ResultSet rows =
          query.executeQuery("SELECT type, name, sql FROM sqlite_master ORDER BY rowid")) {
        while (rows.next()) {
          if (rows.getString(3) != null) {
            original.schema.add(rows.getString(3));
          }
          if (rows.getString(1).equals("table") && !rows.getString(2).startsWith("sqlite_stat")) {
            names.add(rows.getString(2));
          }
        }
      }
      String encoding = query.executeQuery("PRAGMA encoding").getString(1);
      original.schema.add(encoding);
      original.schema.add("version " + query.executeQuery("PRAGMA user_version").getString(1));
      for (String name : names) {
        original.tables.put(name, rows(query, name, change, Charset.forName(encoding)));
      }
    }
    return original;
  }

  /** A file of the test resources, copied to a folder. */
  public static Path fixture(Path folder, String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream in = Objects.requireNonNull(OriginalFile.class.getResourceAsStream(name))) {
      Files.copy(in, copy);
    }
    return copy;
  }

  /** The value that replaces a secret: {@code sha256:} and hex, as text. */
  static String hashed(String value) {
    if (value.equals("null:")) {
      return value;
    }
    byte[] bytes =
        value.startsWith("integer:") || value.startsWith("real:")
            ? value.substring(value.indexOf(':') + 1).getBytes(UTF_8)
            : HexFormat.of().parseHex(value.substring(value.indexOf(':') + 1));
    return text("sha256:" + Sha256.hex(bytes));
  }

  static String text(String text) {
    return "text:" + HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private static List<String> rows(Statement query, String table, Change change, Charset encoding)
      throws SQLException {
    String quoted = '"' + table.replace("\"", "\"\"") + '"';
    List<String> columns = new ArrayList<>();
    try (ResultSet rows = query.executeQuery("PRAGMA table_xinfo(" + quoted + ")")) {
      while (rows.next()) {
        columns.add(rows.getString(2));
      }
    }
    StringBuilder sql = new StringBuilder("SELECT ");
    for (String column : columns) {
      String c = '"' + column.replace("\"", "\"\"") + '"';
      sql.append("typeof(")
          .append(c)
          .append("), CASE WHEN typeof(")
          .append(c)
          .append(") IN ('text', 'blob') THEN hex(CAST(")
          .append(c)
          .append(" AS BLOB)) ELSE ")
          .append(c)
          .append(" END, ");
    }
    sql.setLength(sql.length() - 2);
    List<String> lines = new ArrayList<>();
    try (ResultSet rows = query.executeQuery(sql + " FROM " + quoted)) {
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
          String storage = rows.getString(2 * i + 1);
          String value =
              switch (storage) {
                case "null" -> "null:";
                case "integer" -> "integer:" + rows.getLong(2 * i + 2);
                case "real" -> "real:" + rows.getDouble(2 * i + 2);
                case "text" -> "text:" + inUtf8(rows.getString(2 * i + 2), encoding);
                default -> storage + ":" + rows.getString(2 * i + 2).toLowerCase(Locale.ROOT);
              };
          line.append(columns.get(i))
              .append('=')
              .append(
                  change.of(
                      table.toLowerCase(Locale.ROOT),
                      columns.get(i).toLowerCase(Locale.ROOT),
                      value))
              .append(' ');
        }
        lines.add(line.toString());
      }
    }
    lines.sort(null);
    return lines;
  }

  private static String inUtf8(String hex, Charset encoding) {
    return encoding.equals(UTF_8)
        ? hex.toLowerCase(Locale.ROOT)
        : HexFormat.of()
            .formatHex(new String(HexFormat.of().parseHex(hex), encoding).getBytes(UTF_8));
  }
}
