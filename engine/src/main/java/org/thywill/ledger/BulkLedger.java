package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;

/**
 * Takes over a whole history into a new archive: rows in the order of time, checked like any other,
 * and filed in the months in which they happened.
 */
public final class BulkLedger implements Closeable {
  private final BulkArchiveWriter writer;

  /**
   * Begins an archive in a folder that is empty and that nobody uses.
   *
   * @param createdAt microseconds since 1970
   */
  public BulkLedger(Disk disk, String community, long createdAt) {
    this.writer = new BulkArchiveWriter(disk, new ArchiveIdentity(community, createdAt));
  }

  /**
   * Adds rows in one transaction.
   *
   * @param at when it happened, in microseconds since 1970; never before the transaction before
   */
  public void add(List<Row> rows, long at, Change.Cause cause) throws IOException {
    RowConstraints.check(cause);
    rows.forEach(RowConstraints::requireImportable);
    writer.add(rows, at, cause);
  }

  /** Completes the archive; everything is safe when this returns. */
  public Head finish() throws IOException {
    return writer.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
