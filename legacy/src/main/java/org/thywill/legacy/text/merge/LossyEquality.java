package org.thywill.legacy.text.merge;

import org.thywill.legacy.text.dialect.LocalTimestamp;

/**
 * Compares values in spite of what the original lost when it wrote texts.
 *
 * <p>It lost seconds, carriage returns before line feeds, pipes, and blanks around names.
 */
public final class LossyEquality {
  private static final int DAY = "2025-07-16".length();

  private LossyEquality() {}

  /** Whether two spellings of a column may be of the same value. */
  public static boolean mayBeEqual(String column, String a, String b) {
    if (a.equals(b)) {
      return true;
    }
    if (column.equals("supporter_since")) {
      return a.regionMatches(0, b, 0, DAY); // exports have only the day
    }
    if (column.endsWith("_at") || column.startsWith("~")) {
      return sameMinute(a, b) || column.startsWith("~");
    }
    if (column.equals("status") && (a.equals("pending") || b.equals("pending"))) {
      return true; // what was pending when one was written was decided when the other was
    }
    if (column.equals("text_file_path")) {
      return true; // a prayer that was rebuilt has a second file
    }
    return plain(a).equals(plain(b)) || sameMinute(a, b);
  }

  private static boolean sameMinute(String a, String b) {
    LocalTimestamp one = LocalTimestamp.ofIso(a);
    LocalTimestamp other = LocalTimestamp.ofIso(b);
    return one != null && other != null && Math.abs(one.minute() - other.minute()) <= 1;
  }

  private static String plain(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n').replace('|', '_').strip();
  }
}
