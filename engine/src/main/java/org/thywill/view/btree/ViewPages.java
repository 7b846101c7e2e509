package org.thywill.view.btree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Change;
import org.thywill.catalog.Table;

/**
 * Fills empty tables of a view with the rows of changes, their indexes included. SQLite has made
 * the file, and has closed it; until {@link #finish} has returned the file is good for nothing, and
 * nothing is forced. One table is filled after the other, and its indexes are written while the
 * next one is filled. To be called by one thread.
 */
public final class ViewPages implements Closeable {
  private static final int SORT_BYTES = 1 << 24;
  private final Path folder;
  private final PageFile file;
  private final int sortBytes;
  private Workers workers = indexWorkers();
  private @Nullable Filling filling;

  /**
   * Where the b-trees of a table begin.
   *
   * @param root the page of the rows
   * @param indexes the page of each index and the column that it is on; the key's index is the
   *     first
   */
  public record Roots(Table table, boolean hasAddedAt, int root, List<Index> indexes) {}

  /**
   * An index on one column.
   *
   * @param column its position in the table
   * @param unique whether two rows of one value are refused
   */
  public record Index(int root, int column, boolean unique) {}

  private ViewPages(Path folder, PageFile file, int sortBytes) {
    this.folder = folder;
    this.file = file;
    this.sortBytes = sortBytes;
  }

  /** Opens a file whose tables were made by SQLite. */
  public static ViewPages open(Path file) throws IOException {
    return open(file, SORT_BYTES);
  }

  /**
   * As {@link #open(Path)}, with so many bytes of keys in memory for each index, and temporary
   * files for the others.
   */
  public static ViewPages open(Path file, int sortBytes) throws IOException {
    return new ViewPages(
        Objects.requireNonNull(file.toAbsolutePath().getParent()), PageFile.open(file), sortBytes);
  }

  /** Begins to fill a table, which is empty. */
  public void begin(Roots roots) {
    filling = new Filling(roots);
  }

  /** Adds the row of a change to the table; its key is new. */
  public void add(Change change) throws IOException {
    Objects.requireNonNull(filling).add(change);
  }

  /**
   * Ends the table.
   *
   * @throws TwoRowsOfOneKey if a key was added twice, here or to a table before
   */
  public void end() throws IOException {
    workers.await(); // so that the keys of two tables are in memory at the most
    Filling ended = Objects.requireNonNull(filling);
    filling = null;
    ended.end();
  }

  /** Takes all tables back that were filled or begun: they are empty again. */
  public void restart() throws IOException {
    closeFilling();
    workers.close();
    workers = indexWorkers();
    file.restart();
  }

  /**
   * Makes the file a database again. Not forced yet.
   *
   * @throws TwoRowsOfOneKey if a key was added twice
   */
  public void finish() throws IOException {
    workers.await();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    try (file;
        Workers _ = workers) {
      closeFilling();
    }
  }

  private static Workers indexWorkers() {
    return new Workers("index", Runtime.getRuntime().availableProcessors());
  }

  private void closeFilling() throws IOException {
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }

  /** A table on its way into the file. */
  private final class Filling implements Closeable {
    private final Roots roots;
    private final RowRecord record;
    private final TableTree rows;
    private final SortKey key = new SortKey();
    private final List<EntrySorter> sorters = new ArrayList<>();

    Filling(Roots roots) {
      this.roots = roots;
      this.record = new RowRecord(roots.table(), roots.hasAddedAt());
      this.rows = new TableTree(file);
      roots.indexes().forEach(index -> sorters.add(new EntrySorter(folder, sortBytes)));
    }

    void add(Change change) throws IOException {
      record.encode(change);
      rows.add(record.bytes(), record.length());
      for (int i = 0; i < sorters.size(); i++) {
        record.index(roots.indexes().get(i).column(), key, sorters.get(i));
      }
    }

    void end() throws IOException {
      if (rows.rows() == 0) {
        close();
        return; // as SQLite made it
      }
      rows.finish(roots.root());
      for (int i = 0; i < sorters.size(); i++) {
        Index index = roots.indexes().get(i);
        EntrySorter sorter = sorters.get(i);
        workers.start(() -> write(index, sorter));
      }
    }

    private void write(Index index, EntrySorter sorter) throws IOException {
      try (sorter) {
        IndexWriter writer = new IndexWriter(roots.table(), index, file);
        sorter.forEach(writer::add);
        writer.finish();
      }
    }

    @Override
    public void close() throws IOException {
      for (EntrySorter sorter : sorters) {
        sorter.close();
      }
    }
  }
}
