package org.thywill.archive;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * How any text becomes one field of one line, and back: a bijection (FORMAT.md, Escapes).
 *
 * <pre>
 *   \\  backslash      \p  pipe      \n  line feed      \r  carriage return      \t  tab
 *   \N  alone in a field: no value (null)
 *   &#92;u{2028}  any other character that an editor hides, turns round or breaks lines at
 * </pre>
 *
 * <p>Each character has one spelling: what need not be escaped must not be.
 */
public final class Escape {
  /** The field of a missing value. */
  public static final String NULL = "\\N";

  private Escape() {}

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

  /**
   * Reads a field that is not {@link #NULL}.
   *
   * @throws BadLine if the bytes are not the one escaped form of a text
   */
  static String unescape(byte[] bytes, int from, int to) throws BadLine {
    boolean plain = true;
    for (int i = from; i < to && plain; i++) {
      plain = bytes[i] >= ' ' && bytes[i] != '\\' && bytes[i] != 0x7f;
    }
    if (plain) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    return unescape(utf8(bytes, from, to));
  }

  private static String utf8(byte[] bytes, int from, int to) throws BadLine {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8.newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, from, to - from));
      return decoded.toString();
    } catch (CharacterCodingException e) {
      throw (BadLine) new BadLine("bytes that are not UTF-8").initCause(e);
    }
  }

  private static String unescape(String field) throws BadLine {
    StringBuilder out = new StringBuilder(field.length());
    int i = 0;
    while (i < field.length()) {
      int c = field.codePointAt(i);
      i += Character.charCount(c);
      if (c != '\\') {
        if (c == '|' || isHidden(c) || c < ' ') {
          throw new BadLine("a character that must be escaped: U+%04X".formatted(c));
        }
        out.appendCodePoint(c);
        continue;
      }
      char kind = i < field.length() ? field.charAt(i++) : 0;
      switch (kind) {
        case '\\' -> out.append('\\');
        case 'p' -> out.append('|');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          int end = field.indexOf('}', i);
          if (end < 0 || field.charAt(i) != '{') {
            throw new BadLine("an unfinished \\u{…}");
          }
          out.appendCodePoint(hidden(field.substring(i + 1, end)));
          i = end + 1;
        }
        default -> throw new BadLine("an escape that is not known");
      }
    }
    return out.toString();
  }

  private static int hidden(String hex) throws BadLine {
    try {
      int c = Integer.parseInt(hex, 16);
      if (Character.isValidCodePoint(c) && isHidden(c) && Integer.toHexString(c).equals(hex)) {
        return c;
      }
    } catch (NumberFormatException e) {
      throw (BadLine) new BadLine("\\u{…} without a number").initCause(e);
    }
    throw new BadLine("\\u{…} around a character that is written as it is");
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f && c != '\\' && c != '|';
  }

  /** Controls, line and paragraph separators, marks that turn the direction of writing, and code points that are no characters. */
  private static boolean isHidden(int c) {
    return c < ' ' && c != '\n' && c != '\r' && c != '\t'
        || c >= 0x7f && c <= 0x9f
        || c == 0x61c
        || c == 0x200e || c == 0x200f
        || c >= 0x2028 && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069
        || c == 0xfeff
        || c >= 0xfff9 && c <= 0xfffb
        || c >= 0xfdd0 && c <= 0xfdef
        || (c & 0xfffe) == 0xfffe;
  }

  /** Whether a text can be written at all: a lone surrogate is half a character and has no UTF-8. */
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c) || i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
