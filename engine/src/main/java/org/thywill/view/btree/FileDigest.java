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
 * Computes the digest of the rows in a database file, page by page, on all processors. No other
 * program may write the file meanwhile. A digest does not depend on the order of rows, so each
 * thread takes leaves of the tables, a share at a time.
 */
public final class FileDigest {
  private static final int SHARE_LEAVES = 256;
  private final Path file;
  private final boolean isLogEmpty;
  private final Queue<Share> left = new ConcurrentLinkedQueue<>();
  private final Map<Table, TableDigest> sums = new HashMap<>();

  /** Leaves of one table, which one thread reads. */
  private record Share(TableFileWriter.Roots roots, List<Integer> leaves) {}

  private FileDigest(Path file, boolean isLogEmpty) {
    this.file = file;
    this.isLogEmpty = isLogEmpty;
  }

  /**
   * The digest of the rows of some tables.
   *
   * @param tables the root pages of each
   * @throws IOException if a page breaks the file format, or a value is not of its column's type
   */
  public static Digest of(Path file, List<TableFileWriter.Roots> tables) throws IOException {
    return of(file, tables, false);
  }

  /**
   * As {@link #of(Path, List)}. On POSIX systems no connection of this process may be open: it
   * would lose its locks on the file.
   *
   * @param isLogEmpty whether the file may have a write-ahead log, which holds no page
   */
  public static Digest of(Path file, List<TableFileWriter.Roots> tables, boolean isLogEmpty)
      throws IOException {
    FileDigest digest = new FileDigest(file, isLogEmpty);
    digest.share(tables);
    int threads = Math.min(Runtime.getRuntime().availableProcessors(), digest.left.size());
    if (threads > 1) {
      FileWorkers.run("digest", Collections.nCopies(threads, digest::addShares));
    } else {
      digest.addShares();
    }
    Map<String, Digest.Entry> entries = new HashMap<>();
    digest.sums.forEach(
        (table, sum) -> entries.put(table.name(), new Digest.Entry(sum.rows(), sum.hex())));
    return new Digest(entries);
  }

  private void share(List<TableFileWriter.Roots> tables) throws IOException {
    try (PageReader pages = PageReader.open(file, isLogEmpty)) {
      pages.requireWhole();
      for (TableFileWriter.Roots roots : tables) {
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
    try (PageReader pages = PageReader.open(file, isLogEmpty)) {
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
