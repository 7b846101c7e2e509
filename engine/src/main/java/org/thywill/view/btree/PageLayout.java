package org.thywill.view.btree;

/** Types and offsets of b-tree pages (the file format's "B-tree Pages"). */
final class PageLayout {
  static final int TABLE_LEAF = 0x0d;
  static final int TABLE_INTERIOR = 0x05;
  static final int INDEX_LEAF = 0x0a;
  static final int INDEX_INTERIOR = 0x02;

  static final int LEAF_HEADER_BYTES = 8;
  static final int INTERIOR_HEADER_BYTES = 12;
  static final int POINTER_BYTES = 2;
  static final int CELLS_AT = 3;
  static final int CONTENT_AT = 5;
  static final int RIGHT_CHILD_AT = 8;

  private PageLayout() {}
}
