package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.thywill.catalog.Timestamps;
import org.thywill.legacy.schema.LegacyTime;
import org.thywill.legacy.schema.PermissionList;

/** Times and permissions in the spelling of the original. */
class SpellingTest {
  @Test
  void time_inAllSpellingsOfTheOriginal_isRead() {
    assertThat(read("2024-01-15 10:30:00.120000")).isEqualTo("2024-01-15T10:30:00.120Z");
    assertThat(read("2024-01-15 10:30:00")).isEqualTo("2024-01-15T10:30:00Z");
    assertThat(read("2024-01-15T10:30:00.5")).isEqualTo("2024-01-15T10:30:00.500Z");
    assertThat(read("2024-01-15T10:30:00.123456789Z")).isEqualTo("2024-01-15T10:30:00.123456Z");
    assertThat(read("2024-01-15 10:30:00+02:00")).isEqualTo("2024-01-15T08:30:00Z");
  }

  @Test
  void time_thatTheCalendarDoesNotHave_isNone() {
    for (String wrong :
        List.of(
            "",
            "2024-02-30 00:00:00",
            "2024-01-15 24:00:00",
            "0000-01-01 00:00:00",
            "0001-01-01 00:00:00+01:00",
            "2024-01-15 10:30",
            "2024-01-15 10:30:00.",
            "2024-01-15 10:30:00.000000\n",
            "January 05 2025 at 10:00")) {
      assertThat(LegacyTime.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void time_written_isAsTheOriginalWritesIt() {
    assertThat(LegacyTime.format(Timestamps.micros(Instant.parse("2024-01-15T10:30:00Z"))))
        .isEqualTo("2024-01-15 10:30:00.000000");
  }

  @Test
  void permissions_asPythonWritesThem_comeBackTheSame() {
    for (String json :
        List.of(
            "[]",
            "[\"*\"]",
            "[\"*\", \"admin.users\"]",
            "[\"\\u00e9\\ud83d\\ude4f\", \"\\\"\\\\\\n/\\u007f\"]",
            "[\"\", \"a\"]")) {
      assertThat(PermissionList.commas(json).map(PermissionList::json)).as(json).contains(json);
    }
    assertThat(PermissionList.commas(" [ \"a\" ,\"b\" ] ")).contains("a,b");
  }

  @Test
  void permissions_thatAreNoListOfTexts_areNone() {
    for (String wrong :
        List.of(
            "",
            "[",
            "[\"a\"",
            "[\"a\",]",
            "[1]",
            "{}",
            "null",
            "[\"a,b\"]",
            "[\"\\ud800\"]",
            "[\"a\"] x",
            "[\"\\x\"]",
            "[\"\\u12\"]")) {
      assertThat(PermissionList.commas(wrong)).as(wrong).isEmpty();
    }
  }

  private static String read(String text) {
    OptionalLong micros = LegacyTime.parse(text);
    return micros.isEmpty() ? "none" : Timestamps.instant(micros.getAsLong()).toString();
  }
}
