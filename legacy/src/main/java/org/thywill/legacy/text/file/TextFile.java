package org.thywill.legacy.text.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One text file of a source, in memory.
 *
 * @param name as messages show it: the source's name, and the path within it
 * @param text the whole content, without a byte order mark
 * @param encodingRemarks the lines that are not in UTF-8, and how they were read
 */
public record TextFile(String name, String text, List<EncodingRemark> encodingRemarks) {
  private static final Set<String> FOLDERS =
      Set.of(
          "prayers",
          "users",
          "activity",
          "auth",
          "authentication",
          "security",
          "sessions",
          "invites",
          "roles",
          "system",
          "membership_applications");

  static TextFile of(String name, byte[] bytes) {
    TextDecoder.Decoded decoded = TextDecoder.decode(bytes);
    String text =
        decoded.text().startsWith("\uFEFF") ? decoded.text().substring(1) : decoded.text();
    int end = text.indexOf('\n');
    boolean wasConverted = end > 0 && text.charAt(end - 1) == '\r';
    return new TextFile(name, wasConverted ? text.replace("\r\n", "\n") : text, decoded.remarks());
  }

  /**
   * The lines, split only at line feeds, because names and texts may hold other line breaks.
   *
   * <p>An empty text after the last line feed is not a line.
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      lines.add(text.substring(from, at));
      from = at + 1;
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  /** The first line; the whole text if it has no line feed. */
  public String firstLine() {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The second line; an empty text if there is none. */
  public String secondLine() {
    int first = text.indexOf('\n');
    int end = first < 0 ? -1 : text.indexOf('\n', first + 1);
    if (first < 0) {
      return "";
    }
    return end < 0 ? text.substring(first + 1) : text.substring(first + 1, end);
  }

  /** The location of a line, counted from 1. */
  public SourceLocation at(long line) {
    return new SourceLocation(name, line);
  }

  /** The folder, which distinguishes the files of one tree from copies in another. */
  public String folder() {
    int end = name.lastIndexOf('/');
    return end < 0 ? "" : name.substring(0, end);
  }

  /** The path under which the original knew this file. */
  public String originalPath() {
    String[] parts = name.split("/");
    for (int i = 0; i < parts.length; i++) {
      if (FOLDERS.contains(parts[i])) {
        return "text_archives/" + String.join("/", List.of(parts).subList(i, parts.length));
      }
    }
    return "text_archives/" + parts[parts.length - 1];
  }
}
