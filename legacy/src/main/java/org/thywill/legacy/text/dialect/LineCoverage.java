package org.thywill.legacy.text.dialect;

import java.util.BitSet;
import java.util.List;
import org.thywill.legacy.text.file.SourceLocation;
import org.thywill.legacy.text.file.TextFile;

/**
 * Checks that a dialect reads every line of a file.
 *
 * <p>A line is read if an assertion names its location, or if the dialect claims it, as it does for
 * the lines of a text. All other lines are reported as not understood, so that no line is lost
 * because a dialect overlooked it.
 */
public final class LineCoverage implements AssertionSink {
  private final TextFile file;
  private final AssertionSink to;
  private final BitSet lines = new BitSet();

  /** The coverage of a file; assertions are passed on. */
  public LineCoverage(TextFile file, AssertionSink to) {
    this.file = file;
    this.to = to;
  }

  @Override
  public void add(Assertion assertion) {
    if (assertion.location().file().equals(file.name())) {
      lines.set((int) assertion.location().line());
    }
    to.add(assertion);
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
  public void exportedInPart(String table, LocalTimestamp at, SourceLocation location, String why) {
    to.exportedInPart(table, at, location, why);
  }

  @Override
  public MemberNameMatcher names() {
    return to.names();
  }

  /** Reports every line that was not read; blank lines are ignored. */
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
