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
 * Everything that the community keeps about one member, as text for that member to read. It follows
 * from the catalog, so nothing is forgotten.
 */
public final class MemberDataExport {
  private static final String SECRET_LINKS = "invites";

  private MemberDataExport() {}

  /**
   * All rows that are the member's, or name the member; of each kind the last that was written
   * first.
   */
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
        if (value != null
            && !(table.name().equals(SECRET_LINKS)
                && each.equals(table.keyColumn())
                && !column.name().equals("created_by"))) {
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

  /** Lines after the first are moved in, so that no text can look like a field. */
  private static String indented(Object value) {
    return value.toString().replace("\n", "\n    ");
  }
}
