package org.thywill.community.member;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;

/**
 * Puts each member below the one who invited them.
 *
 * <p>Members who were invited by no one in the list are roots. Siblings are in the order in which
 * they joined. Members who only invited each other, as damaged data could say, are left out.
 */
final class MemberTree {
  private static final int DEPTH_MAX = 8;
  private static final String NONE = "";

  private final Map<String, List<Row>> byInviter = new HashMap<>();

  MemberTree(List<Row> members) {
    Set<String> handles = members.stream().map(Row::key).collect(Collectors.toSet());
    for (Row member : members) {
      String inviter =
          member
              .get(Catalog.Members.INVITED_BY)
              .filter(handle -> handles.contains(handle) && !handle.equals(member.key()))
              .orElse(NONE);
      byInviter.computeIfAbsent(inviter, handle -> new ArrayList<>()).add(member);
    }
    byInviter
        .values()
        .forEach(
            siblings ->
                siblings.sort(
                    Comparator.comparing(MemberView::joinedAtOf).thenComparing(Row::key)));
  }

  private record Node(Row member, int depth) {}

  /** The tree, depth first. A list of open nodes instead of recursion, since chains can be long. */
  List<MemberView> depthFirst() {
    List<MemberView> views = new ArrayList<>();
    ArrayDeque<Node> open = new ArrayDeque<>();
    push(open, invitedBy(NONE), 0);
    while (!open.isEmpty()) {
      Node next = open.pop();
      List<Row> invited = invitedBy(next.member().key());
      views.add(MemberView.of(next.member(), Math.min(next.depth(), DEPTH_MAX), invited.size()));
      push(open, invited, next.depth() + 1);
    }
    return views;
  }

  private List<Row> invitedBy(String inviter) {
    return byInviter.getOrDefault(inviter, List.of());
  }

  private static void push(ArrayDeque<Node> open, List<Row> members, int depth) {
    members.reversed().forEach(member -> open.push(new Node(member, depth)));
  }
}
