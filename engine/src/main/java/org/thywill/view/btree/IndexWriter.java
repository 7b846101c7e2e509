package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import org.thywill.catalog.Table;

/** Turns sorted entries into the b-tree of an index. */
final class IndexWriter {
  private final Table table;
  private final ViewPages.Index index;
  private final IndexTree tree;
  private byte[] record = new byte[256];
  private byte[] last = new byte[64];
  private int lastBytes = -1;

  IndexWriter(Table table, ViewPages.Index index, PageFile file) {
    this.table = table;
    this.index = index;
    this.tree = new IndexTree(file);
  }

  void add(byte[] keys, int from, int to, long row) throws IOException {
    if (index.unique()) {
      requireNew(keys, from, to);
    }
    int max = SortKey.recordBytesMax(to - from);
    if (record.length < max) {
      record = new byte[2 * max];
    }
    tree.add(record, SortKey.record(keys, from, to, row, record));
  }

  private void requireNew(byte[] keys, int from, int to) throws TwoRowsOfOneKey {
    if (Arrays.equals(keys, from, to, last, 0, Math.max(lastBytes, 0)) && lastBytes >= 0) {
      throw new TwoRowsOfOneKey(table);
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
