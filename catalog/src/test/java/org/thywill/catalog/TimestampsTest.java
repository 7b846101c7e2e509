package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimestampsTest {
  @Test
  void everyDayOfTheCalendar_isReadAndSpelled_andNoOther() {
    for (int year : new int[] {1, 4, 100, 400, 1582, 1600, 1700, 1899, 1900, 1969, 1970, 2000, 2023, 2024, 2038, 2100, 2400, 9999}) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = "%04d-%02d-%02dT23:59:59.999999Z".formatted(year, month, day);
          Instant expected = instant(year, month, day);
          if (expected == null) {
            assertThatThrownBy(() -> Timestamps.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
          } else {
            assertThat(Timestamps.instant(Timestamps.parse(text))).isEqualTo(expected);
            assertThat(Timestamps.format(Timestamps.parse(text))).isEqualTo(text);
          }
        }
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Instant instant(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).atTime(23, 59, 59, 999_999_000).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
