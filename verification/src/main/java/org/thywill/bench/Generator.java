package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.ledger.BulkLedger;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;

/**
 * Writes the archive and the view of an invented community.
 *
 * <p>In the end it changes some rows, so that a rebuild has changes to apply.
 */
final class Generator {
  private static final String COMMUNITY = "0123456789abcdef0123456789abcdef";
  private static final InstantSource AFTERWARDS =
      InstantSource.fixed(Instant.parse("2026-01-01T08:00:00Z"));
  private static final int ROWS_PER_CHANGE = 1_000;
  private static final int CHANGES_PER_TRANSACTION = 50;
  private final Path folder;

  /** A generator that writes into a folder. */
  Generator(Path folder) {
    this.folder = folder;
  }

  /** The folder of the archive. */
  Path archive() {
    return folder.resolve("text_archives");
  }

  /** The file of the view. */
  Path view() {
    return folder.resolve("community.db");
  }

  /**
   * Writes both.
   *
   * @param rows about how many rows the community has
   * @param seed the same seed gives the same rows
   */
  void generate(long rows, long seed) throws IOException {
    Files.createDirectories(folder);
    try (BulkLedger history =
        new BulkLedger(
            new FileSystemDisk(archive()),
            COMMUNITY,
            Timestamps.micros(Instant.parse("2024-01-01T00:00:00Z")))) {
      new InventedCommunity(rows, seed).writeTo(history::add);
      history.finish();
    }
    change(rows);
  }

  /** Marks as many notifications as read as there are thousands of rows. */
  private void change(long rows) throws IOException {
    try (Ledger ledger = Ledger.open(archive(), view(), AFTERWARDS, ProgressListener.NONE)) {
      List<String> chosen = new ArrayList<>();
      try (var view = ledger.read()) {
        view.forEach(
            Catalog.NOTIFICATIONS,
            row -> {
              if (chosen.size() < rows / ROWS_PER_CHANGE) {
                chosen.add(row.key());
              }
            });
      }
      for (int i = 0; i < chosen.size(); i += CHANGES_PER_TRANSACTION) {
        List<String> some = chosen.subList(i, Math.min(i + CHANGES_PER_TRANSACTION, chosen.size()));
        ledger.write(
            Change.Cause.by("system"),
            transaction -> {
              for (String key : some) {
                transaction.change(
                    Catalog.NOTIFICATIONS,
                    key,
                    Values.of(Catalog.Notifications.IS_READ, true)
                        .and(Catalog.Notifications.READ_AT, transaction.atMicros()));
              }
            });
      }
    }
  }
}
