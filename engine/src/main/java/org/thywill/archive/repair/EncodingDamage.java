package org.thywill.archive.repair;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Undoes what mail programs, editors and sync tools do to a whole text file: other line ends, a
 * byte-order mark, another encoding. Whether the outcome is what was written is for its checks to
 * say; here nothing is judged. Sorted, doubled and blank lines need no undoing: each line has its
 * number.
 */
final class EncodingDamage {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private EncodingDamage() {}

  /**
   * What a file may have been before, each different from what it is; empty if it looks like no
   * mangling that is known.
   */
  static List<byte[]> undo(byte[] bytes) {
    List<byte[]> before = new ArrayList<>();
    List<byte[]> decoded = new ArrayList<>(List.of(bytes));
    if (startsWith(bytes, 0xFF, 0xFE)) {
      recoded(bytes, StandardCharsets.UTF_16LE, StandardCharsets.UTF_8).ifPresent(decoded::add);
    } else if (startsWith(bytes, 0xFE, 0xFF)) {
      recoded(bytes, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8).ifPresent(decoded::add);
    }
    for (Charset charset : List.of(StandardCharsets.ISO_8859_1, WINDOWS)) {
      recoded(bytes, charset, StandardCharsets.UTF_8).ifPresent(decoded::add); // written as Latin-1
      recoded(bytes, StandardCharsets.UTF_8, charset)
          .ifPresent(decoded::add); // read as Latin-1 and written as UTF-8
    }
    for (byte[] each : decoded) {
      byte[] plain = withPlainLineEnds(each);
      if (!Arrays.equals(plain, bytes)
          && before.stream().noneMatch(known -> Arrays.equals(known, plain))) {
        before.add(plain);
      }
    }
    return before;
  }

  private static Optional<byte[]> recoded(byte[] bytes, Charset from, Charset to) {
    try {
      CharBuffer text =
          from.newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes));
      ByteBuffer encoded =
          to.newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(text);
      byte[] recoded = new byte[encoded.remaining()];
      encoded.get(recoded);
      return Optional.of(recoded);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * Without a byte-order mark, with line feeds alone (no file of an archive holds a raw carriage
   * return), and with one at the end.
   */
  private static byte[] withPlainLineEnds(byte[] bytes) {
    int from = startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0;
    byte[] plain = new byte[bytes.length - from + 1];
    int length = 0;
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != '\r') {
        plain[length++] = bytes[i];
      } else if (i + 1 == bytes.length || bytes[i + 1] != '\n') {
        plain[length++] = '\n';
      }
    }
    while (length > 1 && plain[length - 1] == '\n' && plain[length - 2] == '\n') {
      length--;
    }
    if (length > 0 && plain[length - 1] != '\n') {
      plain[length++] = '\n';
    }
    return Arrays.copyOf(plain, length);
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    if (bytes.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
