package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {
  @Test
  void everyDayOfTheCalendar_isReadAndWritten_andNoOther() {
    for (int year :
        new int[] {
          1, 4, 100, 400, 1582, 1600, 1700, 1899, 1900, 1969, 1970, 2000, 2023, 2024, 2038, 2100,
          2400, 9999
        }) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = "%04d-%02d-%02dT23:59:59.999999Z".formatted(year, month, day);
          Instant expected = instant(year, month, day);
          if (expected == null) {
            assertThatThrownBy(() -> Timestamps.parse(text))
                .as(text)
                .isInstanceOf(IllegalArgumentException.class);
          } else {
            assertThat(Timestamps.instant(Timestamps.parse(text))).isEqualTo(expected);
            assertThat(Timestamps.format(Timestamps.parse(text))).isEqualTo(text);
          }
        }
      }
    }
  }

  @Test
  void anyByteChanged_isReadOnlyIfTheTextIsAnotherTimestamp() {
    Pattern shape =
        Pattern.compile(
            "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{6}Z");
    byte[] original = "2024-01-15T10:30:45.123456Z".getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < original.length; i++) {
      for (int b = 0; b < 256; b++) {
        byte[] changed = original.clone();
        changed[i] = (byte) b;
        String text = new String(changed, StandardCharsets.ISO_8859_1);
        if (shape.matcher(text).matches()) {
          assertThat(Timestamps.format(Timestamps.parse(changed, 0, changed.length)))
              .isEqualTo(text);
        } else {
          assertThatThrownBy(() -> Timestamps.parse(changed, 0, changed.length))
              .as(text)
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
    }
  }

  @Test
  void endsOfTheRange_comeBack() {
    for (long micros :
        new long[] {Timestamps.EARLIEST, -1, 0, 1, 951_782_400_000_000L, Timestamps.LATEST}) {
      assertThat(Timestamps.parse(Timestamps.format(micros))).isEqualTo(micros);
    }
    assertThat(Timestamps.format(0)).isEqualTo("1970-01-01T00:00:00.000000Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2023-02-29T00:00:00.000000Z",
        "2024-13-01T00:00:00.000000Z",
        "2024-01-01T24:00:00.000000Z",
        "2024-01-01T00:00:00Z",
        "0000-01-01T00:00:00.000000Z",
        ""
      })
  void malformedTimestamp_isRefused(String text) {
    assertThatThrownBy(() -> Timestamps.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private static @Nullable Instant instant(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day)
          .atTime(23, 59, 59, 999_999_000)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
