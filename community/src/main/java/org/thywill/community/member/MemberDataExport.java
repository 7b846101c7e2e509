package org.thywill.community.member;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Writes everything that the archive has about one member as a text for that member.
 *
 * <p>It follows the catalog, so it includes every table.
 */
public final class MemberDataExport {

  private MemberDataExport() {}

  /** All rows that name the member, by tables and columns; within each the newest first. */
  public static String of(ViewReader view, String member) throws IOException {
    StringBuilder text =
        new StringBuilder(
            "What this community keeps about "
                + member
                + ".\n"
                + "Each block is one row; times are UTC. Secrets are not kept at all: sessions"
                + " appear with a fingerprint of their id.\n");
    for (Table table : Catalog.TABLES) {
      for (Column<?> column : table.columns()) {
        if (isAboutMembers(table, column)) {
          append(
              text,
              table,
              column,
              view.rows(Query.of(table).eq(column.name(), member).newestFirst()));
        }
      }
    }
    return text.toString();
  }

  private static boolean isAboutMembers(Table table, Column<?> column) {
    return table.equals(Catalog.MEMBERS)
        ? column.equals(table.keyColumn())
        : column.refersTo(Catalog.MEMBERS);
  }

  private static void append(StringBuilder text, Table table, Column<?> column, List<Row> rows) {
    if (rows.isEmpty()) {
      return;
    }
    text.append("\n== ")
        .append(table.name())
        .append(", where you are \"")
        .append(column.name())
        .append("\": ")
        .append(rows.size())
        .append(" ==\n");
    for (Row row : rows) {
      text.append('\n');
      for (Column<?> each : table.columns()) {
        @Nullable Object value = row.value(each.name());
        if (value != null && !isSecret(each, column)) {
          text.append(each.name())
              .append(": ")
              .append(
                  each.type() == ColumnType.TIME && value instanceof Long micros
                      ? Timestamps.format(micros)
                      : indented(value))
              .append('\n');
        }
      }
    }
  }

  /**
   * Whether a value must not be shown: the token of an invite, which only its maker may use.
   *
   * @param about the column in which the row names the member
   */
  private static boolean isSecret(Column<?> shown, Column<?> about) {
    return shown.equals(Catalog.Invites.TOKEN) && !about.equals(Catalog.Invites.CREATED_BY);
  }

  /** Indents all lines but the first, so that no text can look like a field. */
  private static String indented(Object value) {
    return value.toString().replace("\n", "\n    ");
  }
}
