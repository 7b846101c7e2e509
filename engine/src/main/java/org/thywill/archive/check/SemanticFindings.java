package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.thywill.archive.format.Finding;

/**
 * Collects the rows of a table that break one semantic rule, while its logs are read.
 *
 * <p>A later line that follows the rule clears the row. The fingerprint of each row is kept, and
 * for the first hundred also the finding. Not safe for several threads.
 */
final class SemanticFindings {
  private static final int LISTED_MAX = 100;

  private final LongSet rows = new LongSet();
  private final Map<Long, Finding> listed = new LinkedHashMap<>();

  /** Records that a row breaks the rule now. */
  void add(long row, Supplier<Finding> finding) {
    if (rows.add(row) && listed.size() < LISTED_MAX || listed.containsKey(row)) {
      listed.put(row, finding.get());
    }
  }

  /** Records that a row was removed, or follows the rule now. */
  void clear(long row) {
    if (rows.size() > 0 && rows.remove(row)) {
      listed.remove(row);
    }
  }

  /** Reports all rows that are left: the first hundred one by one, the others by their number. */
  void report(FindingCollector findings) {
    report(findings, row -> true);
  }

  /** Reports the rows that are left and that a last test does not clear. */
  void report(FindingCollector findings, LongPredicate broken) {
    if (rows.size() == 0) {
      return;
    }
    LongAdder all = new LongAdder();
    rows.forEach(row -> all.add(broken.test(row) ? 1 : 0));
    List<Finding> shown = new ArrayList<>();
    listed.forEach(
        (row, finding) -> {
          if (broken.test(row)) {
            shown.add(finding);
          }
        });
    shown.forEach(findings::add);
    long more = all.sum() - shown.size();
    if (!shown.isEmpty() && more > 0) {
      findings.count(shown.getLast(), more);
    }
  }
}
