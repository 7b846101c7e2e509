package org.thywill.legacy.schema;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Translates the permissions of a role: a JSON list in the original, texts with commas here.
 *
 * <p>The list is written as Python's {@code json.dumps} does, so that it comes back to the byte.
 */
public final class PermissionList {
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";
  private static final String ESCAPES = "\"\\/bfnrt";

  private final String json;
  private int at;

  private PermissionList(String json) {
    this.json = json;
  }

  /**
   * The list with commas.
   *
   * @return empty if the text is no JSON list of texts, or if a text has a comma, because it would
   *     become two permissions
   */
  public static Optional<String> commas(String json) {
    try {
      List<String> permissions = new PermissionList(json).list();
      return permissions.stream().allMatch(PermissionList::canStandBetweenCommas)
          ? Optional.of(String.join(",", permissions))
          : Optional.empty();
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** The list as {@code json.dumps} writes it. */
  public static String json(String commas) {
    StringBuilder out = new StringBuilder("[");
    if (!commas.isEmpty()) {
      for (String permission : commas.split(",", -1)) {
        out.append(out.length() > 1 ? ", \"" : "\"");
        permission.chars().forEach(c -> escape((char) c, out));
        out.append('"');
      }
    }
    return out.append(']').toString();
  }

  /** Whether a text has no comma, and no half of a surrogate pair, which UTF-8 cannot encode. */
  private static boolean canStandBetweenCommas(String permission) {
    return permission
        .codePoints()
        .noneMatch(c -> c == ',' || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private List<String> list() {
    List<String> items = new ArrayList<>();
    expect('[');
    blanks();
    if (json.charAt(at) == ']') {
      at++;
    } else {
      do {
        expect('"');
        items.add(text());
        blanks();
      } while (json.charAt(at++) == ',');
      at--;
      expect(']');
    }
    blanks();
    if (at < json.length()) {
      throw new IllegalArgumentException("more after the list");
    }
    return items;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (char c = json.charAt(at++); c != '"'; c = json.charAt(at++)) {
      if (c < ' ') {
        throw new IllegalArgumentException("a control character");
      }
      text.append(c == '\\' ? escaped(json.charAt(at++)) : c);
    }
    return text.toString();
  }

  private char escaped(char letter) {
    if (letter == 'u') {
      at += 4;
      return (char) Integer.parseUnsignedInt(json.substring(at - 4, at), 16);
    }
    int which = ESCAPES.indexOf(letter);
    if (which < 0) {
      throw new IllegalArgumentException("no such escape");
    }
    return ESCAPED.charAt(which);
  }

  private void expect(char c) {
    blanks();
    if (json.charAt(at++) != c) {
      throw new IllegalArgumentException("expected " + c);
    }
  }

  private void blanks() {
    while (at < json.length() && " \t\n\r".indexOf(json.charAt(at)) >= 0) {
      at++;
    }
  }

  private static void escape(char c, StringBuilder out) {
    int which = c == '/' ? -1 : ESCAPED.indexOf(c);
    if (which >= 0) {
      out.append('\\').append(ESCAPES.charAt(which));
    } else if (c >= ' ' && c <= '~') {
      out.append(c);
    } else {
      out.append("\\u").append(HexFormat.of().toHexDigits((long) c, 4));
    }
  }
}
