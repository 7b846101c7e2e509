package org.thywill.web.format;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as people read them. */
public final class TimeText {
  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final int DAYS_NAMED = 30;

  private TimeText() {}

  /** For a title, and for programs that show it in the reader's zone. */
  public static String full(Instant at) {
    return FULL.format(at);
  }

  public static String day(Instant at) {
    return DAY.format(at);
  }

  /** How long ago, in the largest unit that says something; a date where it is long ago. */
  public static String ago(Instant at, Instant now) {
    Duration past = Duration.between(at, now);
    if (past.toMinutes() < 1) {
      return "just now";
    }
    if (past.toHours() < 1) {
      return count(past.toMinutes(), "minute") + " ago";
    }
    if (past.toDays() < 1) {
      return count(past.toHours(), "hour") + " ago";
    }
    return past.toDays() <= DAYS_NAMED ? count(past.toDays(), "day") + " ago" : day(at);
  }

  /** A number with its noun. */
  public static String count(long number, String noun) {
    return number == 1 ? "1 " + noun : number + " " + noun + "s";
  }
}
