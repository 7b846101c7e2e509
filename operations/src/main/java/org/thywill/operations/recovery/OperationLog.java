package org.thywill.operations.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.ScratchFolder;
import org.thywill.progress.ProgressListener;

/**
 * Records what an operator did to an archive in the table {@code operations}.
 *
 * <p>An entry is a change of its own, made through the ledger as any other change.
 */
public final class OperationLog {
  /** The kind of the entry of a repair. */
  public static final String REPAIR = "repair";

  /** The kind of the entry of a command that wrote although no place could be reached. */
  public static final String ALONE = "alone";

  /** The kind of the entry of a command that wrote to an archive that had gone further before. */
  public static final String OLDER = "older";

  /** The kind of the entries that bring two histories together. */
  static final String FORK = "fork";

  /** The kind of the entry that accepts the digest of the rows. */
  static final String DIGEST = "digest";

  /** The kind of the entry that ends a recovery. */
  static final String RESUME = "resume";

  private final Path archive;
  private final Path database;
  private final InstantSource clock;
  private final ProgressListener progress;

  /**
   * Creates the log of one community.
   *
   * @param database the file of the view; if it is missing, a view is built in a scratch folder for
   *     each entry, and the file stays missing
   */
  public OperationLog(Path archive, Path database, InstantSource clock, ProgressListener progress) {
    this.archive = archive;
    this.database = database;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * An entry of the log.
   *
   * @param id a random id
   * @param kind {@code drill}, {@code repair}, {@code gap}, {@code digest}, {@code override},
   *     {@code resume}, {@code alone}, {@code older} or {@code fork}
   * @param reason in the operator's words; may be empty
   */
  public record Entry(String id, String kind, String outcome, String details, String reason) {
    /** The row of the table. */
    public Row row() {
      return Row.in(Catalog.OPERATIONS)
          .set(Catalog.Operations.ID, id)
          .set(Catalog.Operations.KIND, kind)
          .set(Catalog.Operations.OUTCOME, outcome)
          .set(Catalog.Operations.DETAILS, details)
          .build();
    }

    /**
     * Writes the entry to a ledger that is open already.
     *
     * @param actor who makes the change
     * @param why the reason that the change gets
     * @return the number of the change
     */
    public long write(Ledger ledger, String actor, String why) throws IOException {
      return ledger
          .write(Change.Cause.by(actor).because(why), transaction -> transaction.add(row()))
          .first();
    }
  }

  /**
   * Writes an entry.
   *
   * @return the number of the change
   * @throws org.thywill.archive.disk.ArchiveLock.Held if another process holds the archive
   * @throws org.thywill.ledger.StartRefusedException if the view and the archive do not belong
   *     together
   * @throws org.thywill.archive.format.DamagedArchiveException if the archive is not sound enough
   *     to be written
   */
  public long write(Entry entry) throws IOException {
    if (Files.exists(database)) {
      return write(database, entry);
    }
    Path scratch = ScratchFolder.create(database);
    try {
      return write(scratch.resolve("view.db"), entry);
    } finally {
      ArchiveFolders.delete(scratch);
    }
  }

  private long write(Path view, Entry entry) throws IOException {
    try (Ledger ledger = Ledger.open(archive, view, clock, progress)) {
      return ledger
          .write(
              Change.Cause.by(HandleNormalizer.SYSTEM).because(entry.reason()),
              transaction -> transaction.add(entry.row()))
          .first();
    }
  }
}
