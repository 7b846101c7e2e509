package org.thywill.catalog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;

/**
 * Instants as microseconds since 1970 in UTC, and their text form.
 *
 * <p>The only text form is {@code 2024-01-15T10:30:00.000000Z}: 27 characters, which sort as the
 * instants do.
 */
public final class Timestamps {
  public static final int LENGTH = 27;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final byte[] SHAPE =
      "0000-00-00T00:00:00.000000Z".getBytes(StandardCharsets.ISO_8859_1);
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int[] OFFSETS = {0, 8, 16, LENGTH - 8};
  private static final long[] SHAPES = shapes();
  private static final long[] BETWEEN = between();
  private static final long HIGH_BITS = 0x8080808080808080L;

  /** Added to a byte, it sets the highest bit of 10 and more, but not of 9. */
  private static final long TO_HIGH_BIT = 0x7676767676767676L;

  /** 0001-01-01T00:00:00.000000Z. */
  public static final long EARLIEST = LocalDate.of(1, 1, 1).toEpochDay() * MICROS_PER_DAY;

  /** 9999-12-31T23:59:59.999999Z. */
  public static final long LATEST =
      (LocalDate.of(9999, 12, 31).toEpochDay() + 1) * MICROS_PER_DAY - 1;

  private Timestamps() {}

  /** Whether an instant is in the years 0001 to 9999. */
  public static boolean isInRange(long micros) {
    return micros >= EARLIEST && micros <= LATEST;
  }

  /** Microseconds since 1970, rounded down. */
  public static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND), instant.getNano() / 1_000);
  }

  /** The instant of microseconds since 1970. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  /** The month in which an instant lies, in UTC. */
  public static YearMonth month(long micros) {
    return YearMonth.from(LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY)));
  }

  /**
   * The text form of an instant.
   *
   * @throws IllegalArgumentException if it is not {@linkplain #isInRange in range}
   */
  public static String format(long micros) {
    byte[] out = new byte[LENGTH];
    write(micros, out, 0);
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes the 27 characters of the text form at an offset.
   *
   * @throws IllegalArgumentException if the instant is not {@linkplain #isInRange in range}
   */
  public static void write(long micros, byte[] out, int at) {
    if (!isInRange(micros)) {
      throw new IllegalArgumentException(
          "outside the years 0001 to 9999: " + micros + " microseconds");
    }
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
    long rest = Math.floorMod(micros, MICROS_PER_DAY);
    int second = (int) (rest / MICROS_PER_SECOND);
    digits(out, at, 4, date.getYear());
    out[at + 4] = '-';
    digits(out, at + 5, 2, date.getMonthValue());
    out[at + 7] = '-';
    digits(out, at + 8, 2, date.getDayOfMonth());
    out[at + 10] = 'T';
    digits(out, at + 11, 2, second / 3600);
    out[at + 13] = ':';
    digits(out, at + 14, 2, second / 60 % 60);
    out[at + 16] = ':';
    digits(out, at + 17, 2, second % 60);
    out[at + 19] = '.';
    digits(out, at + 20, 6, (int) (rest % MICROS_PER_SECOND));
    out[at + 26] = 'Z';
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException for any other text, and for a date that is not in the calendar
   */
  public static long parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return parse(bytes, 0, bytes.length);
  }

  /**
   * Reads the text form from bytes; as {@link #parse(String)}.
   *
   * <p>Every line of an archive has two or three times, so eight bytes are read at once. After an
   * exclusive or with the shape each digit is its value, and all other bytes are 0.
   */
  public static long parse(byte[] in, int from, int length) {
    if (length != LENGTH) {
      throw malformed();
    }
    long yearMonth = (long) EIGHT.get(in, from) ^ SHAPES[0];
    long dayMinute = (long) EIGHT.get(in, from + 8) ^ SHAPES[1];
    long secondFraction = (long) EIGHT.get(in, from + 16) ^ SHAPES[2];
    long fraction = (long) EIGHT.get(in, from + LENGTH - 8) ^ SHAPES[3];
    if (isMalformed(yearMonth, BETWEEN[0])
        || isMalformed(dayMinute, BETWEEN[1])
        || isMalformed(secondFraction, BETWEEN[2])
        || isMalformed(fraction, BETWEEN[3])) {
      throw malformed();
    }
    int year = two(yearMonth, 0) * 100 + two(yearMonth, 2);
    int month = two(yearMonth, 5);
    int day = two(dayMinute, 0);
    int hour = two(dayMinute, 3);
    int minute = two(dayMinute, 6);
    int second = two(secondFraction, 1);
    if (year < 1
        || month < 1
        || month > 12
        || day < 1
        || day > 28 && day > daysOf(year, month)
        || hour > 23
        || minute > 59
        || second > 59) {
      throw malformed();
    }
    return epochDay(year, month, day) * MICROS_PER_DAY
        + (hour * 3600L + minute * 60L + second) * MICROS_PER_SECOND
        + two(fraction, 1) * 10_000L
        + two(fraction, 3) * 100L
        + two(fraction, 5);
  }

  /** Whether one of eight bytes is no digit where one is expected, or not 0 elsewhere. */
  private static boolean isMalformed(long eight, long between) {
    return ((eight + TO_HIGH_BIT | eight) & HIGH_BITS & ~between | eight & between) != 0;
  }

  /** The number of two digits, the first of which is at an offset. */
  private static int two(long eight, int offset) {
    return (int) (eight >>> offset * 8 & 15) * 10 + (int) (eight >>> offset * 8 + 8 & 15);
  }

  /** Eight bytes of the shape from each of the four offsets. */
  private static long[] shapes() {
    return Arrays.stream(OFFSETS).mapToLong(offset -> (long) EIGHT.get(SHAPE, offset)).toArray();
  }

  /** For each of the four offsets, all bits of the bytes that are no digits. */
  private static long[] between() {
    return Arrays.stream(OFFSETS)
        .mapToLong(
            offset -> {
              long between = 0;
              for (int i = 0; i < 8; i++) {
                between |= SHAPE[offset + i] == '0' ? 0 : 0xffL << i * 8;
              }
              return between;
            })
        .toArray();
  }

  private static int daysOf(int year, int month) {
    return switch (month) {
      case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /**
   * Days since 1970 in the proleptic Gregorian calendar, by counting years from March so that leap
   * days come last.
   */
  private static long epochDay(int year, int month, int day) {
    long y = month <= 2 ? year - 1L : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  private static void digits(byte[] out, int at, int count, int number) {
    for (int i = count - 1; i >= 0; i--, number /= 10) {
      out[at + i] = (byte) ('0' + number % 10);
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException("expected a time such as 2024-01-15T10:30:00.000000Z");
  }
}
