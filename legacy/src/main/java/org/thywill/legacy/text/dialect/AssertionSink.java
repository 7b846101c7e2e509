package org.thywill.legacy.text.dialect;

import org.thywill.legacy.text.file.SourceLocation;
import org.thywill.legacy.text.file.TextFile;

/** Receives what dialects read. */
public interface AssertionSink {
  void add(Assertion assertion);

  /**
   * Marks lines, from the first to the last, as read: they belong to the assertion of another line,
   * or to the layout.
   */
  default void claim(long first, long last) {}

  /** Notes that a table of {@code export-all} has all rows of a time, in UTC. */
  void exported(String table, LocalTimestamp at);

  /**
   * Notes that a table of {@code export-all} may lack rows of its time.
   *
   * <p>So it does not show what was removed.
   *
   * @param why as part of a sentence for the operator
   */
  void exportedInPart(String table, LocalTimestamp at, SourceLocation location, String why);

  /** The names of members that are known so far. */
  MemberNameMatcher names();

  /** Adds a line that could not be read. */
  default void notUnderstood(TextFile file, long line, String why) {
    add(new Assertion.UnreadableLine(file.at(line), why));
  }

  /** Adds a remark that needs no attention. */
  default void note(TextFile file, long line, String code, String message) {
    add(new Assertion.Remark(code, false, file.at(line), message));
  }

  /** Adds a remark that the operator should look at. */
  default void warn(TextFile file, long line, String code, String message) {
    add(new Assertion.Remark(code, true, file.at(line), message));
  }
}
