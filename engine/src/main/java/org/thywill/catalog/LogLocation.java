package org.thywill.catalog;

import java.util.Optional;

/**
 * The paths of the logs of a table, as one pattern.
 *
 * <p>{@code {month}} is replaced by a month such as {@code 2024_01}, {@code {year}} by a year. A
 * pattern with neither is the path of a single log.
 */
public final class LogLocation {
  private static final String MONTH = "0000_00";
  private static final String YEAR = "0000";

  private final String pattern;
  private final String before;
  private final String after;
  private final String shape;

  LogLocation(String pattern) {
    this.pattern = pattern;
    int open = pattern.indexOf('{');
    this.before = open < 0 ? pattern : pattern.substring(0, open);
    this.after = open < 0 ? "" : pattern.substring(pattern.indexOf('}') + 1);
    this.shape = shape(pattern, open);
  }

  private static String shape(String pattern, int open) {
    if (open < 0) {
      return "";
    }
    return pattern.startsWith("{month}", open) ? MONTH : YEAR;
  }

  /** The pattern, such as <code>users/{month}_users.txt</code>. */
  public String pattern() {
    return pattern;
  }

  /** The folder in the archive, without a slash at the end. */
  public String folder() {
    return pattern.substring(0, pattern.lastIndexOf('/'));
  }

  /** The log that has the changes of an instant, in microseconds since 1970. */
  public String file(long atMicros) {
    String time = Timestamps.format(atMicros);
    String year = time.substring(0, 4);
    return pattern.replace("{month}", year + "_" + time.substring(5, 7)).replace("{year}", year);
  }

  /**
   * The period of a log: {@code 2024_01}, {@code 2024}, or an empty text for a single log. Empty if
   * a path is none of these logs.
   */
  public Optional<String> period(String file) {
    if (file.length() != before.length() + shape.length() + after.length()
        || !file.startsWith(before)
        || !file.endsWith(after)) {
      return Optional.empty();
    }
    String period = file.substring(before.length(), before.length() + shape.length());
    return isPeriod(period) ? Optional.of(period) : Optional.empty();
  }

  private boolean isPeriod(String period) {
    for (int i = 0; i < shape.length(); i++) {
      char c = period.charAt(i);
      boolean fits = shape.charAt(i) == '0' ? c >= '0' && c <= '9' : c == shape.charAt(i);
      if (!fits) {
        return false;
      }
    }
    int month = shape.equals(MONTH) ? Integer.parseInt(period.substring(period.length() - 2)) : 1;
    return month >= 1 && month <= 12;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
