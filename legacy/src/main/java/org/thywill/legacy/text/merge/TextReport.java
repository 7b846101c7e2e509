package org.thywill.legacy.text.merge;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.legacy.text.dialect.Assertion;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * The result of reading texts.
 *
 * <p>It has counts for each of the original's tables, and all lines that could not be read.
 */
public final class TextReport {
  private static final int KEPT_MAX = 1_000;

  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> dialects = new TreeMap<>();
  private final List<UnreadLine> unread = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> findingsByCode = new TreeMap<>();
  private final List<Path> unknownSources = new ArrayList<>();
  private String offset = "";
  private long files;

  /**
   * The counts of one table.
   *
   * @param stated assertions
   * @param carried rows that were made of them
   * @param merged assertions that only repeated another
   * @param elsewhere assertions about rows that a database, or the community, has already
   * @param approximate rows with a time that lacks its seconds
   * @param inferred rows with a value that was inferred
   */
  public record Table(
      long stated, long carried, long merged, long elsewhere, long approximate, long inferred) {
    Table plus(Table more) {
      return new Table(
          stated + more.stated,
          carried + more.carried,
          merged + more.merged,
          elsewhere + more.elsewhere,
          approximate + more.approximate,
          inferred + more.inferred);
    }
  }

  /** A line that could not be read. */
  public record UnreadLine(String file, long line, String why) {}

  /** A finding: something that the operator may want to look at. */
  public record Finding(String code, boolean isWarning, String file, long line, String message) {}

  /** Name of the original's table → its counts. */
  public Map<String, Table> tables() {
    return tables;
  }

  /** Source → dialect → number of files. */
  public Map<String, Map<String, Long>> dialects() {
    return dialects;
  }

  /** All lines that could not be read. */
  public List<UnreadLine> unread() {
    return unread;
  }

  /** The first thousand findings of each code. */
  public List<Finding> findings() {
    return findings;
  }

  /** Code → number of findings, all counted. */
  public Map<String, Long> findingsByCode() {
    return findingsByCode;
  }

  /** The offset of the server's clock, and how it is known. */
  public String offset() {
    return offset;
  }

  /** The number of files that were read. */
  public long files() {
    return files;
  }

  /** Sets the text of {@link #offset()}. */
  public void describeOffset(String description) {
    offset = description;
  }

  /** The sources of which no file was understood. */
  public List<Path> unknownSources() {
    return unknownSources;
  }

  /** Adds a source of which no file was understood. */
  public void addUnknownSource(Path source) {
    unknownSources.add(source);
  }

  /** Counts a file of a source. */
  public void countFile(String source, String dialect) {
    files++;
    dialects.computeIfAbsent(source, _ -> new TreeMap<>()).merge(dialect, 1L, Long::sum);
  }

  /** Adds to the counts of a table. */
  void count(String table, Table more) {
    tables.merge(table, more, Table::plus);
  }

  /** Reports an assertion that is a line that could not be read, or a remark. */
  public void take(Assertion assertion) {
    switch (assertion) {
      case Assertion.UnreadableLine(SourceLocation location, String why) -> {
        unread.add(new UnreadLine(location.file(), location.line(), why));
        addFinding("line-not-understood", true, location, why);
      }
      case Assertion.Remark(
              String code,
              boolean isWarning,
              SourceLocation location,
              String message) ->
          addFinding(code, isWarning, location, message);
      case Assertion.RowAssertion _,
          Assertion.ActivityEntry _,
          Assertion.Submission _,
          Assertion.SessionEnd _,
          Assertion.Rejection _,
          Assertion.MemberEvidence _ -> {}
    }
  }

  /** Adds a finding; only the first thousand of each code are kept. */
  public void addFinding(String code, boolean isWarning, SourceLocation location, String message) {
    if (findingsByCode.merge(code, 1L, Long::sum) <= KEPT_MAX) {
      findings.add(new Finding(code, isWarning, location.file(), location.line(), message));
    }
  }
}
