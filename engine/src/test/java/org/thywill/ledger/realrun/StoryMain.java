package org.thywill.ledger.realrun;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Values;
import org.thywill.ledger.ConcurrentWriterMain;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Receipt;
import org.thywill.progress.ProgressListener;

/**
 * A program that does one thing to an archive on a real disk, while its file calls fail. Its output
 * has a line {@code acknowledged ID FIRST LAST} or {@code refused ID REASON} for each transaction,
 * and last a line {@code ended} or {@code failed REASON}.
 */
final class StoryMain {
  private static final Duration NEXT_MONTH = Duration.ofDays(40);
  private static final int WRITES = 3;

  private StoryMain() {}

  /** Arguments: the archive, the database, a folder for scratch files, and what to do. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path archive = Path.of(arguments[0]);
    Path database = Path.of(arguments[1]);
    try {
      switch (arguments[3]) {
        case "write" -> write(archive, database, InstantSource.system(), WRITES, false, out);
        case "checkpoint" -> write(archive, database, InstantSource.system(), 1, true, out);
        case "seal" -> write(archive, database, later(), 1, true, out);
        case "repair" -> repair(archive, Path.of(arguments[2]));
        default -> throw new IllegalArgumentException(arguments[3]);
      }
      out.println("ended");
    } catch (IOException | RuntimeException e) {
      out.println("failed " + e);
    }
  }

  static InstantSource later() {
    return InstantSource.offset(InstantSource.system(), NEXT_MONTH);
  }

  private static void write(
      Path archive,
      Path database,
      InstantSource clock,
      int writes,
      boolean isCheckpoint,
      PrintStream out)
      throws IOException {
    try (Ledger ledger = Ledger.open(archive, database, clock, ProgressListener.NONE)) {
      for (int i = 0; i < writes; i++) {
        String id = "story-" + i;
        try {
          Receipt receipt = write(ledger, id);
          out.println("acknowledged " + id + " " + receipt.first() + " " + receipt.last());
        } catch (IOException | RuntimeException e) {
          out.println("refused " + id + " " + e);
        }
      }
      if (isCheckpoint) {
        ledger.checkpoint();
      }
    }
  }

  static Receipt write(Ledger ledger, String id) throws IOException {
    return ledger.write(
        Change.Cause.by("writer").withIdempotencyKey(id),
        tx -> {
          tx.add(ConcurrentWriterMain.prayer(id));
          tx.add(ConcurrentWriterMain.mark(id));
          tx.change(Catalog.PRAYERS, id, Values.of(Catalog.Prayers.MODERATION, "flagged"));
        });
  }

  private static void repair(Path archive, Path scratch) throws IOException {
    ArchiveRepairer repair =
        ArchiveRepairer.plan(
            new FileSystemDisk(archive),
            Map.of(),
            new FileSystemDisk(scratch),
            ProgressListener.NONE);
    repair.apply();
  }
}
