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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * A time as a file states it, without a zone.
 *
 * <p>It is either long and to the minute, as {@code March 07 2025 at 05:09}, or ISO, as {@code
 * 2025-03-07T05:09:41.120034}.
 *
 * @param isExact whether it has its seconds
 */
public record LocalTimestamp(LocalDateTime time, boolean isExact) {
  /** The pattern of a long time; the groups are month, day, year, hour, minute. */
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

  /** Reads a long time; null if the text is none. */
  static @Nullable LocalTimestamp ofMinute(String text) {
    Matcher found = LONG_SHAPE.matcher(text);
    return found.matches() ? of(found, 1) : null;
  }

  /** The time of five groups of a match; null if there is no such day or minute. */
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
   * Reads an ISO time, with a blank or a {@code T}; a time with a zone is converted to UTC.
   *
   * @return null if the text is no such time
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

  /**
   * What is to be said of a time for which the clocks of a zone were changed: it was twice, or
   * never. Empty for one that was once.
   */
  public Optional<Assertion.Remark> clockChange(ZoneId zone, SourceLocation location) {
    int moments = zone.getRules().getValidOffsets(time).size();
    if (moments == 1) {
      return Optional.empty();
    }
    String shown = time.truncatedTo(ChronoUnit.MINUTES).toString().replace('T', ' ');
    return Optional.of(
        new Assertion.Remark(
            moments == 0 ? "hour-never" : "hour-twice",
            true,
            location,
            moments == 0
                ? shown
                    + " never was in "
                    + zone
                    + ", whose clocks were put forward over it; "
                    + toUtc(zone).column()
                    + " UTC is taken"
                : shown
                    + " was twice in "
                    + zone
                    + ", whose clocks were put back over it; the"
                    + " first time, "
                    + toUtc(zone).column()
                    + " UTC, is taken"));
  }

  /** Converts a time of a zone to UTC. */
  public LocalTimestamp toUtc(ZoneId zone) {
    return zone.equals(ZoneOffset.UTC)
        ? this
        : new LocalTimestamp(
            time.atZone(zone).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime(), isExact);
  }

  /** The spelling of a column of the original. */
  public String column() {
    return COLUMN.format(time);
  }

  /** The spelling of the attribute {@code answer_date}. */
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
