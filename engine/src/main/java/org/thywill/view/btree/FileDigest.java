package org.thywill.view.btree;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.catalog.TableDigest;

/**
 * The digest of the rows as they stand in a file that nobody writes, read page by page. Since a
 * digest does not depend on the order of rows, as many threads as there are processors each take a
 * share of the leaves.
 */
public final class FileDigest {
  private static final int SHARE_LEAVES = 256;
  private final Path file;
  private final Queue<Share> left = new ConcurrentLinkedQueue<>();
  private final Map<Table, TableDigest> sums = new HashMap<>();

  /** Some leaves of a table. */
  private record Share(ViewPages.Roots roots, List<Integer> leaves) {}

  private FileDigest(Path file) {
    this.file = file;
  }

  /**
   * The digest of tables.
   *
   * @param tables where each begins
   * @throws IOException if a page is not what the format says, or a row not what its table holds
   */
  public static Digest of(Path file, List<ViewPages.Roots> tables) throws IOException {
    FileDigest digest = new FileDigest(file);
    digest.share(tables);
    Workers.run(
        "digest",
        Collections.nCopies(Runtime.getRuntime().availableProcessors(), digest::addShares));
    Map<String, Digest.Entry> entries = new HashMap<>();
    digest.sums.forEach(
        (table, sum) -> entries.put(table.name(), new Digest.Entry(sum.rows(), sum.hex())));
    return new Digest(entries);
  }

  private void share(List<ViewPages.Roots> tables) throws IOException {
    try (PageReader pages = PageReader.open(file)) {
      for (ViewPages.Roots roots : tables) {
        sums.put(roots.table(), new TableDigest());
        List<Integer> leaves = pages.leaves(roots.root());
        for (int from = 0; from < leaves.size(); from += SHARE_LEAVES) {
          left.add(
              new Share(roots, leaves.subList(from, Math.min(from + SHARE_LEAVES, leaves.size()))));
        }
      }
    }
  }

  private void addShares() throws IOException {
    try (PageReader pages = PageReader.open(file)) {
      for (Share share = left.poll(); share != null; share = left.poll()) {
        TableDigest digest = new TableDigest();
        pages.forEachRow(share.roots(), share.leaves(), digest::add);
        TableDigest sum = Objects.requireNonNull(sums.get(share.roots().table()));
        synchronized (sum) {
          sum.add(digest);
        }
      }
    }
  }
}
