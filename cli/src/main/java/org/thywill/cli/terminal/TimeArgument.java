package org.thywill.cli.terminal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.thywill.catalog.Timestamps;
import org.thywill.view.rebuild.PointInTime;

/**
 * Reads times from the command line.
 *
 * <p>A time is {@code 2024-01-15T10:30:00Z}, or one with an offset. A day is its end in UTC. A time
 * of the day without a zone is refused, since it decides what is read.
 */
public final class TimeArgument {
  private TimeArgument() {}

  /** Thrown for a time of the day without a zone. */
  private static final class MissingZoneException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MissingZoneException(String message) {
      super(message);
    }
  }

  /**
   * Reads a time.
   *
   * @throws IllegalArgumentException if the text is no time, or lacks a zone
   */
  static Instant parse(String text) {
    try {
      if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return LocalDate.parse(text)
            .plusDays(1)
            .atStartOfDay()
            .toInstant(ZoneOffset.UTC)
            .minusNanos(1_000);
      }
      String iso = text.replace(' ', 'T');
      if (iso.matches(".*(Z|[+-]\\d{2}:\\d{2})$")) {
        return OffsetDateTime.parse(iso).toInstant();
      }
      LocalDateTime local = LocalDateTime.parse(iso);
      throw new MissingZoneException(
          text
              + " has no zone; write "
              + local
              + "Z for UTC, or an offset such as "
              + local
              + "+02:00");
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("not a time: " + text, e);
    }
  }

  /**
   * Reads a time or the number of a change.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static PointInTime until(String text) {
    try {
      return text.matches("\\d+")
          ? PointInTime.seq(Long.parseLong(text))
          : PointInTime.time(Timestamps.micros(parse(text)));
    } catch (MissingZoneException e) {
      throw e;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "expected a change such as 1200 or a time such as 2024-01-15T10:30:00Z, found " + text,
          e);
    }
  }
}
