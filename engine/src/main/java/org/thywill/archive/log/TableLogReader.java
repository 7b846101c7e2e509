package org.thywill.archive.log;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ChangeSink;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Table;

/** Reads all logs of a table up to the checkpoint, in the order of their periods. */
public final class TableLogReader {
  private final Disk disk;
  private final ArchiveIdentity identity;
  private final Head head;

  /** A reader of the logs that a checkpoint covers. */
  public TableLogReader(Disk disk, ArchiveIdentity identity, Head head) {
    this.disk = disk;
    this.identity = identity;
    this.head = head;
  }

  /**
   * Reads all changes of a table.
   *
   * @throws DamagedArchiveException at the first line that is not exactly as it was written
   */
  public void forEach(Table table, ChangeSink sink) throws IOException {
    forEach(table, Set.of(), sink);
  }

  /**
   * Reads all changes of a table, those of some logs from the journal, which has the same lines.
   *
   * @param fromJournal the logs that are damaged
   * @throws DamagedArchiveException at the first line of another log that is not exactly as it was
   *     written, or if the journal lacks lines of a damaged one
   */
  public void forEach(Table table, Set<String> fromJournal, ChangeSink sink) throws IOException {
    long last = 0;
    for (String file : head.logsOf(table)) {
      LogReader log =
          new LogReader(
              disk, identity, table, file, Objects.requireNonNull(head.logs().get(file)), last);
      boolean more = fromJournal.contains(file) ? log.fromJournal(head.seq(), sink) : log.run(sink);
      if (!more) {
        return;
      }
      last = log.last();
    }
  }
}
