package org.thywill.archive.check;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.thywill.archive.format.Finding;

/**
 * The present rows of a table that one rule of meaning is broken by, while its logs are read: a
 * line that says it rightly clears the row. Of each row the fingerprint is kept, of the first
 * hundred also where they stand and what to say of them.
 */
final class SemanticFindings {
  private static final int LISTED_MAX = 100;

  private final LongSet rows = new LongSet();
  private final Map<Long, Finding> listed = new LinkedHashMap<>();

  /** Takes note that a row breaks the rule now. */
  void add(long row, Supplier<Finding> finding) {
    if (rows.add(row) && listed.size() < LISTED_MAX || listed.containsKey(row)) {
      listed.put(row, finding.get());
    }
  }

  /** Takes note that a row is not there any more, or says it rightly. */
  void clear(long row) {
    if (rows.size() > 0 && rows.remove(row)) {
      listed.remove(row);
    }
  }

  /** Reports all rows that are left: the first hundred as they are, the others by their number. */
  void report(FindingCollector findings) {
    report(findings, row -> true);
  }

  /** Reports the rows that are left and that a last look does not clear. */
  void report(FindingCollector findings, LongPredicate broken) {
    if (rows.size() == 0) {
      return;
    }
    long[] count = {0};
    rows.forEach(row -> count[0] += broken.test(row) ? 1 : 0);
    Finding[] last = new Finding[1];
    listed.forEach(
        (row, finding) -> {
          if (broken.test(row)) {
            findings.add(finding);
            last[0] = finding;
            count[0]--;
          }
        });
    if (last[0] != null && count[0] > 0) {
      findings.count(last[0], count[0]);
    }
  }
}
