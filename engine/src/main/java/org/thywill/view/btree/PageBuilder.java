package org.thywill.view.btree;

import java.util.Arrays;

/**
 * Fills one page of a b-tree. Cells come in the order of their keys; they lie from the end of the
 * page towards its header.
 */
final class PageBuilder {
  private final byte[] page;
  private final int headerBytes;
  private int cells;
  private int content;

  PageBuilder(int type, int pageBytes) {
    this.page = new byte[pageBytes];
    this.headerBytes =
        type == PageLayout.TABLE_LEAF || type == PageLayout.INDEX_LEAF
            ? PageLayout.LEAF_HEADER_BYTES
            : PageLayout.INTERIOR_HEADER_BYTES;
    this.content = pageBytes;
    page[0] = (byte) type;
  }

  void clear() {
    cells = 0;
    content = page.length;
  }

  boolean fits(int bytes) {
    return content - bytes >= headerBytes + PageLayout.POINTER_BYTES * (cells + 1);
  }

  /** Adds a cell, which must fit. */
  void add(byte[] cell, int bytes) {
    content -= bytes;
    System.arraycopy(cell, 0, page, content, bytes);
    NumberEncoding.putShort(page, headerBytes + PageLayout.POINTER_BYTES * cells, content);
    cells++;
  }

  /** Removes the last cell. */
  byte[] removeLast() {
    cells--;
    int end =
        cells == 0
            ? page.length
            : NumberEncoding.getShort(page, headerBytes + PageLayout.POINTER_BYTES * (cells - 1));
    byte[] cell = Arrays.copyOfRange(page, content, end);
    content = end;
    return cell;
  }

  void setRightChild(int number) {
    NumberEncoding.putInt(page, PageLayout.RIGHT_CHILD_AT, number);
  }

  /** The page with all its cells; valid until the next change. */
  byte[] bytes() {
    NumberEncoding.putShort(page, PageLayout.CELLS_AT, cells);
    // The format writes 65,536 as zero, which is what its lower 16 bits are.
    NumberEncoding.putShort(page, PageLayout.CONTENT_AT, content);
    Arrays.fill(page, headerBytes + PageLayout.POINTER_BYTES * cells, content, (byte) 0);
    return page;
  }
}
