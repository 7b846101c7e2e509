package org.thywill.legacy.text.dialect;

import java.util.BitSet;
import java.util.List;
import org.thywill.legacy.text.file.TextFile;

/**
 * Which lines of a file a dialect has dealt with. A line counts as soon as something is said at its
 * place; the others that a dialect took, such as the lines of a text, it has to claim. What nobody
 * claimed is named as not understood, so that a dialect that overlooks a line cannot lose it.
 */
public final class LineCoverage implements AssertionSink {
  private final TextFile file;
  private final AssertionSink to;
  private final BitSet lines = new BitSet();

  public LineCoverage(TextFile file, AssertionSink to) {
    this.file = file;
    this.to = to;
  }

  @Override
  public void add(Assertion statement) {
    if (statement.location().file().equals(file.name())) {
      lines.set((int) statement.location().line());
    }
    to.add(statement);
  }

  @Override
  public void claim(long first, long last) {
    if (first <= last) {
      lines.set((int) first, (int) last + 1);
    }
  }

  @Override
  public void exported(String table, LocalTimestamp at) {
    to.exported(table, at);
  }

  @Override
  public MemberNameMatcher names() {
    return to.names();
  }

  /** Names every line that nobody has claimed. */
  public void close(String dialect) {
    List<String> all = file.lines();
    for (int line = lines.nextClearBit(1);
        line <= all.size();
        line = lines.nextClearBit(line + 1)) {
      if (!all.get(line - 1).isBlank()) {
        to.notUnderstood(file, line, "nothing that a file with " + dialect + " has");
      }
    }
  }
}
