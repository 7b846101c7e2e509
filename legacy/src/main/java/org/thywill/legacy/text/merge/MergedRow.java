package org.thywill.legacy.text.merge;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.file.SourceLocation;

/** One row, made of everything that was stated of it. */
final class MergedRow {
  private final String table;
  private final SourceLocation location;
  private final Map<String, @Nullable String> values = new LinkedHashMap<>();
  private final TreeSet<String> approximate = new TreeSet<>();
  private final TreeSet<String> inferred = new TreeSet<>();

  private MergedRow(String table, SourceLocation location) {
    this.table = table;
    this.location = location;
  }

  static MergedRow of(String table, List<String> key, List<RowAssertion> rows, TextReport report) {
    rows.sort(Comparator.comparing(RowAssertion::priority));
    MergedRow merged = new MergedRow(table, rows.getFirst().location());
    List<String> names = Merge.keys(table);
    for (int i = 0; i < names.size(); i++) {
      merged.values.put(names.get(i), RowAssertion.valueOfKeyPart(key.get(i)));
    }
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.values().keySet()));
    for (String column : columns) {
      merged.choose(column, rows, report);
    }
    return merged;
  }

  /**
   * Takes the value of the most trusted statement; for a time, of the most trusted with its
   * seconds; of nothing and something, something.
   */
  private void choose(String column, List<RowAssertion> rows, TextReport report) {
    RowAssertion best = null;
    for (RowAssertion row : rows) {
      if (!row.values().containsKey(column)) {
        continue;
      }
      if (best == null || isBetter(row, best, column)) {
        best = row;
      }
    }
    if (best == null) {
      return;
    }
    String value = best.values().get(column);
    values.put(column, value);
    if (value != null && best.approximate().contains(column)) {
      approximate.add(column);
    }
    if (value != null && best.inferred().contains(column)) {
      inferred.add(column);
    }
    if (value != null && !value.isEmpty()) {
      nameEmpty(column, best, rows, report);
    }
    for (RowAssertion row : rows) {
      String other = row.values().get(column);
      boolean isTold =
          !(row.priority() == SourcePriority.MONTHLY && column.endsWith("_at"))
              && row.priority() != SourcePriority.INFERRED
              && !row.inferred().contains(column)
              && !(row.priority() == SourcePriority.DATABASE
                  && best.priority() == SourcePriority.DATABASE);
      if (isTold
          && value != null
          && other != null
          && !LossyEquality.mayBeEqual(column, value, other)) {
        boolean isDatabase = best.priority() == SourcePriority.DATABASE;
        report.addFinding(
            isDatabase ? "differs-from-database" : "sources-differ",
            isDatabase,
            row.location(),
            table + "." + column + " is told otherwise at " + best.location() + ", which is taken");
      }
    }
  }

  /**
   * An empty cell of the database may have been emptied by somebody, so it stays as it is; what a
   * text has for it is named.
   */
  private void nameEmpty(
      String column, RowAssertion told, List<RowAssertion> rows, TextReport report) {
    if (told.priority() == SourcePriority.DATABASE
        || told.inferred().contains(column)
        || column.equals("text_file_path")
        || column.startsWith("~")) {
      return;
    }
    for (RowAssertion row : rows) {
      if (row.priority() == SourcePriority.DATABASE
          && row.values().containsKey(column)
          && row.values().get(column) == null) {
        report.addFinding(
            "empty-in-database",
            false,
            told.location(),
            table + "." + column + " is empty at " + row.location() + ", and stays so");
      }
    }
  }

  private boolean isBetter(RowAssertion row, RowAssertion best, String column) {
    String mine = row.values().get(column);
    String its = best.values().get(column);
    if (mine == null || its == null) {
      return mine != null;
    }
    if (best.priority() == SourcePriority.DATABASE) {
      return false;
    }
    if (best.inferred().contains(column) != row.inferred().contains(column)) {
      return best.inferred().contains(column);
    }
    if (table.equals("user") && column.equals("created_at") && best.priority() == row.priority()) {
      return mine.compareTo(its) < 0;
    }
    return best.approximate().contains(column) && !row.approximate().contains(column);
  }

  String table() {
    return table;
  }

  SourceLocation location() {
    return location;
  }

  @Nullable String get(String column) {
    return values.get(column);
  }

  /** What was stated besides the columns of the table. */
  @Nullable String extra(String name) {
    return values.get(name);
  }

  void infer(String column, @Nullable String value) {
    values.put(column, value);
    inferred.add(column);
  }

  Set<String> approximate() {
    return approximate;
  }

  /** Whether any value was concluded, besides its id and the path of its file. */
  boolean isConcluded() {
    return inferred.stream()
        .anyMatch(column -> !column.equals("id") && !column.equals("text_file_path"));
  }

  Set<String> inferred() {
    return inferred;
  }

  /**
   * Why the row is there, for the change that makes it: which values lack their seconds or were
   * concluded, and what had no column.
   */
  String reason() {
    StringBuilder reason = new StringBuilder("import");
    if (!approximate.isEmpty()) {
      reason.append("; to the minute: ").append(String.join(", ", approximate));
    }
    if (!inferred.isEmpty()) {
      reason.append("; inferred: ").append(String.join(", ", inferred));
    }
    String remark = values.get(RowAssertion.REMARK);
    return remark == null
        ? reason.toString()
        : reason.append("; remark: ").append(remark).toString();
  }
}
