package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;
import org.thywill.view.Query;
import org.thywill.view.SqliteReader;

/**
 * What an archive never holds (architecture, rule 7): counted, so that an operator knows what
 * people provide anew.
 */
final class WithheldSecrets {
  private static final String HASHED = "sha256:";

  private WithheldSecrets() {}

  static Map<String, Long> count(SqliteReader view) throws IOException {
    Map<String, Long> withheld = new LinkedHashMap<>();
    put(withheld, "session ids (members sign in again)", hashed(view, Catalog.SESSIONS, "id"));
    put(
        withheld,
        "verification codes",
        view.exists(Catalog.AUTH_REQUESTS)
            ? view.count(Query.of(Catalog.AUTH_REQUESTS).eq("code_withheld", true))
            : 0);
    put(withheld, "tokens that could sign a member in", hashed(view, Catalog.INVITES, "token"));
    put(
        withheld,
        "e-mail verification tokens",
        hashed(view, Catalog.EMAIL_ADDRESSES, "verification_token"));
    return withheld;
  }

  private static long hashed(SqliteReader view, Table table, String column) throws IOException {
    return view.exists(table) ? view.countStartingWith(table, column, HASHED) : 0;
  }

  private static void put(Map<String, Long> withheld, String what, long count) {
    if (count > 0) {
      withheld.put(what, count);
    }
  }
}
