package org.thywill.archive.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.simulation.Seeds;

/** Lines of any length are counted, and only those that are short enough are kept. */
class LineReaderTest {
  private static final int LIMIT = LineReader.LINE_BYTES_MAX;

  /** A stream of one byte again and again. */
  private static final class Repeated extends InputStream {
    private final byte what;
    private long left;

    Repeated(char what, long count) {
      this.what = (byte) what;
      this.left = count;
    }

    @Override
    public int read() {
      return left-- > 0 ? what : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      Arrays.fill(bytes, offset, offset + count, what);
      left -= count;
      return count;
    }
  }

  private static InputStream ascii(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static InputStream joined(InputStream... parts) {
    return Arrays.stream(parts).reduce(SequenceInputStream::new).orElseThrow();
  }

  private static String line(LineReader in) {
    return new String(in.bytes(), in.from(), in.to() - in.from(), StandardCharsets.US_ASCII);
  }

  @Test
  void junkOfGigabytes_isOneLineWithoutBytes_andTheArrayStaysSmall() throws IOException {
    long junk = 3L << 30;
    try (LineReader in =
        new LineReader(joined(ascii("a\n"), new Repeated('y', junk), ascii("\nb\n")), 0, 0)) {
      int heldMax = 0;
      assertThat(in.next()).isTrue();
      assertThat(line(in)).isEqualTo("a");
      assertThat(in.next()).isTrue();
      heldMax = Math.max(heldMax, in.bytes().length);
      assertThat(in.isTooLong()).isTrue();
      assertThat(in.isTerminated()).isFalse();
      assertThat(in.to() - in.from()).isZero();
      assertThat(in.offset()).isEqualTo(2);
      assertThat(in.endOffset()).isEqualTo(2 + junk + 1);
      assertThatThrownBy(in::requireWhole)
          .isInstanceOf(MalformedLineException.class)
          .hasMessage(junk + " bytes without a line feed; expected at most " + LIMIT);
      assertThat(in.next()).isTrue();
      assertThat(line(in)).isEqualTo("b");
      assertThat(in.number()).isEqualTo(3);
      assertThat(in.offset()).isEqualTo(2 + junk + 1);
      assertThat(in.next()).isFalse();
      assertThat(heldMax).isLessThanOrEqualTo(LIMIT + (1 << 18));
    }
  }

  @Test
  void lineOfTheLargestLength_isKept_andOneByteMoreIsNot() throws IOException {
    try (LineReader in =
        new LineReader(
            joined(new Repeated('x', LIMIT), ascii("\n"), new Repeated('x', LIMIT + 1L)), 0, 0)) {
      assertThat(in.next()).isTrue();
      assertThat(in.isTerminated()).isTrue();
      assertThat(in.to() - in.from()).isEqualTo(LIMIT);
      assertThat(in.next()).isTrue();
      assertThat(in.isTooLong()).isTrue();
      assertThat(in.endOffset()).isEqualTo(2L * LIMIT + 2);
      assertThat(in.next()).isFalse();
    }
  }

  @Test
  void anyBytes_areSplitAsByHand_withAnyLimit() throws IOException {
    RandomGenerator random = Seeds.random("LineReaderTest");
    for (int run = 0; run < 2_000; run++) {
      StringBuilder text = new StringBuilder();
      while (random.nextInt(12) > 0) {
        int length = random.nextInt(4) == 0 ? random.nextInt(30_000) : random.nextInt(60);
        text.append("z".repeat(length)).append(random.nextInt(8) > 0 ? "\n" : "");
      }
      int limit = 1 + random.nextInt(20_000);
      compare(text.toString(), limit, random);
    }
  }

  private static void compare(String text, int limit, RandomGenerator random) throws IOException {
    InputStream pieces =
        new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(9_000)));
          }
        };
    int from = 0;
    long number = 7;
    try (LineReader in = new LineReader(pieces, 100, number, limit)) {
      while (from < text.length()) {
        int end = text.indexOf('\n', from);
        String expected = text.substring(from, end < 0 ? text.length() : end);
        boolean isKept = expected.length() <= limit;
        assertThat(in.next()).isTrue();
        assertThat(line(in)).isEqualTo(isKept ? expected : "");
        assertThat(in.isTooLong()).isEqualTo(!isKept);
        assertThat(in.isTerminated()).isEqualTo(isKept && end >= 0);
        assertThat(in.number()).isEqualTo(++number);
        assertThat(in.offset()).isEqualTo(100 + from);
        from = end < 0 ? text.length() : end + 1;
        assertThat(in.endOffset()).isEqualTo(100 + from);
      }
      assertThat(in.next()).isFalse();
      assertThat(in.endOffset()).isEqualTo(100 + text.length());
      assertThat(in.number()).isEqualTo(number);
    }
  }
}
