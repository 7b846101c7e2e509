package org.thywill.archive.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thywill.simulation.Seeds;

/** A search of eight bytes at a time finds the same as one byte by byte. */
class ByteSearchTest {
  private static final byte[] TELLING = {
    '|',
    '|' + 1,
    '|' - 1,
    '\\',
    '\n',
    0,
    1,
    0x1f,
    ' ',
    'a',
    0x7e,
    0x7f,
    (byte) 0x80,
    (byte) 0x81,
    (byte) 0xfe,
    (byte) 0xff
  };

  @Test
  void everyByteAtEveryIndex_isFoundThere() {
    for (int length = 0; length < 20; length++) {
      for (int at = 0; at < length; at++) {
        for (int value = -128; value < 128; value++) {
          byte[] bytes = "a".repeat(length).getBytes(StandardCharsets.US_ASCII);
          bytes[at] = (byte) value;
          requireSame(bytes, 0, length);
        }
      }
    }
  }

  @Test
  void randomBytes_givenInPart_areFound() {
    RandomGenerator random = Seeds.random("ByteSearchTest");
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      for (int n = 0; n < bytes.length; n++) {
        bytes[n] = random.nextInt(3) > 0 ? (byte) 'b' : TELLING[random.nextInt(TELLING.length)];
      }
      int from = random.nextInt(bytes.length + 1);
      requireSame(bytes, from, from + random.nextInt(bytes.length - from + 1));
    }
  }

  private static void requireAll(byte[] bytes, int from, int to) {
    for (byte wanted : TELLING) {
      int[] all = IntStream.range(from, to).filter(i -> bytes[i] == wanted).toArray();
      int[] some = new int[3];
      if (ByteSearch.findAll(wanted, bytes, from, to, some) != all.length
          || !Arrays.equals(Arrays.copyOf(all, 3), some)) {
        assertThat(ByteSearch.findAll(wanted, bytes, from, to, some))
            .as(Arrays.toString(bytes))
            .isEqualTo(all.length);
        assertThat(some).as(Arrays.toString(bytes)).isEqualTo(Arrays.copyOf(all, 3));
      }
    }
  }

  private static void requireSame(byte[] bytes, int from, int to) {
    for (byte wanted : TELLING) {
      int place = from;
      while (place < to && bytes[place] != wanted) {
        place++;
      }
      if (ByteSearch.find(wanted, bytes, from, to) != place) {
        assertThat(ByteSearch.find(wanted, bytes, from, to))
            .as(Arrays.toString(bytes))
            .isEqualTo(place);
      }
    }
    requireAll(bytes, from, to);
    int special = from;
    while (special < to
        && bytes[special] >= ' '
        && bytes[special] != '\\'
        && bytes[special] != '|'
        && bytes[special] != 0x7f) {
      special++;
    }
    if (ByteSearch.findSpecial(bytes, from, to) != special) {
      assertThat(ByteSearch.findSpecial(bytes, from, to))
          .as(Arrays.toString(bytes))
          .isEqualTo(special);
    }
  }
}
