package org.thywill.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostileTextTest {
  @Test
  void everyText_isWellFormedAndOfLimitedLength() {
    HostileText texts = new HostileText(Seeds.random("HostileTextTest"));

    Stream.concat(HostileText.CORPUS.stream(), Stream.generate(texts::next).limit(20_000))
        .forEach(
            text -> {
              assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
              assertThat(text).hasSizeLessThanOrEqualTo(5_000);
            });
  }

  @Test
  void texts_haveEveryControlCharacterAndTheEdgesOfUnicode() {
    HostileText texts = new HostileText(Seeds.random(1));
    BitSet seen = new BitSet();
    Stream.generate(texts::next).limit(20_000).flatMapToInt(String::codePoints).forEach(seen::set);

    assertThat(seen.nextClearBit(0)).isGreaterThan(0x9F);
    for (int edge : new int[] {0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF}) {
      assertThat(seen.get(edge)).as(Integer.toHexString(edge)).isTrue();
    }
  }

  @Test
  void sameSeed_sameTexts() {
    HostileText one = new HostileText(Seeds.random(7));
    HostileText two = new HostileText(Seeds.random(7));

    for (int i = 0; i < 1_000; i++) {
      assertThat(one.next()).isEqualTo(two.next());
    }
  }

  @Test
  void corpus_hasNoStringTwice() {
    assertThat(HostileText.CORPUS).doesNotHaveDuplicates().hasSizeGreaterThan(80);
  }
}
