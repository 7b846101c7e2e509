package org.thywill.community.member;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/** Finds the display names and badges of members. */
public final class MemberNames {
  private MemberNames() {}

  /**
   * A member as others see them.
   *
   * @param badges shown after the name
   */
  public record Person(String name, List<Badge> badges) {
    private static Person of(Row member) {
      return new Person(
          member.get(Catalog.Members.DISPLAY_NAME).orElse(member.key()), Badge.shown(member));
    }
  }

  /**
   * The display name of a handle; the handle itself if there is no such member, as in imported
   * data.
   */
  public static String of(ViewReader view, String handle) throws IOException {
    return view.find(Catalog.MEMBERS, handle)
        .flatMap(row -> row.get(Catalog.Members.DISPLAY_NAME))
        .orElse(handle);
  }

  /** The display names of some handles, read at once. */
  public static Map<String, String> of(ViewReader view, Collection<String> handles)
      throws IOException {
    return people(view, handles).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().name()));
  }

  /** The members of some handles, read at once; a handle without a member is its own name. */
  public static Map<String, Person> people(ViewReader view, Collection<String> handles)
      throws IOException {
    Set<String> each = new TreeSet<>(handles);
    Map<String, Person> people = new HashMap<>();
    each.forEach(handle -> people.put(handle, new Person(handle, List.of())));
    view.rows(Query.of(Catalog.MEMBERS).in(Catalog.Members.HANDLE, each))
        .forEach(row -> people.put(row.key(), Person.of(row)));
    return people;
  }
}
