package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Ids;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Who waits at the door: sign-ins that nobody has decided yet, as those see them who wait and those
 * who may vouch. Reads only.
 */
public final class PendingSignIns {
  private static final String PENDING = "pending";
  private static final int SHOWN_MAX = 100;

  private PendingSignIns() {}

  /**
   * A sign-in.
   *
   * @param member whom somebody claims to be
   * @param given how many have vouched
   * @param needed how many must
   * @param vouched whether the member who looks is one of them
   */
  public record PendingSignIn(
      String request,
      String member,
      String name,
      Optional<String> device,
      Optional<String> address,
      Instant createdAt,
      Instant expiresAt,
      String status,
      int given,
      int needed,
      boolean vouched) {
    public boolean isPending() {
      return status.equals(PENDING);
    }
  }

  /** Those that wait and have not waited too long, the oldest first; of very many the latest. */
  public static List<PendingSignIn> waiting(ViewReader view, String viewer, Instant now)
      throws IOException {
    return pending(view, view.rows(waiting(now).newestFirst().limit(SHOWN_MAX)), viewer).stream()
        .sorted(Comparator.comparing(PendingSignIn::createdAt))
        .toList();
  }

  /** How many wait. */
  public static long waitingCount(ViewReader view, Instant now) throws IOException {
    return view.count(waiting(now));
  }

  private static Query waiting(Instant now) {
    return Query.of(Catalog.AUTH_REQUESTS)
        .eq(Catalog.AuthRequests.STATUS, PENDING)
        .greaterThan(Catalog.AuthRequests.EXPIRES_AT, Timestamps.micros(now));
  }

  /**
   * The sign-in that a device's session came from; empty if it came from none, or was taken away
   * with it.
   */
  public static Optional<PendingSignIn> of(ViewReader view, String sessionId) throws IOException {
    Optional<String> request =
        view.find(Catalog.SESSIONS, Ids.hash(sessionId))
            .flatMap(session -> session.get(Catalog.Sessions.REQUEST));
    Optional<Row> row =
        request.isPresent() ? view.find(Catalog.AUTH_REQUESTS, request.get()) : Optional.empty();
    return pending(view, row.stream().toList(), "").stream().findFirst();
  }

  /** How many members must vouch for a sign-in. */
  public static int votesNeeded(ViewReader view) throws IOException {
    return SignIn.votesNeeded(view);
  }

  /** Reads what belongs to all of them at once. */
  private static List<PendingSignIn> pending(ViewReader view, List<Row> requests, String viewer)
      throws IOException {
    Map<String, List<Row>> votes =
        view
            .rows(
                Query.of(Catalog.AUTH_APPROVALS)
                    .in(Catalog.AuthApprovals.REQUEST, requests.stream().map(Row::key).toList()))
            .stream()
            .collect(
                Collectors.groupingBy(vote -> vote.get(Catalog.AuthApprovals.REQUEST).orElse("")));
    Map<String, String> names =
        MemberNames.of(view, requests.stream().map(PendingSignIns::member).toList());
    int needed = votesNeeded(view);
    return requests.stream()
        .map(
            request ->
                find(
                    request,
                    names.getOrDefault(member(request), ""),
                    votes.getOrDefault(request.key(), List.of()),
                    needed,
                    viewer))
        .toList();
  }

  private static PendingSignIn find(
      Row request, String name, List<Row> votes, int needed, String viewer) {
    return new PendingSignIn(
        request.key(),
        member(request),
        name,
        request.get(Catalog.AuthRequests.DEVICE_INFO),
        request.get(Catalog.AuthRequests.IP_ADDRESS),
        time(request, "created_at"),
        time(request, "expires_at"),
        request.get(Catalog.AuthRequests.STATUS).orElse(""),
        votes.size(),
        needed,
        votes.stream().anyMatch(vote -> vote.has(Catalog.AuthApprovals.APPROVER, viewer)));
  }

  private static String member(Row request) {
    return request.get(Catalog.AuthRequests.MEMBER).orElse("");
  }

  private static Instant time(Row row, String column) {
    return Timestamps.instant(row.number(column).orElse(0L));
  }
}
