package org.thywill.view.btree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the interior pages of a b-tree, level by level, after its leaves.
 *
 * <p>Until then it keeps a page number and a separator for each leaf: about a thousandth of the
 * table.
 */
final class InteriorPageWriter {
  private static final int CHILD_BYTES = 4;
  private final PageFile file;
  private final int type;
  private List<Integer> children = new ArrayList<>();
  private List<byte[]> separators = new ArrayList<>();

  /** Writes pages of a type, such as {@link PageLayout#TABLE_INTERIOR}. */
  InteriorPageWriter(PageFile file, int type) {
    this.file = file;
    this.type = type;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /** Adds a child, and the cell content that separates it from the next one. */
  void add(int child, byte[] separator) {
    children.add(child);
    separators.add(separator);
  }

  /** Adds the last child and writes all levels above it; the top level goes to the root page. */
  void finish(int lastChild, int root) throws IOException {
    children.add(lastChild);
    while (!writeLevel(root)) {
      // the level just written has several pages, which need parents
    }
  }

  /**
   * Writes the parents of the current children, which become the next children.
   *
   * @return whether there was only one parent, the root
   */
  private boolean writeLevel(int root) throws IOException {
    List<Integer> parents = new ArrayList<>();
    List<byte[]> parentSeparators = new ArrayList<>();
    PageBuilder page = new PageBuilder(type, file.pageBytes());
    int last = children.size() - 1;
    for (int i = 0; i < last; i++) {
      byte[] cell = cell(i);
      if (page.fits(cell.length)) {
        page.add(cell, cell.length);
        continue;
      }
      int right = i;
      if (i + 1 == last) {
        // The next page would have one child and no cell, which SQLite takes for damage.
        page.removeLast();
        right = i - 1;
      }
      page.setRightChild(children.get(right));
      parents.add(file.append(page.bytes()));
      parentSeparators.add(separators.get(right));
      page.clear();
      if (right < i) {
        page.add(cell, cell.length);
      }
    }
    page.setRightChild(children.get(last));
    if (parents.isEmpty()) {
      file.replace(root, page.bytes());
      return true;
    }
    parents.add(file.append(page.bytes()));
    children = parents;
    separators = parentSeparators;
    return false;
  }

  private byte[] cell(int i) {
    byte[] separator = separators.get(i);
    byte[] cell = new byte[CHILD_BYTES + separator.length];
    NumberEncoding.putInt(cell, 0, children.get(i));
    System.arraycopy(separator, 0, cell, CHILD_BYTES, separator.length);
    return cell;
  }
}
