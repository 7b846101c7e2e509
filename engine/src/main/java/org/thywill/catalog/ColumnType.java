package org.thywill.catalog;

import java.util.function.Function;

/** The type of a column. Each value has exactly one text form (FORMAT.md, Values). */
public enum ColumnType {
  /** Any Unicode text, also the empty one. Held as {@link String}. */
  TEXT,
  /** A whole number of 64 bits, written in decimal. Held as {@link Long}. */
  INTEGER,
  /**
   * An IEEE double, written as the shortest decimal that reads back as the same number. Held as
   * {@link Double}.
   */
  REAL,
  /** {@code yes} or {@code no}. Held as {@link Boolean}. */
  BOOLEAN,
  /**
   * An instant in UTC with microseconds, years 0001 to 9999. Held as {@link Long}: microseconds
   * since 1970.
   */
  TIME;

  /**
   * The text form of a value that is not null. A text is returned as it is; the archive escapes it.
   */
  public String format(Object value) {
    return switch (this) {
      case TEXT -> (String) value;
      case INTEGER -> Long.toString((Long) value);
      case REAL -> Double.toString((Double) value);
      case BOOLEAN -> (Boolean) value ? "yes" : "no";
      case TIME -> Timestamps.format((Long) value);
    };
  }

  /**
   * Reads a text form.
   *
   * @throws IllegalArgumentException if the text is not the text form of a value of this type
   */
  public Object parse(String spelling) {
    return switch (this) {
      case TEXT -> spelling;
      case INTEGER -> number(spelling, Long::valueOf, "a whole number");
      case REAL -> number(spelling, Double::valueOf, "a number");
      case BOOLEAN ->
          switch (spelling) {
            case "yes" -> true;
            case "no" -> false;
            default -> throw new IllegalArgumentException("expected yes or no");
          };
      case TIME -> Timestamps.parse(spelling);
    };
  }

  private Object number(String spelling, Function<String, Object> parse, String expected) {
    Object value;
    try {
      value = parse.apply(spelling);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected " + expected, e);
    }
    if (!format(value).equals(spelling)) {
      throw new IllegalArgumentException("expected the spelling " + format(value));
    }
    return value;
  }

  /** Whether a value has the Java type of this column type, and is in its range. */
  public boolean holds(Object value) {
    return switch (this) {
      case TEXT -> value instanceof String;
      case INTEGER -> value instanceof Long;
      case REAL -> value instanceof Double;
      case BOOLEAN -> value instanceof Boolean;
      case TIME -> value instanceof Long micros && Timestamps.isInRange(micros);
    };
  }
}
