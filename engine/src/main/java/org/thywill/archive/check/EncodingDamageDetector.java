package org.thywill.archive.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.LineReader;

/** Recognizes in a damaged file what mail programs, editors and sync tools do to text. */
final class EncodingDamageDetector {
  private long lines;
  private long carriageReturns;
  private long blank;
  private long blankAtEnd;
  private long zeros;
  private long tooLong;
  private long notUtf8;
  private long beyondAscii;
  private boolean marked;
  private boolean terminated = true;
  private boolean sorted = true;
  private byte[] before = {};

  private EncodingDamageDetector() {}

  /** What was done to a file, in words; empty if its bytes do not show it. */
  static String of(Disk disk, String file) throws IOException {
    EncodingDamageDetector seen = new EncodingDamageDetector();
    try (LineReader in = new LineReader(disk.read(file, 0), 0, 0)) {
      while (in.next()) {
        seen.line(in);
      }
    } catch (NoSuchFileException e) {
      return "";
    }
    return seen.description();
  }

  private void line(LineReader in) {
    if (in.isTooLong()) {
      tooLong++;
      terminated = true;
      return;
    }
    byte[] line = Arrays.copyOfRange(in.bytes(), in.from(), in.to());
    marked |=
        in.number() == 1
            && line.length >= 3
            && line[0] == (byte) 0xEF
            && line[1] == (byte) 0xBB
            && line[2] == (byte) 0xBF;
    lines++;
    terminated = in.isTerminated();
    carriageReturns += line.length > 0 && line[line.length - 1] == '\r' ? 1 : 0;
    boolean isBlank = line.length == 0 || line.length == 1 && line[0] == '\r';
    blank += isBlank ? 1 : 0;
    blankAtEnd = isBlank ? blankAtEnd + 1 : 0;
    count(line);
    sorted &= Arrays.compareUnsigned(before, line) <= 0;
    before = line;
  }

  private void count(byte[] line) {
    boolean ascii = true;
    for (byte b : line) {
      zeros += b == 0 ? 1 : 0;
      ascii &= b >= 0;
    }
    if (!ascii) {
      beyondAscii++;
      String text = new String(line, StandardCharsets.UTF_8);
      notUtf8 += Arrays.equals(text.getBytes(StandardCharsets.UTF_8), line) ? 0 : 1;
    }
  }

  private String description() {
    List<String> traits = new ArrayList<>();
    if (tooLong > 0) {
      traits.add("it holds something without line feeds that is longer than any line");
    }
    if (lines == 0 && tooLong == 0) {
      traits.add("it is empty");
    }
    if (marked) {
      traits.add("it begins with a byte-order mark");
    }
    if (carriageReturns > 0 && carriageReturns >= lines / 2) {
      traits.add("its lines end in CR LF instead of LF");
    }
    if (!terminated) {
      traits.add("its last line has lost its line feed, or its end");
    }
    if (blankAtEnd > 0) {
      traits.add("it has blank lines at its end");
    }
    if (zeros > 0) {
      traits.add("it holds " + zeros + " zero bytes");
    }
    if (notUtf8 > 1 && notUtf8 == beyondAscii) {
      traits.add("it has been written again in another encoding than UTF-8");
    }
    if (sorted && lines > 2 && blank == 0) {
      traits.add("its lines have been sorted");
    }
    return String.join(", and ", traits);
  }
}
