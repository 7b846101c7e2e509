package org.thywill.database.pages;

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
 * Fills empty tables of a view with the rows of changes, their indexes included. SQLite has made the file, and has closed it; until
 * {@link #finish} has returned the file is good for nothing, and nothing is forced. One table is filled after the other. For one thread.
 */
public final class ViewPages implements Closeable {
  private static final int SORT_BYTES = 1 << 24;
  private final Path folder;
  private final PageFile file;
  private final int sortBytes;
  private @Nullable Filling filling;

  /**
   * Where the b-trees of a table begin.
   *
   * @param root the page of the rows
   * @param indexes the page of each index and the column that it is on; the key's index is the first
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

  /** As {@link #open(Path)}, with so many bytes of keys in memory for each index, and temporary files for the others. */
  public static ViewPages open(Path file, int sortBytes) throws IOException {
    return new ViewPages(Objects.requireNonNull(file.toAbsolutePath().getParent()), PageFile.open(file), sortBytes);
  }

  /** Begins to fill a table, which is empty; what was added to one that was not {@linkplain #end ended} is taken back. */
  public void begin(Roots roots) throws IOException {
    if (filling != null) {
      filling.close();
      file.cut(filling.firstPage);
    }
    filling = new Filling(roots);
  }

  /** Adds the row of a change to the table; its key is new. */
  public void add(Change change) throws IOException {
    Objects.requireNonNull(filling).add(change);
  }

  /**
   * Writes what is left of the table, and its indexes.
   *
   * @throws TwoRowsOfOneKey if a key was added twice
   */
  public void end() throws IOException {
    Objects.requireNonNull(filling).end();
    filling = null;
  }

  /** Makes the file a database again. Not forced yet. */
  public void finish() throws IOException {
    file.finish();
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (filling != null) {
        filling.close();
      }
    }
  }

  /** A table on its way into the file. */
  private final class Filling implements Closeable {
    private final Roots roots;
    private final int firstPage;
    private final RowRecord record;
    private final TableTree rows;
    private final SortKey key = new SortKey();
    private final List<EntrySorter> sorters = new ArrayList<>();

    Filling(Roots roots) {
      this.roots = roots;
      this.firstPage = file.end();
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
      List<Workers.Work> writing = new ArrayList<>();
      for (int i = 0; i < sorters.size(); i++) {
        Index index = roots.indexes().get(i);
        EntrySorter sorter = sorters.get(i);
        writing.add(() -> write(index, sorter));
      }
      Workers.run("index", writing);
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
