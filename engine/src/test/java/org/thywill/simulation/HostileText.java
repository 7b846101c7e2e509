package org.thywill.simulation;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Text that breaks careless codecs: what people type, paste and attack with, and what no one ever
 * types.
 *
 * <p>All of it is well-formed Unicode, so it has exactly one form in UTF-8: there are no lone
 * surrogates.
 */
public final class HostileText {
  private static final int CHARS_MAX = 5_000;

  /** Fixed strings that every codec has to bring back as they are, the same in every build. */
  public static final List<String> CORPUS =
      List.of(
          // Nothing, and what looks like nothing.
          "",
          " ",
          "  ",
          " leading",
          "trailing ",
          "\t",
          "\ttab\tin\ttab\t",
          "\u00A0",
          "\u3000",
          "\u200B",
          "\u2060",
          "\uFEFF",
          "\u00AD",
          // Separators, and text that looks like a line of ours.
          "|",
          "||",
          " | ",
          "a|b",
          "=",
          "==",
          "key=value",
          "a=b|c=d",
          "-",
          "--",
          "---",
          "#",
          "# comment",
          ";",
          ",",
          ":",
          "\"",
          "'",
          "`",
          // Backslashes and what a codec may have made of them, or may make of them twice.
          "\\",
          "\\\\",
          "\\\\\\",
          "\\n",
          "\\N",
          "\\p",
          "\\r",
          "\\t",
          "\\0",
          "\\e",
          "\\s",
          "\\=",
          "\\|",
          "\\u{41}",
          "\\u{}",
          "\\u{110000}",
          "\\\\u{41}",
          "\\u0041",
          "\\x41",
          "ends in \\",
          "\\\n",
          "%0A",
          "%7C",
          "&#10;",
          "=0A",
          "\\u{D800}",
          // Ends of lines of all kinds.
          "\n",
          "\r",
          "\r\n",
          "\n\r",
          "\n\n",
          "first\nsecond",
          "first\r\nsecond\r\n",
          "a\u000Bb",
          "a\fb",
          "a\u0085b",
          "a\u2028b",
          "a\u2029b",
          // Control characters.
          "\0",
          "a\0b",
          "\u0001",
          "\b",
          "\u001A",
          "\u001B[31mred\u001B[0m",
          "\u001F",
          "\u007F",
          "\u0080",
          "\u009B31m",
          "\u009F",
          // Direction, look-alikes and marks: names that seem equal and are not.
          "\u202Egnp.txt",
          "\u2066inside\u2069",
          "\u200Eleft\u200Fright",
          "שלום",
          "السلام عليكم",
          "abc אבג 123",
          "Mary",
          "\u041Cary",
          "mary\u200Djohnson",
          "Ångström",
          "A\u030Angstro\u0308m",
          "\u212Bngström",
          "ﬁnd",
          "Z\u0351\u036B\u0343a\u0489l\u034Bgo\u0321\u0328",
          "\u0301",
          "İıIi",
          "ß",
          "ſ",
          "Ǆ",
          "मैं",
          "நீ",
          "ไทย",
          "日本語",
          "한국어",
          "한글",
          // Beyond the first plane, and the edges of Unicode.
          "🙏",
          "🙏🏽",
          "👩\u200D👩\u200D👧\u200D👦",
          "🏳\uFE0F\u200D🌈",
          "🇩🇪",
          "1\uFE0F\u20E3",
          "𝔓𝔯𝔞𝔶",
          "𠜎",
          "\uFFFD",
          "\uFFFE",
          "\uFFFF",
          "\uFDD0",
          "\uD7FF",
          "\uE000",
          "\uD800\uDC00",
          "\uD83F\uDFFE",
          "\uDBFF\uDFFF",
          "\uDB40\uDC41",
          // Words that programs believe.
          "NULL",
          "null",
          "None",
          "nil",
          "undefined",
          "NaN",
          "Infinity",
          "true",
          "True",
          "false",
          "0",
          "-0",
          "007",
          "1e3",
          "0x10",
          "system",
          "unknown",
          "deleted",
          "admin",
          "..",
          "../../etc/passwd",
          "CON",
          "a/b",
          ".txt",
          "~",
          // Times and ids that are only text.
          "2024-01-15T10:30:00Z",
          "2024-02-30",
          "January 15 2024 at 10:30",
          "1970-01-01 00:00:00",
          "2024-12-31T23:59:60.123456789+14:00",
          "00:00",
          "3f2504e04f8941d39a0c0305e82c3301",
          "seq 1",
          "check 00000000",
          // Other people's languages.
          "'; DROP TABLE users; --",
          "\" OR 1=1 --",
          "Robert'); DELETE FROM prayers;--",
          "%_",
          "<b>bold</b>",
          "<script>alert('x')</script>",
          "&lt;&amp;",
          "]]>",
          "{{ 7*7 }}",
          "${jndi:ldap://x}",
          "$(reboot)",
          "{\"a\":[1,null]}",
          "=HYPERLINK(\"x\")",
          "@SUM(1)",
          "%s%n%d");

  private static final List<String> CONTROLS =
      IntStream.concat(IntStream.range(0, 0x20), IntStream.rangeClosed(0x7F, 0x9F))
          .mapToObj(Character::toString)
          .toList();

  /** Ranges of code points, each as likely as the others. */
  private static final int[][] BLOCKS = {
    {0x00, 0x1F},
    {0x20, 0x7E},
    {0x7F, 0x9F},
    {0xA0, 0x24F},
    {0x300, 0x36F},
    {0x400, 0x4FF},
    {0x590, 0x6FF},
    {0x900, 0xD7F},
    {0x1100, 0x11FF},
    {0x2000, 0x206F},
    {0x3000, 0x30FF},
    {0x4E00, 0x9FFF},
    {0xAC00, 0xD7A3},
    {0xE000, 0xF8FF},
    {0xFB00, 0xFDFF},
    {0xFE00, 0xFE0F},
    {0xFFF0, 0xFFFF},
    {0x10000, 0x100FF},
    {0x1F300, 0x1FAFF},
    {0x1FFFE, 0x1FFFF},
    {0x20000, 0x2A6DF},
    {0xE0000, 0xE007F},
    {0x10FFFE, 0x10FFFF},
  };

  private final RandomGenerator random;

  /** The texts that follow from a generator's seed. */
  public HostileText(RandomGenerator random) {
    this.random = random;
  }

  /** The next text, of up to 5,000 chars and mostly short. */
  public String next() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> pick(CORPUS);
      case 3, 4, 5, 6 -> mixture(1 + random.nextInt(12));
      case 7, 8 -> codePoints(1 + random.nextInt(40));
      case 9 -> pick(CONTROLS);
      case 10 -> pick(CONTROLS) + pick(CORPUS) + pick(CONTROLS);
      default -> lengthy();
    };
  }

  private String mixture(int parts) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts; i++) {
      text.append(
          switch (random.nextInt(6)) {
            case 0, 1, 2 -> pick(CORPUS);
            case 3 -> pick(CONTROLS);
            case 4 -> codePoints(1 + random.nextInt(4));
            default -> "please pray for ";
          });
    }
    return text.toString();
  }

  private String codePoints(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int[] block = BLOCKS[random.nextInt(BLOCKS.length)];
      text.appendCodePoint(random.nextInt(block[0], block[1] + 1));
    }
    return text.toString();
  }

  /**
   * A long text with one part again and again, which compresses well, or with ever new ones, which
   * does not.
   */
  private String lengthy() {
    int length = random.nextInt(CHARS_MAX + 1);
    String refrain = mixture(3);
    boolean repeats = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(repeats ? refrain : mixture(3)).append('.');
    }
    return cut(text, length);
  }

  private static String cut(StringBuilder text, int length) {
    boolean splitsPair =
        length > 0 && length < text.length() && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splitsPair ? length - 1 : length);
  }

  private String pick(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
