package org.thywill.legacy.text.dialect;

import org.thywill.legacy.text.file.TextFile;

/** Takes what dialects read. */
public interface AssertionSink {
  void add(Assertion statement);

  /**
   * That lines, from the first to the last, are part of what is said at another one, or of the
   * layout.
   */
  default void claim(long first, long last) {}

  /** That a table of {@code export-all} shows all rows as they stood at a time, in UTC. */
  void exported(String table, LocalTimestamp at);

  /** The names that are known so far. */
  MemberNameMatcher names();

  default void notUnderstood(TextFile file, long line, String why) {
    add(new Assertion.UnreadableLine(file.at(line), why));
  }

  default void note(TextFile file, long line, String code, String message) {
    add(new Assertion.Remark(code, false, file.at(line), message));
  }

  default void warn(TextFile file, long line, String code, String message) {
    add(new Assertion.Remark(code, true, file.at(line), message));
  }
}
