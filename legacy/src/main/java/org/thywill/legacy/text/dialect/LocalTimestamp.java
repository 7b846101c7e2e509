package org.thywill.legacy.text.dialect;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A moment as a file states it, without a zone: {@code March 07 2025 at 05:09}, cut to the minute,
 * or {@code 2025-03-07T05:09:41.120034}.
 *
 * @param isExact whether it has its seconds
 */
public record LocalTimestamp(LocalDateTime time, boolean isExact) {
  /** What a long stamp looks like; the groups are month, day, year, hour, minute. */
  static final String LONG = "([A-Z][a-z]{2,8}) (\\d{1,2}) (\\d{4}) at (\\d\\d):(\\d\\d)";

  private static final Pattern LONG_SHAPE = Pattern.compile(LONG);
  private static final Pattern ISO_SHAPE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,9})?)?(Z|[+-]\\d\\d:?\\d\\d)?");
  private static final DateTimeFormatter COLUMN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final List<String> MONTHS =
      List.of(
          "January",
          "February",
          "March",
          "April",
          "May",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");

  /** Reads a long stamp; null if the text is none. */
  static @Nullable LocalTimestamp ofMinute(String text) {
    Matcher found = LONG_SHAPE.matcher(text);
    return found.matches() ? of(found, 1) : null;
  }

  /** The stamp of five groups of a match, or null if there is no such day or minute. */
  static @Nullable LocalTimestamp of(Matcher found, int group) {
    return of(
        found.group(group),
        number(found, group + 1),
        number(found, group + 2),
        number(found, group + 3),
        number(found, group + 4));
  }

  static @Nullable LocalTimestamp of(String month, int day, int year, int hour, int minute) {
    int number = MONTHS.indexOf(month) + 1;
    try {
      return number == 0
          ? null
          : new LocalTimestamp(LocalDateTime.of(year, number, day, hour, minute), false);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /**
   * Reads an ISO stamp, with a blank or a {@code T}; one with a zone is taken to UTC. Null if the
   * text is none.
   */
  public static @Nullable LocalTimestamp ofIso(String text) {
    Matcher found = ISO_SHAPE.matcher(text);
    if (!found.matches()) {
      return null;
    }
    try {
      String iso = text.replace(' ', 'T');
      String zone = found.group(3);
      boolean isExact = found.group(1) != null;
      if (zone == null) {
        return micros(LocalDateTime.parse(iso), isExact);
      }
      String colon =
          zone.length() == 5
              ? iso.substring(0, iso.length() - 2) + ":" + iso.substring(iso.length() - 2)
              : iso;
      return micros(
          OffsetDateTime.parse(colon).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime(),
          isExact);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The same moment on a clock that shows UTC, if this one was read from a clock of the zone. */
  public LocalTimestamp toUtc(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC)
        ? this
        : new LocalTimestamp(
            time.atZone(zone).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime(), isExact);
  }

  /** As a column of the original holds it. */
  public String column() {
    return COLUMN.format(time);
  }

  /** As the value of the attribute {@code answer_date} holds it. */
  String isoValue() {
    return column().replace(' ', 'T');
  }

  /** Minutes since 1970. */
  public long minute() {
    return Math.floorDiv(time.toEpochSecond(ZoneOffset.UTC), 60);
  }

  private static LocalTimestamp micros(LocalDateTime time, boolean isExact) {
    return new LocalTimestamp(time.truncatedTo(ChronoUnit.MICROS), isExact);
  }

  private static int number(Matcher found, int group) {
    return Integer.parseInt(found.group(group));
  }
}
