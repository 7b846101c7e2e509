package org.thywill.catalog;

import java.util.Optional;

/**
 * Where the log of a table lives: a path below the archive with {@code {month}} for {@code
 * 2024_01}, with {@code {year}} for {@code 2024}, or with neither for one file that is never
 * changed over.
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
    this.shape = open < 0 ? "" : pattern.startsWith("{month}", open) ? MONTH : YEAR;
  }

  /** The path as it stands in the catalog, such as <code>users/{month}_users.txt</code>. */
  public String pattern() {
    return pattern;
  }

  /** The folder below the archive, without a slash at the end. */
  public String folder() {
    return pattern.substring(0, pattern.lastIndexOf('/'));
  }

  /** The log that holds changes made at an instant (microseconds since 1970). */
  public String file(long at) {
    String time = Timestamps.format(at);
    String year = time.substring(0, 4);
    return pattern.replace("{month}", year + "_" + time.substring(5, 7)).replace("{year}", year);
  }

  /**
   * The period in a path ({@code 2024_01}, {@code 2024} or nothing at all), or empty if the path is
   * not one of this home.
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
      if (shape.charAt(i) == '0' ? c < '0' || c > '9' : c != shape.charAt(i)) {
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
