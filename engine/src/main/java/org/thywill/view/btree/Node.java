package org.thywill.view.btree;

import java.util.Arrays;

/**
 * One page of a b-tree while it is filled. Cells come in the order of their keys; their bytes grow
 * from the end of the page towards its head.
 */
final class Node {
  static final int TABLE_LEAF = 0x0d;
  static final int TABLE_INTERIOR = 0x05;
  static final int INDEX_LEAF = 0x0a;
  static final int INDEX_INTERIOR = 0x02;

  static final int LEAF_HEADER_BYTES = 8;
  static final int INTERIOR_HEADER_BYTES = 12;
  static final int POINTER_BYTES = 2;
  static final int CELLS_AT = 3;
  private static final int CONTENT_AT = 5;
  static final int RIGHT_CHILD_AT = 8;

  private final byte[] page;
  private final int headerBytes;
  private int cells;
  private int content;

  Node(int type, int pageBytes) {
    this.page = new byte[pageBytes];
    this.headerBytes =
        type == TABLE_LEAF || type == INDEX_LEAF ? LEAF_HEADER_BYTES : INTERIOR_HEADER_BYTES;
    this.content = pageBytes;
    page[0] = (byte) type;
  }

  void clear() {
    cells = 0;
    content = page.length;
  }

  int cells() {
    return cells;
  }

  boolean fits(int bytes) {
    return content - bytes >= headerBytes + POINTER_BYTES * (cells + 1);
  }

  /** Adds a cell, which must fit. */
  void add(byte[] cell, int bytes) {
    content -= bytes;
    System.arraycopy(cell, 0, page, content, bytes);
    Bytes.putShort(page, headerBytes + POINTER_BYTES * cells, content);
    cells++;
  }

  /** Takes the last cell out again. */
  byte[] removeLast() {
    cells--;
    int end =
        cells == 0 ? page.length : Bytes.getShort(page, headerBytes + POINTER_BYTES * (cells - 1));
    byte[] cell = Arrays.copyOfRange(page, content, end);
    content = end;
    return cell;
  }

  void setRightChild(int number) {
    Bytes.putInt(page, RIGHT_CHILD_AT, number);
  }

  /** The page with all its cells; valid until the next change. */
  byte[] page() {
    Bytes.putShort(page, CELLS_AT, cells);
    Bytes.putShort(
        page,
        CONTENT_AT,
        content); // of 65,536 only zero is left, which is how the format spells it
    Arrays.fill(page, headerBytes + POINTER_BYTES * cells, content, (byte) 0);
    return page;
  }
}
