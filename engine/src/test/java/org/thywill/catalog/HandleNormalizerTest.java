package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandleNormalizerTest {
  @ParameterizedTest
  @CsvSource({
    "Mary Johnson, mary_johnson",
    "'  MARY   johnson ', mary_johnson",
    "Ｍａｒｙ Johnson, mary_johnson",
    "Jean-Luc, jean_luc",
    "Siobhán O'Rourke, siobhán_o_rourke",
    "Νικόλαος, νικόλαοσ",
    "ΝΙΚΌΛΑΟΣ, νικόλαοσ",
    "STRAẞE, strasse",
    "김하은, 김하은"
  })
  void canonical_ofNamesThatReadAlike_isTheSame(String name, String handle) {
    assertThat(HandleNormalizer.canonical(name)).isEqualTo(handle);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Νικόλαος",
        "STRAẞE",
        "İstanbul",
        "ﬁnn",
        "Ǆamal",
        "मीरा",
        "مريم الخوراني",
        "ŉ",
        "ΐ"
      })
  void canonical_ofACanonicalName_isItself(String name) {
    assertThat(HandleNormalizer.canonical(HandleNormalizer.canonical(name)))
        .isEqualTo(HandleNormalizer.canonical(name));
  }

  @Test
  void derive_takenReservedOrNameless_getsANumber() {
    assertThat(HandleNormalizer.derive("Mary", Set.of("mary")::contains)).isEqualTo("mary_2");
    assertThat(HandleNormalizer.derive("Mary", Set.of("mary", "mary_2")::contains))
        .isEqualTo("mary_3");
    assertThat(HandleNormalizer.derive("System", handle -> false)).isEqualTo("system_2");
    assertThat(HandleNormalizer.derive("?!", Set.of("member_1")::contains)).isEqualTo("member_2");
  }

  @Test
  void timestamps_atTheEndsOfTheirRange_comeBack() {
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
  void timestamps_thatAreNone_areRefused(String text) {
    Assertions.assertThatThrownBy(() -> Timestamps.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
