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
 * Writes rows and indexes into the empty tables of a database file. SQLite has made the file and
 * closed it. The file cannot be used until {@link #finish} has returned, and nothing is forced.
 *
 * <p>Tables are filled one after the other; the indexes of a table are written while the next one
 * is filled. Not safe for several threads.
 */
public final class TableFileWriter implements Closeable {
  private static final int SORT_BYTES = 1 << 24;
  private final Path folder;
  private final PageFile file;
  private final int sortBytes;
  private FileWorkers workers = indexWorkers();
  private @Nullable Filling filling;

  /**
   * The root pages of a table.
   *
   * @param root the page where the b-tree of the rows begins
   * @param indexes of the table; the index of its key is the first
   */
  public record Roots(Table table, boolean hasAddedAt, int root, List<Index> indexes) {}

  /**
   * An index on one column.
   *
   * @param root the page where its b-tree begins
   * @param column the position of the column in the table
   * @param isUnique whether two rows of one value are an error
   */
  public record Index(int root, int column, boolean isUnique) {}

  private TableFileWriter(Path folder, PageFile file, int sortBytes) {
    this.folder = folder;
    this.file = file;
    this.sortBytes = sortBytes;
  }

  /**
   * Opens a file whose tables were made by SQLite.
   *
   * @throws IOException if the file is no database, or has a write-ahead log
   */
  public static TableFileWriter open(Path file) throws IOException {
    return open(file, SORT_BYTES);
  }

  /**
   * As {@link #open(Path)}, with a bound on memory.
   *
   * @param sortBytes how many bytes of keys each index keeps in memory; more go to temporary files
   */
  public static TableFileWriter open(Path file, int sortBytes) throws IOException {
    return new TableFileWriter(
        Objects.requireNonNull(file.toAbsolutePath().getParent()), PageFile.open(file), sortBytes);
  }

  /** Begins to fill a table, which must be empty. */
  public void begin(Roots roots) {
    filling = new Filling(roots);
  }

  /** Adds the row of a change to the table that was begun last. */
  public void add(Change change) throws IOException {
    Objects.requireNonNull(filling).add(change);
  }

  /**
   * Ends the table.
   *
   * @throws DuplicateKeyException if a key was added twice, to this table or an earlier one
   */
  public void end() throws IOException {
    workers.await(); // so that at most two tables have their keys in memory
    Filling ended = Objects.requireNonNull(filling);
    filling = null;
    ended.end();
  }

  /** Empties all tables that were filled or begun. */
  public void restart() throws IOException {
    closeFilling();
    workers.close();
    workers = indexWorkers();
    file.restart();
  }

  /**
   * Completes the file, so that SQLite can open it; does not force it.
   *
   * @throws DuplicateKeyException if a key was added twice
   */
  public void finish() throws IOException {
    workers.await();
    file.finish();
  }

  @Override
  public void close() throws IOException {
    try (file;
        FileWorkers _ = workers) {
      closeFilling();
    }
  }

  private static FileWorkers indexWorkers() {
    return new FileWorkers("index", Runtime.getRuntime().availableProcessors());
  }

  private void closeFilling() throws IOException {
    if (filling != null) {
      filling.close();
      filling = null;
    }
  }

  /** The rows and index entries of one table. */
  private final class Filling implements Closeable {
    private final Roots roots;
    private final RowRecord record;
    private final TableTree rows;
    private final SortKey key = new SortKey();
    private final List<ExternalSorter> sorters = new ArrayList<>();

    Filling(Roots roots) {
      this.roots = roots;
      this.record = new RowRecord(roots.table(), roots.hasAddedAt());
      this.rows = new TableTree(file);
      roots.indexes().forEach(index -> sorters.add(new ExternalSorter(folder, sortBytes)));
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
        return; // the table stays as SQLite made it
      }
      rows.finish(roots.root());
      for (int i = 0; i < sorters.size(); i++) {
        Index index = roots.indexes().get(i);
        ExternalSorter sorter = sorters.get(i);
        workers.start(() -> write(index, sorter));
      }
    }

    private void write(Index index, ExternalSorter sorter) throws IOException {
      try (sorter) {
        IndexWriter writer = new IndexWriter(roots.table(), index, file);
        sorter.forEach(writer::add);
        writer.finish();
      }
    }

    @Override
    public void close() throws IOException {
      for (ExternalSorter sorter : sorters) {
        sorter.close();
      }
    }
  }
}
