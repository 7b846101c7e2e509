package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/** Reads sign-ins for the members who may approve them, and for the device that waits. */
public final class PendingSignIns {
  private static final int SHOWN_MAX = 100;

  private PendingSignIns() {}

  /**
   * A sign-in.
   *
   * @param member the handle of the member who is claimed
   * @param name the display name of that member
   * @param device that waits
   */
  public record PendingSignIn(
      String id,
      String member,
      String name,
      Device device,
      Instant createdAt,
      Instant expiresAt,
      boolean isPending,
      GivenApprovals approvals) {}

  /**
   * The approvals of a sign-in.
   *
   * @param given how many members have approved who count now
   * @param needed how many members must approve
   * @param isMineGiven whether the member who looks has approved
   */
  public record GivenApprovals(int given, int needed, boolean isMineGiven) {}

  /** The pending sign-ins that have not expired, the oldest first; of very many the latest. */
  public static List<PendingSignIn> waiting(ViewReader view, String viewer, Instant now)
      throws IOException {
    return load(view, view.rows(waiting(now).newestFirst().limit(SHOWN_MAX)), viewer, now).stream()
        .sorted(Comparator.comparing(PendingSignIn::createdAt))
        .toList();
  }

  /** How many pending sign-ins have not expired. */
  public static long waitingCount(ViewReader view, Instant now) throws IOException {
    return view.count(waiting(now));
  }

  private static Query waiting(Instant now) {
    return Query.of(Catalog.AUTH_REQUESTS)
        .eq(Catalog.AuthRequests.STATUS, SignInStatus.PENDING.label())
        .greaterThan(Catalog.AuthRequests.EXPIRES_AT, Timestamps.micros(now));
  }

  /**
   * The sign-in that a session came from; empty if there is no such session, or it came from none.
   *
   * @param secret of the session
   * @param now at which approvals are counted
   */
  public static Optional<PendingSignIn> of(ViewReader view, String secret, Instant now)
      throws IOException {
    Optional<String> signIn =
        view.find(Catalog.SESSIONS, Ids.hash(secret))
            .flatMap(session -> session.get(Catalog.Sessions.REQUEST));
    Optional<Row> row =
        signIn.isPresent() ? view.find(Catalog.AUTH_REQUESTS, signIn.get()) : Optional.empty();
    return load(view, row.stream().toList(), "", now).stream().findFirst();
  }

  /** How many members must approve a sign-in. */
  public static int approvalsNeeded(ViewReader view) throws IOException {
    return SignIn.approvalsNeeded(view);
  }

  /** Reads approvals and names of all sign-ins at once. */
  private static List<PendingSignIn> load(
      ViewReader view, List<Row> signIns, String viewer, Instant now) throws IOException {
    Map<String, List<Row>> approvals =
        view
            .rows(
                Query.of(Catalog.AUTH_APPROVALS)
                    .in(Catalog.AuthApprovals.REQUEST, signIns.stream().map(Row::key).toList()))
            .stream()
            .collect(
                Collectors.groupingBy(row -> row.get(Catalog.AuthApprovals.REQUEST).orElse("")));
    Map<String, String> names = MemberNames.of(view, signIns.stream().map(SignIn::member).toList());
    int needed = approvalsNeeded(view);
    List<PendingSignIn> loaded = new ArrayList<>();
    for (Row row : signIns) {
      String member = SignIn.member(row);
      List<Row> given = approvals.getOrDefault(row.key(), List.of());
      int counted = new ApprovalRule(view, member, Timestamps.micros(now)).counted(given).size();
      loaded.add(
          pendingSignIn(
              row, names.getOrDefault(member, ""), given(given, counted, needed, viewer)));
    }
    return loaded;
  }

  private static GivenApprovals given(List<Row> approvals, int counted, int needed, String viewer) {
    return new GivenApprovals(
        counted,
        needed,
        approvals.stream().anyMatch(row -> row.has(Catalog.AuthApprovals.APPROVER, viewer)));
  }

  private static PendingSignIn pendingSignIn(Row row, String name, GivenApprovals approvals) {
    return new PendingSignIn(
        row.key(),
        SignIn.member(row),
        name,
        SignIn.deviceOf(row),
        Timestamps.instant(row.get(Catalog.AuthRequests.CREATED_AT).orElse(0L)),
        Timestamps.instant(row.get(Catalog.AuthRequests.EXPIRES_AT).orElse(0L)),
        SignInStatus.PENDING.isStatusOf(row),
        approvals);
  }
}
