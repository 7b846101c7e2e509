package org.thywill.archive.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.simulation.Seeds;

/**
 * Compares the decoder with Java's own, for all sequences of three bytes and random ones of four.
 */
class Utf8Test {
  private static final int RANDOM = 300_000;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer decoded = CharBuffer.allocate(2);

  @Test
  void everyThreeBytes_areTheCharacterThatJavaReads() {
    for (int first = 0; first < 256; first++) {
      for (int second = 0; second < 256; second++) {
        for (int third = 0; third < 256; third += second < 0x70 ? 51 : 1) {
          requireSame(new byte[] {(byte) first, (byte) second, (byte) third});
        }
      }
    }
  }

  @Test
  void fourBytes_areTheCharacterThatJavaReads() {
    RandomGenerator random = Seeds.random("Utf8Test");
    for (int i = 0; i < RANDOM; i++) {
      byte[] bytes = new byte[4];
      random.nextBytes(bytes);
      bytes[0] = (byte) (0xee + random.nextInt(10));
      for (int n = 1; n < 4; n++) {
        bytes[n] = random.nextInt(20) == 0 ? bytes[n] : (byte) (0x80 | bytes[n] & 0x3f);
      }
      requireSame(bytes);
    }
  }

  @Test
  void aCharacterThatIsCutOff_isNone() {
    for (String text : new String[] {"é", "€", "🙏"}) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int to = 1; to < bytes.length; to++) {
        assertThat(Utf8.width(bytes, 0, to)).isZero();
      }
    }
  }

  private void requireSame(byte[] bytes) {
    int width = Utf8.width(bytes, 0, bytes.length);
    for (int length = 1; length <= bytes.length; length++) {
      boolean whole = isOneCharacter(bytes, length);
      if (whole != (length == width)
          || whole && Character.codePointAt(decoded, 0) != Utf8.codePoint(bytes, 0, width)) {
        assertThat(Arrays.toString(bytes)).as("width " + width + " of these bytes").isEmpty();
      }
      if (whole) {
        return; // what is longer is this character and another
      }
    }
  }

  private boolean isOneCharacter(byte[] bytes, int length) {
    decoded.clear();
    CoderResult result = decoder.reset().decode(ByteBuffer.wrap(bytes, 0, length), decoded, true);
    boolean whole = result.isUnderflow();
    decoded.flip();
    return whole;
  }
}
