package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
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
}
