package org.thywill.ledger;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;

/**
 * A program that writes to a ledger with many threads until it is killed. Its output has a line for
 * each acknowledged transaction: {@code ROUND-THREAD-NUMBER FIRST LAST}. The text of a prayer
 * follows from its id.
 */
public final class ConcurrentWriterMain {
  private static final int WRITERS = 6;
  private static final int CHECKPOINT_MILLIS = 100;
  private static final Change.Cause CAUSE = Change.Cause.by("writer");

  private ConcurrentWriterMain() {}

  /** Arguments: the archive, the database and the number of the round. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    Ledger ledger =
        Ledger.open(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            InstantSource.system(),
            ProgressListener.NONE);
    for (int thread = 0; thread < WRITERS; thread++) {
      String prefix = arguments[2] + "-" + thread + "-";
      Thread.ofPlatform().start(() -> writeUntilKilled(ledger, prefix, out));
    }
    while (true) {
      ledger.checkpoint();
      Thread.sleep(CHECKPOINT_MILLIS);
    }
  }

  private static void writeUntilKilled(Ledger ledger, String prefix, PrintStream out) {
    for (int number = 0; ; number++) {
      String id = prefix + number;
      try {
        Receipt receipt =
            ledger.write(
                CAUSE.withIdempotencyKey(id),
                tx -> {
                  tx.add(prayer(id));
                  tx.add(mark(id));
                  tx.change(Catalog.PRAYERS, id, Values.of(Catalog.Prayers.MODERATION, "flagged"));
                });
        synchronized (out) {
          out.println(id + " " + receipt.first() + " " + receipt.last());
          out.flush();
        }
      } catch (IOException | RuntimeException e) {
        out.println("failed: " + e);
        out.flush();
        return;
      }
    }
  }

  public static Row prayer(String id) {
    RandomGenerator random = Seeds.random(id.hashCode());
    return Row.in(Catalog.PRAYERS)
        .set(Catalog.Prayers.ID, id)
        .set(Catalog.Prayers.AUTHOR, "system")
        .set(Catalog.Prayers.TEXT, new HostileText(random).next())
        .set(Catalog.Prayers.CREATED_AT, 2L)
        .set(Catalog.Prayers.MODERATION, "open")
        .set(Catalog.Prayers.VISIBILITY, "members")
        .build();
  }

  public static Row mark(String id) {
    return Row.in(Catalog.MARKS)
        .set(Catalog.Marks.ID, "mark-" + id)
        .set(Catalog.Marks.PRAYER, id)
        .set(Catalog.Marks.MEMBER, "system")
        .set(Catalog.Marks.CREATED_AT, 3L)
        .build();
  }
}
