package org.thywill.catalog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the log of a table lives: a path below the archive with {@code {month}} for {@code 2024_01}, with {@code {year}} for
 * {@code 2024}, or with neither for one file that is never changed over.
 */
public final class Home {
  private final String pattern;
  private final Pattern matcher;

  Home(String pattern) {
    this.pattern = pattern;
    this.matcher =
        Pattern.compile(
            Pattern.quote(pattern)
                .replace("{month}", "\\E(?<period>\\d{4}_(?:0[1-9]|1[0-2]))\\Q")
                .replace("{year}", "\\E(?<period>\\d{4})\\Q"));
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

  /** The period in a path ({@code 2024_01}, {@code 2024} or nothing at all), or empty if the path is not one of this home. */
  public Optional<String> period(String file) {
    Matcher found = matcher.matcher(file);
    if (!found.matches()) {
      return Optional.empty();
    }
    return Optional.of(pattern.contains("{") ? found.group("period") : "");
  }

  @Override
  public String toString() {
    return pattern;
  }
}
