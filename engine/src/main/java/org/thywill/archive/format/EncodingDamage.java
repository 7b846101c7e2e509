package org.thywill.archive.format;

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
 * Undoes damage by mail programs, editors and sync tools to a whole text file.
 *
 * <p>Such damage is other line ends, a byte-order mark, or another encoding. The checks in the file
 * decide whether a result is what was written. Sorted, doubled and blank lines need not be undone,
 * because each line has its number.
 */
public final class EncodingDamage {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private EncodingDamage() {}

  /**
   * The contents that a file may have had, each different from the present one; empty if it shows
   * no known damage.
   */
  public static List<byte[]> undo(byte[] bytes) {
    List<byte[]> before = new ArrayList<>();
    List<byte[]> decoded = new ArrayList<>(List.of(bytes));
    if (startsWith(bytes, 0xFF, 0xFE)) {
      recoded(bytes, StandardCharsets.UTF_16LE, StandardCharsets.UTF_8).ifPresent(decoded::add);
    } else if (startsWith(bytes, 0xFE, 0xFF)) {
      recoded(bytes, StandardCharsets.UTF_16BE, StandardCharsets.UTF_8).ifPresent(decoded::add);
    }
    for (Charset charset : List.of(StandardCharsets.ISO_8859_1, WINDOWS)) {
      // Written as Latin-1.
      recoded(bytes, charset, StandardCharsets.UTF_8).ifPresent(decoded::add);
      // Read as Latin-1 and written as UTF-8.
      recoded(bytes, StandardCharsets.UTF_8, charset).ifPresent(decoded::add);
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
   * Removes a byte-order mark, turns all line ends into line feeds (no file of an archive has a raw
   * carriage return), and leaves exactly one at the end.
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
