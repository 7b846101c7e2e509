package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.BulkLedger;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;

/**
 * Writes the archive of an invented community, and its view; then changes some rows, so that there
 * is something to apply.
 */
final class Generator {
  private static final String COMMUNITY = "0123456789abcdef0123456789abcdef";
  private static final InstantSource AFTERWARDS =
      InstantSource.fixed(Instant.parse("2026-01-01T08:00:00Z"));
  private static final int CHANGED_OF = 1_000;
  private static final int CHANGES_IN_ONE = 50;
  private final Path folder;

  /** Writes below a folder. */
  Generator(Path folder) {
    this.folder = folder;
  }

  Path archive() {
    return folder.resolve("text_archives");
  }

  Path view() {
    return folder.resolve("community.db");
  }

  void generate(long rows, long seed) throws IOException {
    Files.createDirectories(folder);
    try (BulkLedger history =
        new BulkLedger(
            new FileSystemDisk(archive()),
            COMMUNITY,
            Timestamps.micros(Instant.parse("2024-01-01T00:00:00Z")))) {
      new InventedCommunity(rows, seed).tell(history::add);
      history.finish();
    }
    change(rows);
  }

  /** Marks one row of a thousand as read. */
  private void change(long rows) throws IOException {
    try (Ledger ledger = Ledger.open(archive(), view(), AFTERWARDS, ProgressListener.NONE)) {
      List<String> chosen = new ArrayList<>();
      try (var view = ledger.read()) {
        view.forEach(
            Catalog.NOTIFICATIONS,
            row -> {
              if (chosen.size() < rows / CHANGED_OF) {
                chosen.add(row.key());
              }
            });
      }
      for (int i = 0; i < chosen.size(); i += CHANGES_IN_ONE) {
        List<String> some = chosen.subList(i, Math.min(i + CHANGES_IN_ONE, chosen.size()));
        ledger.write(
            Change.Cause.by("system"),
            transaction -> {
              for (String key : some) {
                transaction.change(
                    Catalog.NOTIFICATIONS,
                    key,
                    Map.of("is_read", true, "read_at", transaction.atMicros()));
              }
            });
      }
    }
  }
}
