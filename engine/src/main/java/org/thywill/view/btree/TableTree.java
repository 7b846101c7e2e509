package org.thywill.view.btree;

import java.io.IOException;

/** The b-tree of a table, whose rows are numbered 1, 2, 3 … as they come. */
final class TableTree {
  private final PageFile file;
  private final Payload payload;
  private final Node leaf;
  private final Branches branches;
  private final byte[] cell;
  private long rows;

  TableTree(PageFile file) {
    this.file = file;
    this.payload = Payload.ofTable(file);
    this.leaf = new Node(Node.TABLE_LEAF, file.pageBytes());
    this.branches = new Branches(file, Node.TABLE_INTERIOR);
    this.cell = new byte[2 * Bytes.VARINT_BYTES_MAX + payload.bytesMax()];
  }

  /** How many rows there are. */
  long rows() {
    return rows;
  }

  void add(byte[] record, int bytes) throws IOException {
    int at = Bytes.putVarint(cell, 0, bytes);
    at = Bytes.putVarint(cell, at, rows + 1);
    at = payload.put(record, bytes, cell, at);
    if (!leaf.fits(at)) {
      byte[] largest = new byte[Bytes.varintBytes(rows)];
      Bytes.putVarint(largest, 0, rows);
      branches.add(file.append(leaf.page()), largest);
      leaf.clear();
    }
    leaf.add(cell, at);
    rows++;
  }

  /** Writes the rest, and the root to its page. */
  void finish(int root) throws IOException {
    if (branches.isEmpty()) {
      file.replace(root, leaf.page());
    } else {
      branches.finish(file.append(leaf.page()), root);
    }
  }
}
