package org.thywill.community.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Permission;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/** Reads sign-ins for the members who may approve them, and for the device that waits. */
public final class PendingSignIns {
  private static final int SHOWN_MAX = 100;
  private static final int SHOWN_PER_MEMBER_MAX = 30;
  private static final int SHOWN_PER_CLAIMANT_MAX = 10;
  private static final int READ_MAX = 1_000;
  private static final int COUNTED_MAX = 100;

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

  /**
   * A claimant: the sign-ins that wait under the name of one member and come from one block of
   * addresses.
   *
   * @param newest the sign-in that was asked for last
   * @param earlier the others, the newest first; of very many the newest
   * @param isKnown whether the member was signed in before on the device that asks
   * @param count of all its sign-ins that wait
   */
  public record Claimant(
      PendingSignIn newest, List<PendingSignIn> earlier, boolean isKnown, int count) {}

  /**
   * The claimants that wait.
   *
   * @param shown those on known devices first, then those who claim the member who looks, then the
   *     newest; at most thirty of one claimed member
   * @param left how many more there are at least
   */
  public record Waiting(List<Claimant> shown, int left) {}

  /** The claimants who wait, as a member sees them: without those whom a member has muted. */
  public static Waiting waiting(ViewReader view, String viewer, Instant now) throws IOException {
    List<Group> groups = groups(view, viewer, now, READ_MAX);
    List<Group> shown = new ArrayList<>();
    Map<String, Integer> perMember = new HashMap<>();
    for (Group group : groups) {
      if (shown.size() < SHOWN_MAX
          && perMember.merge(group.member(), 1, Integer::sum) <= SHOWN_PER_MEMBER_MAX) {
        shown.add(group);
      }
    }
    List<Row> rows =
        shown.stream()
            .flatMap(group -> group.rows().stream().limit(SHOWN_PER_CLAIMANT_MAX))
            .toList();
    Map<String, PendingSignIn> loaded =
        load(view, rows, viewer, now).stream()
            .collect(Collectors.toMap(PendingSignIn::id, Function.identity()));
    List<Claimant> claimants = shown.stream().map(group -> group.claimant(loaded)).toList();
    return new Waiting(claimants, groups.size() - shown.size());
  }

  /** How many claimants wait, as {@link #waiting} counts them; of very many only the newest. */
  public static int waitingCount(ViewReader view, String viewer, Instant now) throws IOException {
    return groups(view, viewer, now, COUNTED_MAX).size();
  }

  /**
   * The rows of one claimant.
   *
   * @param rows the newest first
   */
  private record Group(String member, boolean isKnown, List<Row> rows) {
    long newestAtMicros() {
      return rows.getFirst().get(Catalog.AuthRequests.CREATED_AT).orElse(0L);
    }

    Claimant claimant(Map<String, PendingSignIn> loaded) {
      List<PendingSignIn> signIns =
          rows.stream().flatMap(row -> Stream.ofNullable(loaded.get(row.key()))).toList();
      return new Claimant(
          signIns.getFirst(), signIns.subList(1, signIns.size()), isKnown, rows.size());
    }
  }

  /**
   * The claimants, in the order in which they are shown. The newest sign-ins are read, and apart
   * from them those of known devices and those that claim the viewer, so that many others cannot
   * crowd them out.
   */
  private static List<Group> groups(ViewReader view, String viewer, Instant now, int readMax)
      throws IOException {
    List<Row> known =
        view.rows(
            waiting(now)
                .referencedBy(Query.of(Catalog.KNOWN_DEVICES), Catalog.KnownDevices.LAST_REQUEST)
                .newestFirst()
                .limit(readMax));
    Set<String> onKnownDevices = known.stream().map(Row::key).collect(Collectors.toSet());
    Map<String, Row> rows = new LinkedHashMap<>();
    known.forEach(row -> rows.put(row.key(), row));
    view.rows(
            Query.of(Catalog.AUTH_REQUESTS)
                .eq(Catalog.AuthRequests.MEMBER, viewer)
                .eq(Catalog.AuthRequests.STATUS, SignInStatus.PENDING.label())
                .greaterThan(Catalog.AuthRequests.EXPIRES_AT, Timestamps.micros(now))
                .newestFirst()
                .limit(readMax))
        .forEach(row -> rows.putIfAbsent(row.key(), row));
    view.rows(waiting(now).newestFirst().limit(readMax))
        .forEach(row -> rows.putIfAbsent(row.key(), row));
    Map<List<Object>, List<Row>> byClaimant = new LinkedHashMap<>();
    for (Row row : rows.values()) {
      String block = AttemptLimiter.addressBlock(SignIn.deviceOf(row)).orElse("");
      byClaimant
          .computeIfAbsent(
              List.of(SignIn.member(row), block, onKnownDevices.contains(row.key())),
              claimant -> new ArrayList<>())
          .add(row);
    }
    MutedClaimants.Lookup muted =
        MutedClaimants.lookup(view, rows.values().stream().map(SignIn::member).toList(), now);
    boolean seesMuted =
        !muted.isEmpty()
            && Authorization.of(view, viewer, Timestamps.micros(now))
                .may(Permission.MANAGE_MEMBERS);
    List<Group> groups = new ArrayList<>();
    for (List<Row> ofOne : byClaimant.values()) {
      ofOne.sort(
          Comparator.comparing((Row row) -> row.get(Catalog.AuthRequests.CREATED_AT).orElse(0L))
              .reversed());
      Row newest = ofOne.getFirst();
      String member = SignIn.member(newest);
      if (seesMuted && !member.equals(viewer) || !muted.includes(member, SignIn.deviceOf(newest))) {
        groups.add(new Group(member, onKnownDevices.contains(newest.key()), ofOne));
      }
    }
    groups.sort(
        Comparator.comparing((Group group) -> !group.isKnown())
            .thenComparing(group -> !group.member().equals(viewer))
            .thenComparing(Comparator.comparingLong(Group::newestAtMicros).reversed()));
    return groups;
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
