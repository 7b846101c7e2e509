package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The b-tree of an index on one column. Entries come in order; each stands once, in a leaf or,
 * between two leaves, above them.
 */
final class IndexTree {
  private final PageFile file;
  private final Payload payload;
  private final Node leaf;
  private final Branches branches;
  private final byte[] cell;
  private byte @Nullable [] above;

  IndexTree(PageFile file) {
    this.file = file;
    this.payload = Payload.ofIndex(file);
    this.leaf = new Node(Node.INDEX_LEAF, file.pageBytes());
    this.branches = new Branches(file, Node.INDEX_INTERIOR);
    this.cell = new byte[Bytes.VARINT_BYTES_MAX + payload.bytesMax()];
  }

  void add(byte[] record, int bytes) throws IOException {
    int at = Bytes.putVarint(cell, 0, bytes);
    at = payload.put(record, bytes, cell, at);
    if (above != null) {
      branches.add(file.append(leaf.page()), above);
      leaf.clear();
      above = null;
    }
    if (leaf.fits(at)) {
      leaf.add(cell, at);
    } else {
      above = Arrays.copyOf(cell, at);
    }
  }

  /** Writes the rest, and the root to its page. */
  void finish(int root) throws IOException {
    if (above != null) { // nothing came behind it, so it moves down, and the entry before it up
      byte[] before = leaf.removeLast();
      branches.add(file.append(leaf.page()), before);
      leaf.clear();
      leaf.add(above, above.length);
    }
    if (branches.isEmpty()) {
      file.replace(root, leaf.page());
    } else {
      branches.finish(file.append(leaf.page()), root);
    }
  }
}
