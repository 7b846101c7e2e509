package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the b-tree of an index on one column. Entries come in order. Each is written once: in a
 * leaf, or in the interior page that separates two leaves.
 */
final class IndexTree {
  private final PageFile file;
  private final Payload payload;
  private final PageBuilder leaf;
  private final InteriorPageWriter interior;
  private final byte[] cell;

  /** The cell that separates the full leaf from the next one; null while the leaf is not full. */
  private byte @Nullable [] separator;

  IndexTree(PageFile file) {
    this.file = file;
    this.payload = Payload.ofIndex(file);
    this.leaf = new PageBuilder(PageLayout.INDEX_LEAF, file.pageBytes());
    this.interior = new InteriorPageWriter(file, PageLayout.INDEX_INTERIOR);
    this.cell = new byte[NumberEncoding.VARINT_BYTES_MAX + payload.bytesMax()];
  }

  void add(byte[] record, int bytes) throws IOException {
    int at = NumberEncoding.putVarint(cell, 0, bytes);
    at = payload.put(record, bytes, cell, at);
    if (separator != null) {
      interior.add(file.append(leaf.bytes()), separator);
      leaf.clear();
      separator = null;
    }
    if (leaf.fits(at)) {
      leaf.add(cell, at);
    } else {
      separator = Arrays.copyOf(cell, at);
    }
  }

  /** Writes the remaining pages, and the root to its page. */
  void finish(int root) throws IOException {
    if (separator != null) {
      // No entry follows, and a leaf must not be empty: the separator goes into the last leaf, and
      // the entry before it becomes the separator.
      byte[] before = leaf.removeLast();
      interior.add(file.append(leaf.bytes()), before);
      leaf.clear();
      leaf.add(separator, separator.length);
    }
    if (interior.isEmpty()) {
      file.replace(root, leaf.bytes());
    } else {
      interior.finish(file.append(leaf.bytes()), root);
    }
  }
}
