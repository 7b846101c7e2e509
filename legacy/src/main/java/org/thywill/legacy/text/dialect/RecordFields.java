package org.thywill.legacy.text.dialect;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.SourceLocation;

/** One record of a table, split into its columns; it notes which of them were read. */
final class RecordFields {
  private final String origin;
  private final SourcePriority priority;
  private final SourceLocation location;
  private final boolean isPlain;
  private final Map<String, @Nullable String> values;
  private final Set<String> read = new HashSet<>();

  /**
   * A record of which no column was read yet.
   *
   * @param origin what the record was stated by
   * @param isPlain whether it could be split in one way only
   * @param values column → value; null where the column holds the word for "no value"
   */
  RecordFields(
      String origin,
      SourcePriority priority,
      SourceLocation location,
      boolean isPlain,
      Map<String, @Nullable String> values) {
    this.origin = origin;
    this.priority = priority;
    this.location = location;
    this.isPlain = isPlain;
    this.values = values;
  }

  /** Where the record is. */
  SourceLocation location() {
    return location;
  }

  /** Whether the record could be split in one way only. */
  boolean isPlain() {
    return isPlain;
  }

  /** The value of a column that always has one. */
  String text(String column) {
    return Objects.requireNonNullElse(textOrNull(column), "");
  }

  /** The value of a column, or null. */
  @Nullable String textOrNull(String column) {
    read.add(column);
    return values.get(column);
  }

  /** The columns that have a value and were not read, in the order of the record. */
  List<String> unread() {
    return values.entrySet().stream()
        .filter(
            entry ->
                entry.getValue() != null
                    && !entry.getValue().isEmpty()
                    && !read.contains(entry.getKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The time in a column, in either spelling; null if it has none. */
  @Nullable LocalTimestamp timestamp(String column) {
    String value = text(column);
    LocalTimestamp minute = LocalTimestamp.ofMinute(value);
    return minute == null ? LocalTimestamp.ofIso(value) : minute;
  }

  /** The time in a column that always has one. */
  LocalTimestamp requireTimestamp(String column) {
    return Objects.requireNonNull(timestamp(column));
  }

  /** {@code 1} for yes and true, {@code 0} for anything else. */
  String flag(String column) {
    return text(column).equals("yes") || text(column).equalsIgnoreCase("true") ? "1" : "0";
  }

  /** A remark that no table can hold the record; all columns count as read. */
  Assertion.Remark withoutTable(String code, String message) {
    read.addAll(values.keySet());
    return new Assertion.Remark(code, false, location, message);
  }

  /** A row that this record states, without any values yet. */
  RowAssertion row(String table, String... key) {
    return RowAssertion.of(table, origin, priority, location, key);
  }

  /** Sets columns that have the same name in the record and in the row. */
  RowAssertion copy(RowAssertion row, String... columns) {
    for (String column : columns) {
      row.set(column, textOrNull(column));
    }
    return row;
  }
}
