package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import org.thywill.catalog.Table;

/** Writes sorted entries as the b-tree of an index. */
final class IndexWriter {
  private static final int RECORD_BYTES_FIRST = 256;
  private static final int KEY_BYTES_FIRST = 64;

  private final Table table;
  private final TableFileWriter.Index index;
  private final IndexTree tree;
  private byte[] record = new byte[RECORD_BYTES_FIRST];
  private byte[] last = new byte[KEY_BYTES_FIRST];

  /** The length of the last key, or -1 before the first one. */
  private int lastBytes = -1;

  IndexWriter(Table table, TableFileWriter.Index index, PageFile file) {
    this.table = table;
    this.index = index;
    this.tree = new IndexTree(file);
  }

  void add(byte[] keys, int from, int to, long row) throws IOException {
    if (index.isUnique()) {
      requireNew(keys, from, to);
    }
    int max = SortKey.recordBytesMax(to - from);
    if (record.length < max) {
      record = new byte[2 * max];
    }
    tree.add(record, SortKey.record(keys, from, to, row, record));
  }

  private void requireNew(byte[] keys, int from, int to) throws DuplicateKeyException {
    if (lastBytes >= 0 && Arrays.equals(keys, from, to, last, 0, lastBytes)) {
      throw new DuplicateKeyException(table);
    }
    lastBytes = to - from;
    if (last.length < lastBytes) {
      last = new byte[2 * lastBytes];
    }
    System.arraycopy(keys, from, last, 0, lastBytes);
  }

  void finish() throws IOException {
    tree.finish(index.root());
  }
}
