package org.thywill.community;

import java.io.IOException;
import org.thywill.catalog.Catalog;
import org.thywill.database.ViewReader;

/** The names of members as they write them. */
public final class Names {
  private Names() {}

  /** The name behind a handle; the handle itself where there is no such member, as in what was imported. */
  public static String of(ViewReader view, String handle) throws IOException {
    return view.find(Catalog.MEMBERS, handle).flatMap(row -> row.text("display_name")).orElse(handle);
  }
}
