package org.thywill.community;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.thywill.catalog.Catalog;
import org.thywill.database.Query;
import org.thywill.database.ViewReader;

/** The names of members as they write them. */
public final class Names {
  private Names() {}

  /** The name behind a handle; the handle itself where there is no such member, as in what was imported. */
  public static String of(ViewReader view, String handle) throws IOException {
    return view.find(Catalog.MEMBERS, handle).flatMap(row -> row.text("display_name")).orElse(handle);
  }

  /** The names behind some handles, read at once. */
  public static Map<String, String> of(ViewReader view, Collection<String> handles) throws IOException {
    Set<String> each = new TreeSet<>(handles);
    Map<String, String> names = new HashMap<>();
    each.forEach(handle -> names.put(handle, handle));
    view.rows(Query.of(Catalog.MEMBERS).isOneOf("handle", each)).forEach(row -> row.text("display_name").ifPresent(name -> names.put(row.key(), name)));
    return names;
  }
}
