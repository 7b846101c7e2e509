package org.thywill.community.signin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * Tells members that somebody asks to sign in: those who may know them, and never so many that a
 * stranger could fill the archive with it.
 */
final class SignInNotifier {
  private static final int TOLD_MAX = 50;
  private static final int TOLD_AMONG = 500;
  private static final int ASKED_OFTEN = 3;
  private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

  private final Ledger ledger;
  private final Ids ids;

  SignInNotifier(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Tells of a sign-in, within the transaction that adds it.
   *
   * @param told as {@link #recipients} said before
   */
  void notifyMembers(Transaction tx, String claimed, String request, List<String> told)
      throws IOException {
    for (String member : isAskedOften(tx, claimed) ? List.of(claimed) : told) {
      add(tx, member, request);
    }
  }

  /**
   * Whom to tell of a sign-in: the member, who invited them, whom they invited, and others of the
   * newest members in a random order, fifty in all, so that one sign-in into a large community does
   * not write a line for each of its members.
   */
  List<String> recipients(String claimed) throws IOException {
    try (ViewReader view = ledger.read()) {
      Optional<Row> member = view.find(Catalog.MEMBERS, claimed);
      if (member.isEmpty()) {
        return List.of();
      }
      Set<String> told = new LinkedHashSet<>(List.of(claimed));
      member
          .get()
          .get(Catalog.Members.INVITED_BY)
          .filter(inviter -> !inviter.equals(HandleNormalizer.SYSTEM))
          .ifPresent(told::add);
      view.rows(
              Query.of(Catalog.MEMBERS).eq(Catalog.Members.INVITED_BY, claimed).limit(TOLD_MAX / 2))
          .forEach(row -> told.add(row.key()));
      List<String> others =
          new ArrayList<>(
              view.rows(Query.of(Catalog.MEMBERS).newestFirst().limit(TOLD_AMONG)).stream()
                  .map(Row::key)
                  .sorted()
                  .toList());
      ids.shuffle(others);
      others.stream().limit(TOLD_MAX).forEach(told::add);
      return told.stream().limit(TOLD_MAX).toList();
    }
  }

  /**
   * Whether a member was claimed several times within the hour: then only the member is told, so
   * that whoever knows a name cannot fill everybody's page and the archive.
   */
  private boolean isAskedOften(Transaction tx, String member) throws IOException {
    return tx.findBy(Catalog.AuthRequests.MEMBER, member).stream()
            .filter(
                row -> row.get(Catalog.AuthRequests.CREATED_AT).orElse(0L) > tx.atMicros() - HOUR)
            .limit(ASKED_OFTEN + 1L)
            .count()
        > ASKED_OFTEN;
  }

  private void add(Transaction tx, String member, String request) throws IOException {
    if (tx.find(Catalog.MEMBERS, member).isPresent()
        && !Authorization.of(tx, member, tx.atMicros()).isDeactivated()) {
      tx.add(
          Row.in(Catalog.NOTIFICATIONS)
              .set(Catalog.Notifications.MEMBER, member)
              .set(Catalog.Notifications.REQUEST, request)
              .set(Catalog.Notifications.KIND, "auth_request")
              .set(Catalog.Notifications.IS_READ, false)
              .set(Catalog.Notifications.ID, ids.id())
              .set(Catalog.Notifications.CREATED_AT, tx.atMicros())
              .build());
    }
  }
}
