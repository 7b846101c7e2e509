package org.thywill.archive.check;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.LineReader;

/**
 * Compares the header of a log or a journal file with the one that it must have.
 *
 * <p>The reader then goes on after the header, even if it is damaged.
 */
final class HeaderChecker {
  private final byte[] expected;
  private final String file;
  private @Nullable Finding finding;

  HeaderChecker(byte[] expected, String file) {
    this.expected = expected;
    this.file = file;
  }

  /** What is wrong with the header; empty if it is sound. */
  Optional<Finding> finding() {
    return Optional.ofNullable(finding);
  }

  /** Reads the header, goes to the line after it, and returns whether there is one. */
  boolean read(LineReader in) throws IOException {
    int at = 0;
    boolean more = in.next();
    for (int i = 0; more && i < Header.LINES; i++) {
      int end = indexOfNewline(at);
      boolean same =
          in.isTerminated() && Arrays.equals(in.bytes(), in.from(), in.to(), expected, at, end);
      if (!same) {
        note(in.number(), "is not line " + (i + 1) + " of the header that this file must have");
        if (!isHeaderLike(in)) {
          return true;
        }
      }
      at = end + 1;
      more = in.next();
    }
    if (at < expected.length) {
      note(in.number() + 1, "the file ends within its header");
    }
    return more;
  }

  private void note(long line, String message) {
    if (finding == null) {
      finding = Finding.error("header-damaged", file, line, message);
    }
  }

  /** Whether a line looks like one of a header, possibly after a byte-order mark. */
  private static boolean isHeaderLike(LineReader in) {
    int from = in.from();
    boolean marked =
        in.to() - from >= 3
            && in.bytes()[from] == (byte) 0xEF
            && in.bytes()[from + 1] == (byte) 0xBB
            && in.bytes()[from + 2] == (byte) 0xBF;
    from += marked ? 3 : 0;
    return from < in.to() && in.bytes()[from] == '#';
  }

  private int indexOfNewline(int from) {
    int end = from;
    while (expected[end] != '\n') {
      end++;
    }
    return end;
  }
}
