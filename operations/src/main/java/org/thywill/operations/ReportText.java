package org.thywill.operations;

import java.time.Duration;
import java.util.Locale;

/** Figures as people say them. */
public final class ReportText {
  private ReportText() {}

  /**
   * Such as {@code 3 days}, {@code 1 hour}, {@code 40 seconds}; of a length of time that is not
   * negative.
   */
  public static String duration(Duration length) {
    if (length.toDays() > 0) {
      return count(length.toDays(), "day");
    }
    if (length.toHours() > 0) {
      return count(length.toHours(), "hour");
    }
    return length.toMinutes() > 0
        ? count(length.toMinutes(), "minute")
        : count(length.toSeconds(), "second");
  }

  /** Such as {@code 1 file}, {@code 1,200 files}. */
  public static String count(long number, String one) {
    return number(number) + " " + one + (number == 1 ? "" : "s");
  }

  public static String number(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  public static String bytes(long bytes) {
    if (bytes < 10_000) {
      return number(bytes) + " bytes";
    }
    return bytes < 10_000_000
        ? number(bytes / 1000) + " kB"
        : bytes < 10_000_000_000L
            ? number(bytes / 1_000_000) + " MB"
            : number(bytes / 1_000_000_000) + " GB";
  }
}
