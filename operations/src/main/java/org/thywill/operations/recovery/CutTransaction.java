package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Change;
import org.thywill.operations.ArchiveFolders;
import org.thywill.view.rebuild.PointInTime;

/** Explains why a rebuild ends earlier than the change that was named: a transaction is whole. */
public final class CutTransaction {
  private CutTransaction() {}

  /** A sentence if the point in time is a change within a transaction; empty otherwise. */
  public static Optional<String> at(Path archive, PointInTime until) throws IOException {
    if (until.seq() == Long.MAX_VALUE) {
      return Optional.empty();
    }
    return ArchiveReader.open(ArchiveFolders.archive(archive), 0)
        .history()
        .last(change -> change.seq() <= until.seq())
        .filter(change -> change.seq() == until.seq())
        .map(Change::stamp)
        .filter(stamp -> stamp.last() > until.seq())
        .map(
            stamp ->
                "Change %d is part of a transaction that ends with change %d; the last whole one before it ends with change %d."
                    .formatted(until.seq(), stamp.last(), stamp.first() - 1));
  }
}
