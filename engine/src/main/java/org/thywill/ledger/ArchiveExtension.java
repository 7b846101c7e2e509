package org.thywill.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.HistoryComparison;
import org.thywill.archive.HistoryComparison.Relation;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Change;

/**
 * Appends to an archive the changes that a newer copy of the same history has.
 *
 * <p>Each line becomes the same bytes as in the copy. They go to the journal as they came there:
 * what was forced together is appended together, so a crash leaves the archive with fewer of them,
 * and the next call goes on from there. The next start copies them to the logs.
 */
public final class ArchiveExtension {
  private ArchiveExtension() {}

  /**
   * Appends all changes that the copy has and the archive lacks.
   *
   * @param lock by which this process holds the archive; null where no other process can
   * @return how many changes were appended; 0 if the copy is not ahead of the archive
   * @throws IOException if one of them is damaged, or could not be read or written
   */
  public static long extend(Disk disk, @Nullable ArchiveLock lock, ArchiveReader copy)
      throws IOException {
    ArchiveReader own = ArchiveReader.open(disk, 0);
    if (!own.identity().community().equals(copy.identity().community())
        || !(HistoryComparison.of(own, copy) instanceof Relation.Ahead(long changes))) {
      return 0;
    }
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      if (lock != null) {
        writer.holdBy(lock);
      }
      List<Change> together = new ArrayList<>();
      copy.forEachInJournal(
          own.lastSeq() + 1,
          change -> {
            if (!together.isEmpty()
                && together.getFirst().stamp().durableSeq() != change.stamp().durableSeq()) {
              writer.append(together);
              together.clear();
            }
            return together.add(change);
          });
      if (!together.isEmpty()) {
        writer.append(together);
      }
    }
    return changes;
  }
}
