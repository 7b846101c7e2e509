package org.thywill.legacy.text.file;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes text that is in UTF-8, in UTF-16 with a byte order mark, or has lines in Windows-1252.
 *
 * <p>The original wrote some files in the encoding of its machine, and editors change encodings. A
 * line that is not valid UTF-8 is Windows-1252 if all its bytes are letters or signs there and none
 * of its letters is valid UTF-8. So two names that differ in one letter stay two names.
 */
final class TextDecoder {
  private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
  private static final int REPLACEMENT = 0xFFFD;
  private static final int REMARKS_MAX = 50;

  private final StringBuilder text = new StringBuilder();
  private final List<EncodingRemark> remarks = new ArrayList<>();
  private long more;

  private TextDecoder() {}

  /** A text, and the lines of it that are not in UTF-8. */
  record Decoded(String text, List<EncodingRemark> remarks) {}

  static Decoded decode(byte[] bytes) {
    if (hasUtf16Mark(bytes)) {
      return decodeUtf16(bytes);
    }
    String whole = strictly(bytes, UTF_8);
    return whole == null ? new TextDecoder().decodeLines(bytes) : new Decoded(whole, List.of());
  }

  private static boolean hasUtf16Mark(byte[] bytes) {
    return bytes.length >= 2
        && (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe
            || bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff);
  }

  private static Decoded decodeUtf16(byte[] bytes) {
    String whole = strictly(bytes, UTF_16);
    if (whole != null) {
      return new Decoded(
          whole, List.of(new EncodingRemark(1, "utf-16", "the whole file was read as UTF-16")));
    }
    return new Decoded(
        new String(bytes, UTF_16),
        List.of(
            new EncodingRemark(1, "not-utf8", "damaged UTF-16; what is no letter became U+FFFD")));
  }

  /** Decodes each line by itself; lines end with a line feed. */
  private Decoded decodeLines(byte[] bytes) {
    long line = 1;
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        add(Arrays.copyOfRange(bytes, from, i + 1), line++);
        from = i + 1;
      }
    }
    add(Arrays.copyOfRange(bytes, from, bytes.length), line);
    if (more > 0) {
      remarks.add(
          new EncodingRemark(
              line, "not-utf8", more + " further lines of the file are not in UTF-8 either"));
    }
    return new Decoded(text.toString(), List.copyOf(remarks));
  }

  private void add(byte[] bytes, long line) {
    String valid = strictly(bytes, UTF_8);
    if (valid != null) {
      text.append(valid);
    } else if (isWindows1252(bytes)) {
      text.append(new String(bytes, WINDOWS_1252));
      remark(
          new EncodingRemark(
              line, "windows-1252", "read as Windows-1252, because it is not valid UTF-8"));
    } else {
      text.append(new String(bytes, UTF_8));
      remark(
          new EncodingRemark(
              line,
              "not-utf8",
              "neither UTF-8 nor Windows-1252; bytes that are no text became U+FFFD"));
    }
  }

  private void remark(EncodingRemark remark) {
    if (remarks.size() < REMARKS_MAX) {
      remarks.add(remark);
    } else {
      more++;
    }
  }

  private static boolean isWindows1252(byte[] bytes) {
    for (byte each : bytes) {
      int value = each & 0xff;
      boolean isControl = value < ' ' && value != '\t' && value != '\r' && value != '\n';
      boolean isUnassigned =
          switch (value) {
            case 0x7f, 0x81, 0x8d, 0x8f, 0x90, 0x9d -> true;
            default -> false;
          };
      if (isControl || isUnassigned) {
        return false;
      }
    }
    return new String(bytes, UTF_8)
        .chars()
        .allMatch(letter -> letter < 0x80 || letter == REPLACEMENT);
  }

  /** The text in an encoding; null if a byte does not fit. */
  private static @Nullable String strictly(byte[] bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
