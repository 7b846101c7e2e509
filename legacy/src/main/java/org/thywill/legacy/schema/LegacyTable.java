package org.thywill.legacy.schema;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;

/**
 * One table of the original, and the table of ours for its rows.
 *
 * @param name in lower case, as the original's models spell it
 * @param times the columns that may hold the time of a row; the first that can be read is taken
 */
public record LegacyTable(String name, Table ours, List<LegacyColumn> columns, List<String> times) {

  /**
   * Finds the original's column for each column of a table, in any case.
   *
   * @param present the names of the table's columns
   * @return in the order of {@code present}; null for a column that the original never had
   */
  public @Nullable LegacyColumn[] bind(List<String> present, boolean membersHaveIds) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < present.size(); i++) {
      positions.put(present.get(i).toLowerCase(Locale.ROOT), i);
    }
    @Nullable LegacyColumn[] bound = new @Nullable LegacyColumn[present.size()];
    Set<Column<?>> taken = new HashSet<>();
    for (LegacyColumn column : columns) {
      boolean isIdOfMember =
          name.equals(LegacyLayout.USER) && column.kind() == LegacyColumn.Kind.KEY;
      if (taken.contains(column.ours()) || isIdOfMember && !membersHaveIds) {
        continue;
      }
      column.names().stream()
          .map(positions::get)
          .filter(position -> position != null)
          .findFirst()
          .ifPresent(
              position -> {
                bound[position] = column;
                taken.add(column.ours());
              });
    }
    return bound;
  }

  /** The column whose value the original's references hold. */
  public String identityColumn(boolean membersHaveIds) {
    return switch (name) {
      case LegacyLayout.USER -> membersHaveIds ? "id" : "display_name";
      case LegacyLayout.ROLE -> "id";
      default -> keyColumn();
    };
  }

  /** The column from which our key is made. */
  public String keyColumn() {
    return columns.stream()
        .filter(column -> column.kind() == LegacyColumn.Kind.KEY)
        .findFirst()
        .orElseThrow()
        .names()
        .getFirst();
  }
}
