package org.thywill.operations.format;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times, ages and durations as people read them; dates are in UTC. */
public final class TimeText {
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final int DAYS_NAMED = 30;
  private static final int SECONDS_NAMED = 90;
  private static final int MINUTES_NAMED = 90;

  private TimeText() {}

  /** The day and the minute, such as {@code 3 March 2026, 09:30 UTC}. */
  public static String full(Instant at) {
    return FULL.format(at);
  }

  /** The day, such as {@code 3 March 2026}. */
  public static String day(Instant at) {
    return DAY.format(at);
  }

  /**
   * How long ago a time was, such as {@code 3 hours ago}.
   *
   * <p>Less than a minute ago, or in the future, is {@code just now}; more than thirty days ago is
   * the day itself.
   */
  public static String ago(Instant at, Instant now) {
    Duration past = Duration.between(at, now);
    if (past.toMinutes() < 1) {
      return "just now";
    }
    return past.toDays() <= DAYS_NAMED ? duration(past) + " ago" : day(at);
  }

  /**
   * A duration in whole ones of its largest unit, such as {@code 3 days} or {@code 1 hour}.
   *
   * @param length not negative
   */
  public static String duration(Duration length) {
    if (length.toDays() > 0) {
      return NumberText.count(length.toDays(), "day");
    }
    if (length.toHours() > 0) {
      return NumberText.count(length.toHours(), "hour");
    }
    return length.toMinutes() > 0
        ? NumberText.count(length.toMinutes(), "minute")
        : NumberText.count(length.toSeconds(), "second");
  }

  /**
   * How long something takes, rounded, such as {@code 40 seconds}, {@code 12 minutes} or {@code 1.5
   * hours}.
   *
   * @param seconds less than a second counts as one
   */
  public static String rounded(double seconds) {
    long whole = Math.max(1, Math.round(seconds));
    if (whole < SECONDS_NAMED) {
      return NumberText.count(whole, "second");
    }
    return whole < MINUTES_NAMED * 60
        ? NumberText.count(Math.round(seconds / 60), "minute")
        : String.format(Locale.ENGLISH, "%,.1f hours", seconds / 3600);
  }
}
