package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;
import org.thywill.view.Query;
import org.thywill.view.SqliteReader;

/**
 * Counts the secrets that an archive never holds, and that people provide again after a recovery.
 *
 * <p>In their place the archive has a hash, or only the fact that there was one.
 */
final class WithheldSecrets {
  private static final String HASHED = "sha256:";

  private WithheldSecrets() {}

  /** What is missing, in words, with how often; what is not missing is left out. */
  static Map<String, Long> count(SqliteReader view) throws IOException {
    Map<String, Long> withheld = new LinkedHashMap<>();
    put(
        withheld,
        "session ids (members sign in again)",
        hashed(view, Catalog.SESSIONS, Catalog.Sessions.ID));
    put(
        withheld,
        "verification codes",
        view.exists(Catalog.AUTH_REQUESTS)
            ? view.count(
                Query.of(Catalog.AUTH_REQUESTS).eq(Catalog.AuthRequests.CODE_WITHHELD, true))
            : 0);
    put(
        withheld,
        "tokens of invites and other links (members make new ones)",
        hashed(view, Catalog.INVITES, Catalog.Invites.TOKEN));
    put(
        withheld,
        "e-mail verification tokens",
        hashed(view, Catalog.EMAIL_ADDRESSES, Catalog.EmailAddresses.VERIFICATION_TOKEN));
    return withheld;
  }

  private static long hashed(SqliteReader view, Table table, Column<String> column)
      throws IOException {
    return view.exists(table) ? view.count(Query.of(table).startsWith(column, HASHED)) : 0;
  }

  private static void put(Map<String, Long> withheld, String what, long count) {
    if (count > 0) {
      withheld.put(what, count);
    }
  }
}
