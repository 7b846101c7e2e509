package org.thywill.community.member;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * A list of members.
 *
 * @param total how many members the community has
 * @param next the handle after which the following page begins, or null on the last one
 */
public record MemberList(Shape shape, List<MemberView> members, long total, @Nullable String next) {
  /** A larger tree cannot be taken in at a look. */
  private static final int TREE_MAX = 1_000;

  private static final int PAGE_SIZE = 100;

  /** How a list of members is ordered. */
  public enum Shape {
    /** All members, each below the one who invited them. */
    TREE,
    /** A page of many members, the last to join first. */
    LAST_FIRST,
    /** Those whose name begins with what was searched for. */
    FOUND
  }

  /**
   * All members as a tree; a page of them where they are too many for a tree.
   *
   * @param after the handle after which the page begins; empty for the first page
   */
  public static MemberList all(ViewReader view, String after) throws IOException {
    Query all = Query.of(Catalog.MEMBERS);
    long total = view.count(all);
    if (total <= TREE_MAX) {
      return new MemberList(Shape.TREE, new MemberTree(view.rows(all)).depthFirst(), total, null);
    }
    // One more than is shown says whether there is another page.
    Query last = all.newestFirst().limit(PAGE_SIZE + 1);
    List<MemberView> found = views(view.rows(after.isEmpty() ? last : last.after(after)));
    boolean hasMore = found.size() > PAGE_SIZE;
    List<MemberView> page = hasMore ? found.subList(0, PAGE_SIZE) : found;
    return new MemberList(Shape.LAST_FIRST, page, total, hasMore ? page.getLast().handle() : null);
  }

  /** The first members whose name begins so. */
  public static MemberList find(ViewReader view, String beginning) throws IOException {
    Query all = Query.of(Catalog.MEMBERS);
    String handle = HandleNormalizer.canonical(beginning);
    Query found =
        handle.isEmpty()
            ? all.eq(Catalog.Members.DISPLAY_NAME, beginning)
            : all.startsWith(Catalog.Members.HANDLE, handle);
    return new MemberList(
        Shape.FOUND, views(view.rows(found.limit(PAGE_SIZE))), view.count(all), null);
  }

  private static List<MemberView> views(List<Row> members) {
    return members.stream().map(MemberView::of).toList();
  }
}
