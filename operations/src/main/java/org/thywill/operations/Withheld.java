package org.thywill.operations;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.database.SqliteReader;

/** What an archive never holds (architecture, rule 7): counted, so that an operator knows what people provide anew. */
final class Withheld {
  private static final String HASHED = "sha256:";

  private Withheld() {}

  static Map<String, Long> count(SqliteReader view) throws IOException {
    Map<String, Long> withheld = new LinkedHashMap<>();
    count(view, Catalog.SESSIONS, "session ids (members sign in again)", withheld, row -> row.key().startsWith(HASHED));
    count(view, Catalog.AUTH_REQUESTS, "verification codes", withheld, row -> row.is("code_withheld"));
    count(view, Catalog.INVITES, "tokens that could sign a member in", withheld, row -> row.key().startsWith(HASHED));
    count(view, Catalog.EMAIL_ADDRESSES, "e-mail verification tokens", withheld,
        row -> row.text("verification_token").filter(token -> token.startsWith(HASHED)).isPresent());
    return withheld;
  }

  private static void count(SqliteReader view, Table table, String what, Map<String, Long> withheld, java.util.function.Predicate<Row> is)
      throws IOException {
    long[] count = {0};
    if (view.exists(table)) {
      view.forEach(table, row -> count[0] += is.test(row) ? 1 : 0);
    }
    if (count[0] > 0) {
      withheld.put(what, count[0]);
    }
  }
}
