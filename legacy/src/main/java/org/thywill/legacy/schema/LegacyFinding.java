package org.thywill.legacy.schema;

/**
 * A finding of an import: something in a source that the operator may want to look at.
 *
 * @param code such as {@code dangling-reference}
 * @param severity {@code warning} or {@code note}
 * @param file file and table, such as {@code thywill.db:prayermark}
 * @param line in a text; 0 in a database
 * @param message one sentence, without what members wrote
 */
public record LegacyFinding(String code, String severity, String file, long line, String message) {
  private static final int NAME_CHARS_MAX = 80;

  /** A key or name for use in a message: one line of at most 80 characters. */
  public static String shown(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= NAME_CHARS_MAX
        ? line
        : line.substring(0, line.offsetByCodePoints(0, line.codePointCount(0, NAME_CHARS_MAX)))
            + "…";
  }
}
