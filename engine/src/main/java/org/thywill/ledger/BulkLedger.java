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
 * Writes a whole history into a new archive: rows in the order of time, checked like any other, and
 * filed in the months in which they were made.
 */
public final class BulkLedger implements Closeable {
  private final BulkArchiveWriter writer;

  /**
   * Begins an archive in an empty folder that no other program uses.
   *
   * @param community a random id
   * @param createdAtMicros microseconds since 1970
   */
  public BulkLedger(Disk disk, String community, long createdAtMicros) {
    this.writer = new BulkArchiveWriter(disk, new ArchiveIdentity(community, createdAtMicros));
  }

  /**
   * Adds rows in one transaction.
   *
   * @param atMicros when it happened, in microseconds since 1970; not earlier than the last one
   * @throws ConstraintViolationException if a value cannot be written
   * @throws IOException if the disk fails
   */
  public void add(List<Row> rows, long atMicros, Change.Cause cause) throws IOException {
    RowConstraints.requireValid(cause);
    rows.forEach(RowConstraints::requireImportable);
    rows.forEach(row -> RowConstraints.requireFits(row, cause));
    writer.add(rows, atMicros, cause);
  }

  /** Completes the archive. Everything is safe when this returns. */
  public Head finish() throws IOException {
    return writer.finish();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
