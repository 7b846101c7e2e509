package org.thywill.legacy.text.dialect;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowStated;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * One record of a table, cut into its columns; it remembers which of them were asked for.
 *
 * @param origin what the record was stated by
 * @param isPlain whether it could be cut in one way only
 * @param values a column whose word means nothing has null
 */
record RecordFields(
    String origin,
    SourcePriority trust,
    SourceLocation place,
    boolean isPlain,
    Map<String, @Nullable String> values,
    Set<String> asked) {
  RecordFields(
      String origin,
      SourcePriority trust,
      SourceLocation place,
      boolean isPlain,
      Map<String, @Nullable String> values) {
    this(origin, trust, place, isPlain, values, new HashSet<>());
  }

  /** The value of a column that always has one. */
  String text(String column) {
    return Objects.requireNonNullElse(maybe(column), "");
  }

  @Nullable String maybe(String column) {
    asked.add(column);
    return values.get(column);
  }

  /** The columns that say something and that nobody has asked for. */
  List<String> unread() {
    return values.entrySet().stream()
        .filter(
            entry ->
                entry.getValue() != null
                    && !entry.getValue().isEmpty()
                    && !asked.contains(entry.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The moment in a column, in whichever of the two spellings; null if it has none. */
  @Nullable LocalTimestamp stamp(String column) {
    String value = text(column);
    LocalTimestamp minute = LocalTimestamp.ofMinute(value);
    return minute == null ? LocalTimestamp.ofIso(value) : minute;
  }

  /** The moment in a column that always has one. */
  LocalTimestamp stampOr(String column) {
    return Objects.requireNonNull(stamp(column));
  }

  /** {@code 1} for yes and True. */
  String flag(String column) {
    return text(column).equals("yes") || text(column).equalsIgnoreCase("true") ? "1" : "0";
  }

  /** That the whole record has no table to go to. */
  Assertion.Remark withoutTable(String code, String message) {
    asked.addAll(values.keySet());
    return new Assertion.Remark(code, false, place, message);
  }

  RowStated row(String table, String... key) {
    return RowStated.of(table, origin, trust, place, key);
  }

  /** Sets columns that are called alike on both sides. */
  RowStated copy(RowStated row, String... columns) {
    for (String column : columns) {
      row.set(column, maybe(column));
    }
    return row;
  }
}
