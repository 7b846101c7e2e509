package org.thywill.legacy.text.dialect;

import org.thywill.legacy.text.file.TextFile;

/** Takes what dialects read. */
public interface Statements {
  void add(Statement statement);

  /**
   * That lines, from the first to the last, are part of what is said at another one, or of the
   * layout.
   */
  default void claim(long first, long last) {}

  /** That a table of {@code export-all} shows all rows as they stood at a time, in UTC. */
  void exported(String table, Stamp at);

  /** The names that are known so far. */
  Names names();

  default void notUnderstood(TextFile file, long line, String why) {
    add(new Statement.NotUnderstood(file.at(line), why));
  }

  default void note(TextFile file, long line, String code, String message) {
    add(new Statement.Remark(code, false, file.at(line), message));
  }

  default void warn(TextFile file, long line, String code, String message) {
    add(new Statement.Remark(code, true, file.at(line), message));
  }
}
