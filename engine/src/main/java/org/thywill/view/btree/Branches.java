package org.thywill.view.btree;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The interior pages of a b-tree: made last, level by level, over leaves that have been written.
 * What has to be remembered for that, a number and a separator for each leaf, is some thousandth of
 * the table.
 */
final class Branches {
  private static final int CHILD_BYTES = 4;
  private final PageFile file;
  private final int type;
  private List<Integer> children = new ArrayList<>();
  private List<byte[]> separators = new ArrayList<>();

  /** Makes interior pages of a type. */
  Branches(PageFile file, int type) {
    this.file = file;
    this.type = type;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /** Adds a child, and what stands in its parent between it and the next one. */
  void add(int child, byte[] separator) {
    children.add(child);
    separators.add(separator);
  }

  /**
   * Adds the last child and writes all levels above, the uppermost to the page where the tree is
   * known to begin.
   */
  void finish(int lastChild, int root) throws IOException {
    children.add(lastChild);
    while (!writeLevel(root)) {
      // the level just written has several pages, and they want parents
    }
  }

  /**
   * Writes the parents of the present children, which then take their place; true if there was but
   * one, the root.
   */
  private boolean writeLevel(int root) throws IOException {
    List<Integer> parents = new ArrayList<>();
    List<byte[]> between = new ArrayList<>();
    Node node = new Node(type, file.pageBytes());
    int last = children.size() - 1;
    for (int i = 0; i < last; i++) {
      byte[] cell = cell(i);
      if (node.fits(cell.length)) {
        node.add(cell, cell.length);
        continue;
      }
      int right = i;
      if (i + 1
          == last) { // the next page would have one child and no cell; SQLite takes that for damage
        node.removeLast();
        right = i - 1;
      }
      node.setRightChild(children.get(right));
      parents.add(file.append(node.page()));
      between.add(separators.get(right));
      node.clear();
      if (right < i) {
        node.add(cell, cell.length);
      }
    }
    node.setRightChild(children.get(last));
    if (parents.isEmpty()) {
      file.replace(root, node.page());
      return true;
    }
    parents.add(file.append(node.page()));
    children = parents;
    separators = between;
    return false;
  }

  private byte[] cell(int i) {
    byte[] separator = separators.get(i);
    byte[] cell = new byte[CHILD_BYTES + separator.length];
    Bytes.putInt(cell, 0, children.get(i));
    System.arraycopy(separator, 0, cell, CHILD_BYTES, separator.length);
    return cell;
  }
}
