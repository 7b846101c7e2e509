package org.thywill.community.signin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Notifies members of a sign-in: those who may know the person, and a limited number of them, so
 * that visitors cannot fill the archive.
 */
final class SignInNotifier {
  /** The kind of a notification that somebody asks to sign in. */
  static final String ASKED = "auth_request";

  /** The kind of a notification that a device was let in as the member. */
  static final String LET_IN = "signed_in";

  private static final int RECIPIENTS_MAX = 50;
  private static final int RECIPIENTS_AMONG_MAX = 500;
  private static final int SIGN_INS_PER_HOUR_MAX = 3;
  private static final long MICROS_PER_HOUR = TimeUnit.HOURS.toMicros(1);

  private final Ledger ledger;
  private final Ids ids;

  SignInNotifier(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Adds the notifications, in the transaction that adds the sign-in.
   *
   * @param recipients as {@link #recipients} returned them before
   */
  void notifyMembers(Transaction tx, String claimed, String signIn, List<String> recipients)
      throws IOException {
    for (String member : isClaimedOften(tx, claimed) ? List.of(claimed) : recipients) {
      add(tx, member, ASKED, signIn);
    }
  }

  /** Notifies a member that a device was let in under their name. */
  void notifyOfEntry(Transaction tx, String member, @Nullable String signIn) throws IOException {
    add(tx, member, LET_IN, signIn);
  }

  /**
   * The members to notify of a sign-in: the member, their inviter, those they invited, and others
   * of the newest members in a random order, up to a limit. None if there is no such member.
   */
  List<String> recipients(String claimed) throws IOException {
    try (ViewReader view = ledger.read()) {
      Optional<Row> member = view.find(Catalog.MEMBERS, claimed);
      if (member.isEmpty()) {
        return List.of();
      }
      Set<String> recipients = new LinkedHashSet<>(List.of(claimed));
      member
          .get()
          .get(Catalog.Members.INVITED_BY)
          .filter(inviter -> !inviter.equals(HandleNormalizer.SYSTEM))
          .ifPresent(recipients::add);
      view.rows(
              Query.of(Catalog.MEMBERS)
                  .eq(Catalog.Members.INVITED_BY, claimed)
                  .limit(RECIPIENTS_MAX / 2))
          .forEach(row -> recipients.add(row.key()));
      List<String> others =
          new ArrayList<>(
              view
                  .rows(Query.of(Catalog.MEMBERS).newestFirst().limit(RECIPIENTS_AMONG_MAX))
                  .stream()
                  .map(Row::key)
                  .sorted()
                  .toList());
      ids.shuffle(others);
      others.stream().limit(RECIPIENTS_MAX).forEach(recipients::add);
      return recipients.stream().limit(RECIPIENTS_MAX).toList();
    }
  }

  /**
   * Whether a member was claimed several times within the hour. Then only that member is notified,
   * so that a person who knows a name cannot fill the pages of all members and the archive.
   */
  private boolean isClaimedOften(Transaction tx, String member) throws IOException {
    return tx.findBy(Catalog.AuthRequests.MEMBER, member).stream()
            .filter(
                row ->
                    row.get(Catalog.AuthRequests.CREATED_AT).orElse(0L)
                        > tx.atMicros() - MICROS_PER_HOUR)
            .limit(SIGN_INS_PER_HOUR_MAX + 1L)
            .count()
        > SIGN_INS_PER_HOUR_MAX;
  }

  private void add(Transaction tx, String member, String kind, @Nullable String signIn)
      throws IOException {
    if (tx.find(Catalog.MEMBERS, member).isPresent()
        && !Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
      tx.add(
          Row.in(Catalog.NOTIFICATIONS)
              .set(Catalog.Notifications.MEMBER, member)
              .set(Catalog.Notifications.REQUEST, signIn)
              .set(Catalog.Notifications.KIND, kind)
              .set(Catalog.Notifications.IS_READ, false)
              .set(Catalog.Notifications.ID, ids.id())
              .set(Catalog.Notifications.CREATED_AT, tx.atMicros())
              .build());
    }
  }
}
