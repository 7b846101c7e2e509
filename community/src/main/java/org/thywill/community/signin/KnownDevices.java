package org.thywill.community.signin;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/**
 * Browsers on which a member was signed in once, by a secret that the browser keeps for longer than
 * a session lasts.
 *
 * <p>It gives no right. A request to sign in that comes from such a browser is shown before those
 * from others. Only a hash of the secret with the member is kept, so the rows do not say which
 * members share a browser.
 */
public final class KnownDevices {
  private static final int DEVICES_MAX = 20;

  private final Ledger ledger;

  public KnownDevices(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Remembers a browser, of which the member has just been signed in. Of very many the oldest is
   * forgotten. Does nothing if it is known.
   *
   * @param secret of the browser
   */
  public void remember(String member, String secret) throws IOException {
    String key = key(member, secret);
    boolean isKnown;
    try (ViewReader view = ledger.read()) {
      isKnown = view.find(Catalog.KNOWN_DEVICES, key).isPresent();
    }
    if (!isKnown) {
      ledger.write(
          Change.Cause.by(member).because("signed in on a device that was not known"),
          tx -> {
            if (tx.find(Catalog.KNOWN_DEVICES, key).isEmpty()) {
              makeRoom(tx, member);
              tx.add(
                  Row.in(Catalog.KNOWN_DEVICES)
                      .set(Catalog.KnownDevices.MEMBER, member)
                      .set(Catalog.KnownDevices.ID, key)
                      .set(Catalog.KnownDevices.CREATED_AT, tx.atMicros())
                      .build());
            }
          });
    }
  }

  private static void makeRoom(Transaction tx, String member) throws IOException {
    List<Row> known =
        tx.findBy(Catalog.KnownDevices.MEMBER, member).stream()
            .sorted(
                Comparator.comparing(
                    (Row row) -> row.get(Catalog.KnownDevices.CREATED_AT).orElse(0L)))
            .toList();
    for (Row oldest : known.subList(0, Math.max(0, known.size() + 1 - DEVICES_MAX))) {
      tx.remove(Catalog.KNOWN_DEVICES, oldest.key());
    }
  }

  /**
   * Notes that a sign-in was asked for on a browser.
   *
   * @param secret of the browser, or null if it has none
   * @return whether the member was signed in on it before
   */
  static boolean noteRequest(Transaction tx, String member, @Nullable String secret, String signIn)
      throws IOException {
    if (secret == null) {
      return false;
    }
    String key = key(member, secret);
    Optional<Row> known = tx.find(Catalog.KNOWN_DEVICES, key);
    if (known.isPresent()) {
      tx.change(Catalog.KNOWN_DEVICES, key, Values.of(Catalog.KnownDevices.LAST_REQUEST, signIn));
    }
    return known.isPresent();
  }

  /** Forgets all browsers of a member. */
  static void forgetAll(Transaction tx, String member) throws IOException {
    for (Row known : tx.findBy(Catalog.KnownDevices.MEMBER, member)) {
      tx.remove(Catalog.KNOWN_DEVICES, known.key());
    }
  }

  private static String key(String member, String secret) {
    return Ids.hash("device\n" + member + "\n" + secret + "\n");
  }
}
