package org.thywill.legacy.text.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.legacy.text.dialect.Assertion;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * What was read from texts, and what became of it.
 *
 * <p>For each of the original's tables: how often its rows were stated, how many rows that makes,
 * how many statements only repeated another, and how many rows have a time that lacks its seconds,
 * or a value that was concluded. Lines that were not understood are all named.
 */
public final class TextReport {
  private static final int KEPT_MAX = 1_000;

  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> dialects = new TreeMap<>();
  private final List<UnreadLine> unread = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> findingsByCode = new TreeMap<>();
  private String offset = "";
  private long files;

  /**
   * The counts of one table. {@code elsewhere} are rows that the database, or the community that is
   * added to, has already.
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

  /** A line that could not be understood. */
  public record UnreadLine(String file, long line, String why) {}

  /** Something that the operator may want to look at. */
  public record Finding(String code, boolean isWarning, String file, long line, String message) {}

  public Map<String, Table> tables() {
    return tables;
  }

  /** Source → dialect → number of files. */
  public Map<String, Map<String, Long>> dialects() {
    return dialects;
  }

  public List<UnreadLine> unread() {
    return unread;
  }

  /** The first thousand of each code. */
  public List<Finding> findings() {
    return findings;
  }

  /** All, counted. */
  public Map<String, Long> findingsByCode() {
    return findingsByCode;
  }

  /** The offset of the server's clock, and how it is known. */
  public String offset() {
    return offset;
  }

  public long files() {
    return files;
  }

  public void offset(String words) {
    offset = words;
  }

  public void file(String source, String dialect) {
    files++;
    dialects.computeIfAbsent(source, _ -> new TreeMap<>()).merge(dialect, 1L, Long::sum);
  }

  void count(String table, Table more) {
    tables.merge(table, more, Table::plus);
  }

  public void take(Assertion statement) {
    switch (statement) {
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

  public void addFinding(String code, boolean isWarning, SourceLocation location, String message) {
    if (findingsByCode.merge(code, 1L, Long::sum) <= KEPT_MAX) {
      findings.add(new Finding(code, isWarning, location.file(), location.line(), message));
    }
  }
}
