package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Escapes any text so that it fits into one field of a line, and back (FORMAT.md, Escapes).
 *
 * <pre>
 *   \\  backslash      \p  pipe      \n  line feed      \r  carriage return      \t  tab
 *   \N  as the whole field: no value (null)
 *   &#92;u{2028}  any other character that an editor hides, reorders, or breaks lines at
 * </pre>
 *
 * <p>Each text has exactly one escaped form: a character that need not be escaped must not be.
 */
public final class FieldEscaping {
  /** The field of a missing value. */
  public static final String NULL = "\\N";

  private FieldEscaping() {}

  /** The escaped form of a text. */
  public static String escape(String text) {
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16).append(text, 0, i);
    while (i < text.length()) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '|' -> out.append("\\p");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (isHidden(c)) {
            out.append("\\u{").append(Integer.toHexString(c)).append('}');
          } else {
            out.appendCodePoint(c);
          }
        }
      }
    }
    return out.toString();
  }

  /** How many bytes the escaped form of a text has in UTF-8. The form itself is not made. */
  public static long escapedBytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      bytes += isPlain((char) c) && c < 0x7f ? 1 : escapedBytes(c);
    }
    return bytes;
  }

  private static int escapedBytes(int c) {
    if (c == '\\' || c == '|' || c == '\n' || c == '\r' || c == '\t') {
      return 2;
    }
    return isHidden(c)
        ? "\\u{}".length() + Integer.toHexString(c).length()
        : Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * The text of a field that is not {@link #NULL}.
   *
   * @throws MalformedLineException if the bytes are not the one escaped form of a text
   */
  static String text(byte[] bytes, int from, int to) throws MalformedLineException {
    return from == to ? "" : new String(unescape(bytes, from, to), StandardCharsets.UTF_8);
  }

  /**
   * The text of a field that is not {@link #NULL}.
   *
   * @throws MalformedLineException if it is not the one escaped form of a text
   */
  public static String unescape(String field) throws MalformedLineException {
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    return text(bytes, 0, bytes.length);
  }

  /**
   * The text of a field in UTF-8: most texts go on to a database or a hash, which need it so.
   *
   * @throws MalformedLineException if the bytes are not the one escaped form of a text
   */
  static byte[] unescape(byte[] bytes, int from, int to) throws MalformedLineException {
    int special = ByteSearch.findSpecial(bytes, from, to);
    return special == to
        ? Arrays.copyOfRange(bytes, from, to)
        : unescapeFrom(bytes, from, special, to);
  }

  /** Unescapes from the first special byte on. The result is never longer than the input. */
  private static byte[] unescapeFrom(byte[] bytes, int from, int first, int to)
      throws MalformedLineException {
    byte[] out = new byte[to - from];
    int length = 0;
    int done = from;
    int i = first;
    while (i < to) {
      if (bytes[i] != '\\') {
        i = ByteSearch.findSpecial(bytes, i + requireUnescaped(bytes, i, to), to);
        continue;
      }
      System.arraycopy(bytes, done, out, length, i - done);
      length += i - done;
      if (i + 1 < to && bytes[i + 1] == 'u') {
        int end = closing(bytes, i + 2, to);
        byte[] character =
            Character.toString(
                    hidden(new String(bytes, i + 3, end - i - 3, StandardCharsets.ISO_8859_1)))
                .getBytes(StandardCharsets.UTF_8);
        System.arraycopy(character, 0, out, length, character.length);
        length += character.length;
        done = end + 1;
      } else {
        out[length++] = single(i + 1 < to ? bytes[i + 1] : 0);
        done = i + 2;
      }
      i = ByteSearch.findSpecial(bytes, done, to);
    }
    System.arraycopy(bytes, done, out, length, to - done);
    length += to - done;
    return length == out.length ? out : Arrays.copyOf(out, length);
  }

  /** The number of bytes of a character that needs no escape. */
  private static int requireUnescaped(byte[] bytes, int at, int to) throws MalformedLineException {
    int width = Utf8.width(bytes, at, to);
    if (width == 0) {
      throw new MalformedLineException("bytes that are not UTF-8");
    }
    int c = Utf8.codePoint(bytes, at, width);
    if (c == '|' || c < ' ' || isHidden(c)) {
      throw new MalformedLineException("a character that must be escaped: U+%04X".formatted(c));
    }
    return width;
  }

  private static int closing(byte[] bytes, int from, int to) throws MalformedLineException {
    if (from < to && bytes[from] == '{') {
      for (int i = from + 1; i < to; i++) {
        if (bytes[i] == '}') {
          return i;
        }
      }
    }
    throw new MalformedLineException("an unfinished \\u{…}");
  }

  private static byte single(byte kind) throws MalformedLineException {
    return switch (kind) {
      case '\\' -> '\\';
      case 'p' -> '|';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new MalformedLineException("an escape that is not known");
    };
  }

  private static int hidden(String hex) throws MalformedLineException {
    try {
      int c = Integer.parseInt(hex, 16);
      if (Character.isValidCodePoint(c) && isHidden(c) && Integer.toHexString(c).equals(hex)) {
        return c;
      }
    } catch (NumberFormatException e) {
      throw (MalformedLineException)
          new MalformedLineException("\\u{…} without a number").initCause(e);
    }
    throw new MalformedLineException("\\u{…} around a character that is written as it is");
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f && c != '\\' && c != '|';
  }

  /**
   * Whether a character is a control, a line or paragraph separator, a mark that changes the
   * direction of writing, or no character.
   */
  private static boolean isHidden(int c) {
    return c < ' ' && c != '\n' && c != '\r' && c != '\t'
        || c >= 0x7f && c <= 0x9f
        || c == 0x61c
        || c == 0x200e
        || c == 0x200f
        || c >= 0x2028 && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069
        || c == 0xfeff
        || c >= 0xfff9 && c <= 0xfffb
        || c >= 0xfdd0 && c <= 0xfdef
        || (c & 0xfffe) == 0xfffe;
  }

  /** Whether a text can be written: a lone surrogate is half a character and has no UTF-8. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
