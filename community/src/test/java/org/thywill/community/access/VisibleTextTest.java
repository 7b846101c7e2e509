package org.thywill.community.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \t\r\n",
        "\u00A0\u2003\u3000",
        "\u2800",
        "\u115F\u1160\u3164\uFFA0",
        "\u0301",
        "\u20DD",
        "\u200B\u200C\u200D\u2060\uFEFF",
        "\u202E\u2066",
        "\u00AD\u034F\u180E",
        "\uFE0F",
        "\uDB40\uDC41",
        "\uDB40\uDD00",
        "\uD834\uDD59",
        "\0\u001B"
      })
  void isIn_nothingToSee_isFalse(String text) {
    assertThat(VisibleText.isIn(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", " .", "7", "🙏", "🕊\uFE0F", "e\u0301", "안", "ᄒ", "क\u0940", "\u2801", "†"})
  void isIn_anythingToSee_isTrue(String text) {
    assertThat(VisibleText.isIn(text)).isTrue();
  }
}
