package org.thywill.view.btree;

import java.io.IOException;

/**
 * Writes the b-tree of a table, whose rows get the numbers 1, 2, 3 … in the order of their arrival.
 */
final class TableTree {
  private final PageFile file;
  private final Payload payload;
  private final PageBuilder leaf;
  private final InteriorPageWriter interior;
  private final byte[] cell;
  private long rows;

  TableTree(PageFile file) {
    this.file = file;
    this.payload = Payload.ofTable(file);
    this.leaf = new PageBuilder(PageLayout.TABLE_LEAF, file.pageBytes());
    this.interior = new InteriorPageWriter(file, PageLayout.TABLE_INTERIOR);
    this.cell = new byte[2 * NumberEncoding.VARINT_BYTES_MAX + payload.bytesMax()];
  }

  /** How many rows were added. */
  long rows() {
    return rows;
  }

  void add(byte[] record, int bytes) throws IOException {
    int at = NumberEncoding.putVarint(cell, 0, bytes);
    at = NumberEncoding.putVarint(cell, at, rows + 1);
    at = payload.put(record, bytes, cell, at);
    if (!leaf.fits(at)) {
      byte[] largest = new byte[NumberEncoding.varintBytes(rows)];
      NumberEncoding.putVarint(largest, 0, rows);
      interior.add(file.append(leaf.bytes()), largest);
      leaf.clear();
    }
    leaf.add(cell, at);
    rows++;
  }

  /** Writes the remaining pages, and the root to its page. */
  void finish(int root) throws IOException {
    if (interior.isEmpty()) {
      file.replace(root, leaf.bytes());
    } else {
      interior.finish(file.append(leaf.bytes()), root);
    }
  }
}
