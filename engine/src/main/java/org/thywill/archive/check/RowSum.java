package org.thywill.archive.check;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.log.LogReader;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;
import org.thywill.catalog.TableDigest;

/**
 * Proves the digest of one table that the head records, from the lines of its logs.
 *
 * <p>While the logs are read, every added row is summed. Only if rows were changed or removed, the
 * logs are read a second time for these rows, so that nothing is kept of rows that stay as they
 * were added.
 */
final class RowSum {
  /** The code of a recorded digest that is not that of the rows. */
  static final String DIFFERS = "digest-differs";

  private final CheckContext context;
  private final Table table;
  private final List<String> files;
  private final TableDigest sum = new TableDigest();
  private final LongSet touched = new LongSet();

  RowSum(CheckContext context, Table table, List<String> files) {
    this.context = context;
    this.table = table;
    this.files = files;
  }

  /** Counts a change up to the checkpoint. */
  void add(Change change, long key) {
    if (!table.inDigest()) {
      return;
    }
    if (change.operation() == Operation.ADDED) {
      sum.add(change.row());
    } else {
      touched.add(key);
    }
  }

  /** Reports a recorded digest that is not that of the rows. Called where every line is sound. */
  void requireRecorded() throws IOException {
    if (!table.inDigest()) {
      return;
    }
    if (touched.size() > 0 && !replaceTouched()) {
      return;
    }
    require(context, table, new Digest.Entry(sum.rows(), sum.hex()));
  }

  /** Reports the recorded digest of a table that has no log, and so no rows. */
  static void requireEmpty(CheckContext context, Table table) {
    require(context, table, new Digest.Entry(0, new TableDigest().hex()));
  }

  private static void require(CheckContext context, Table table, Digest.Entry found) {
    Digest.Entry recorded = context.head().digest().tables().getOrDefault(table.name(), found);
    if (!recorded.equals(found)) {
      context
          .findings()
          .unproven(
              Finding.error(
                      DIFFERS,
                      Head.FILE.file(),
                      0,
                      "records the digest "
                          + recorded.hex()
                          + " of "
                          + table
                          + "; the lines, each sound by itself, lead to "
                          + found.hex()
                          + ". A line was changed and its check made right, or the head was")
                  .next(CheckReport.ACCEPT_DIGEST));
    }
  }

  /**
   * Reads the logs again, and takes earlier states of changed and removed rows out of the sum.
   *
   * @return false if a log is no longer what it was
   */
  private boolean replaceTouched() throws IOException {
    Map<Long, long[]> rows = new HashMap<>();
    long last = 0;
    for (String file : files) {
      Head.Extent extent = Objects.requireNonNull(context.head().logs().get(file));
      LogReader log = new LogReader(context.disk(), context.identity(), table, file, extent, last);
      try {
        log.run(
            change -> {
              long key = Fingerprint.ofKey(change.row());
              if (touched.contains(key)) {
                replace(change, key, rows);
              }
              return true;
            });
      } catch (DamagedArchiveException e) {
        context.findings().add(e.finding()); // It was changed since it was read a moment ago.
        return false;
      }
      last = log.last();
    }
    return true;
  }

  private void replace(Change change, long key, Map<Long, long[]> rows) {
    if (change.operation() == Operation.ADDED) {
      rows.put(key, sum.term(change.row())); // It is in the sum since the first reading.
      return;
    }
    long[] before = rows.remove(key);
    if (before != null) {
      sum.removeTerm(before);
    }
    if (change.operation() == Operation.CHANGED) {
      long[] now = sum.term(change.row());
      sum.addTerm(now);
      rows.put(key, now);
    }
  }
}
