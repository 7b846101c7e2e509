package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.ledger.TransactionBody;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;

/**
 * An invented community of six members and half a year, written through the ledger.
 *
 * <p>Five of its months are sealed. The same seed gives the same archive, byte for byte: the time
 * and the ids follow from it.
 */
public final class SmallCommunity {
  private static final Instant START = Instant.parse("2026-05-04T08:00:00Z");
  private static final int MONTHS = 6;
  private static final int PRAYERS_PER_MONTH = 2;
  private static final int MARKS_PER_PRAYER = 9;
  private static final List<String> NAMES = List.of("Ann", "Ben", "Cora", "Dan", "Edda", "Finn");
  private static final int FOUNDERS = 4;
  private static final String ADMIN_INVITE = "invite-for-the-first-admin";

  private final Ledger ledger;
  private final Clock clock;
  private final RandomGenerator random;
  private final List<String> members = new ArrayList<>();

  /** A clock that is advanced before each transaction. */
  private static final class Clock {
    private Instant now = START;

    Instant now() {
      return now;
    }

    void advance(Duration step) {
      now = now.plus(step);
    }

    void advanceTo(Instant at) {
      now = now.isBefore(at) ? at : now;
    }
  }

  private SmallCommunity(Ledger ledger, Clock clock, RandomGenerator random) {
    this.ledger = ledger;
    this.clock = clock;
    this.random = random;
  }

  /** Writes the community with seed 1. */
  public static void play(Path archive, Path database) throws IOException {
    play(archive, database, 1);
  }

  /**
   * Writes a community into an archive and a database, neither of which exists yet, and closes it.
   *
   * @param seed another one gives another community, with another id
   */
  public static void play(Path archive, Path database, long seed) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    Clock clock = new Clock();
    Ledger.found(archive, id(random), clock::now);
    try (Ledger ledger = Ledger.openAt(archive, database, clock::now, ProgressListener.NONE)) {
      new SmallCommunity(ledger, clock, random).play();
    }
  }

  /** Copies a folder with all that is in it, or one file, with times and permissions. */
  public static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private void play() throws IOException {
    addRolesAndSettings();
    for (String name : NAMES.subList(0, FOUNDERS)) {
      join(name);
    }
    for (int month = 0; month < MONTHS; month++) {
      clock.advanceTo(START.plus(Duration.ofDays(30L * month)));
      if (month > 0 && members.size() < NAMES.size()) {
        join(NAMES.get(members.size()));
      }
      signIn(member());
      for (int i = 0; i < PRAYERS_PER_MONTH; i++) {
        pray(ask(member()));
      }
      operate(month);
    }
  }

  private void addRolesAndSettings() throws IOException {
    write(
        HandleNormalizer.SYSTEM,
        tx -> {
          for (String role : List.of("admin", "moderator")) {
            tx.add(
                Row.in(Catalog.ROLES)
                    .set(Catalog.Roles.NAME, role)
                    .set(Catalog.Roles.PERMISSIONS, role.equals("admin") ? "*" : "moderate.prayers")
                    .set(Catalog.Roles.IS_SYSTEM_ROLE, true)
                    .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                    .build());
          }
          tx.add(
              Row.in(Catalog.SETTINGS)
                  .set(Catalog.Settings.NAME, "PEER_APPROVAL_COUNT")
                  .set(Catalog.Settings.VALUE, "2")
                  .set(Catalog.Settings.ORIGIN, "admin")
                  .build());
          tx.add(
              Row.in(Catalog.FEATURE_FLAGS)
                  .set(Catalog.FeatureFlags.NAME, "PRAYER_MODE_ENABLED")
                  .set(Catalog.FeatureFlags.ENABLED, true)
                  .build());
          tx.add(invite(ADMIN_INVITE, "admin", HandleNormalizer.SYSTEM, tx));
        });
  }

  private static Row invite(String token, String kind, String by, Transaction tx) {
    return Row.in(Catalog.INVITES)
        .set(Catalog.Invites.TOKEN, token)
        .set(Catalog.Invites.CREATED_BY, by)
        .set(Catalog.Invites.CREATED_AT, tx.atMicros())
        .set(Catalog.Invites.EXPIRES_AT, tx.atMicros() + days(7))
        .set(Catalog.Invites.USED_COUNT, 0L)
        .set(Catalog.Invites.MAX_USES, 1L)
        .set(Catalog.Invites.KIND, kind)
        .build();
  }

  /** The first one becomes admin; each other one is invited by a member. */
  private void join(String name) throws IOException {
    String handle = HandleNormalizer.canonical(name);
    boolean isFirst = members.isEmpty();
    String inviter = isFirst ? HandleNormalizer.SYSTEM : member();
    String token = isFirst ? ADMIN_INVITE : id(random);
    if (!isFirst) {
      write(inviter, tx -> tx.add(invite(token, "new_user", inviter, tx)));
    }
    write(
        handle,
        tx -> {
          tx.add(
              Row.in(Catalog.MEMBERS)
                  .set(Catalog.Members.HANDLE, handle)
                  .set(Catalog.Members.DISPLAY_NAME, name)
                  .set(Catalog.Members.INVITED_BY, inviter)
                  .set(Catalog.Members.INVITE, token)
                  .set(Catalog.Members.CREATED_AT, tx.atMicros())
                  .set(Catalog.Members.WELCOME_DISMISSED, false)
                  .set(Catalog.Members.IS_SUPPORTER, false)
                  .build());
          tx.change(
              Catalog.INVITES,
              token,
              Values.of(Catalog.Invites.USED_COUNT, 1L).and(Catalog.Invites.USED_BY, handle));
          tx.add(
              Row.in(Catalog.INVITE_USES)
                  .set(Catalog.InviteUses.ID, id(random))
                  .set(Catalog.InviteUses.INVITE, token)
                  .set(Catalog.InviteUses.MEMBER, handle)
                  .set(Catalog.InviteUses.CLAIMED_AT, tx.atMicros())
                  .build());
          if (members.size() < 2) {
            tx.add(
                Row.in(Catalog.ROLE_ASSIGNMENTS)
                    .set(Catalog.RoleAssignments.ID, id(random))
                    .set(Catalog.RoleAssignments.MEMBER, handle)
                    .set(Catalog.RoleAssignments.ROLE, isFirst ? "admin" : "moderator")
                    .set(Catalog.RoleAssignments.GRANTED_BY, inviter)
                    .set(Catalog.RoleAssignments.GRANTED_AT, tx.atMicros())
                    .build());
          }
        });
    members.add(handle);
    write(
        handle,
        tx ->
            tx.change(Catalog.MEMBERS, handle, Values.of(Catalog.Members.WELCOME_DISMISSED, true)));
  }

  private void signIn(String member) throws IOException {
    String request = id(random);
    write(
        member,
        tx ->
            tx.add(
                Row.in(Catalog.AUTH_REQUESTS)
                    .set(Catalog.AuthRequests.ID, request)
                    .set(Catalog.AuthRequests.MEMBER, member)
                    .set(Catalog.AuthRequests.DEVICE_INFO, "a telephone")
                    .set(Catalog.AuthRequests.STATUS, "pending")
                    .set(Catalog.AuthRequests.CREATED_AT, tx.atMicros())
                    .set(Catalog.AuthRequests.EXPIRES_AT, tx.atMicros() + days(7))
                    .set(Catalog.AuthRequests.CODE_WITHHELD, true)
                    .build()));
    String approver = otherThan(member);
    write(
        approver,
        tx -> {
          tx.add(
              Row.in(Catalog.AUTH_APPROVALS)
                  .set(Catalog.AuthApprovals.ID, id(random))
                  .set(Catalog.AuthApprovals.REQUEST, request)
                  .set(Catalog.AuthApprovals.APPROVER, approver)
                  .set(Catalog.AuthApprovals.CREATED_AT, tx.atMicros())
                  .build());
          tx.change(
              Catalog.AUTH_REQUESTS,
              request,
              Values.of(Catalog.AuthRequests.STATUS, "approved")
                  .and(Catalog.AuthRequests.APPROVED_BY, approver)
                  .and(Catalog.AuthRequests.APPROVED_AT, tx.atMicros()));
          tx.add(
              Row.in(Catalog.SESSIONS)
                  .set(Catalog.Sessions.ID, "sha256:" + id(random))
                  .set(Catalog.Sessions.MEMBER, member)
                  .set(Catalog.Sessions.DEVICE_INFO, "a telephone")
                  .set(Catalog.Sessions.IS_FULLY_AUTHENTICATED, true)
                  .set(Catalog.Sessions.REQUEST, request)
                  .set(Catalog.Sessions.CREATED_AT, tx.atMicros())
                  .set(Catalog.Sessions.EXPIRES_AT, tx.atMicros() + days(90))
                  .build());
        });
  }

  private String ask(String author) throws IOException {
    String prayer = id(random);
    write(
        author,
        tx ->
            tx.add(
                Row.in(Catalog.PRAYERS)
                    .set(Catalog.Prayers.ID, prayer)
                    .set(Catalog.Prayers.AUTHOR, author)
                    .set(Catalog.Prayers.CREATED_AT, tx.atMicros())
                    .set(Catalog.Prayers.TEXT, "For my aunt | she is ill.\nThank you, " + author)
                    .set(Catalog.Prayers.GENERATED_PRAYER, "Be near to her.")
                    .set(Catalog.Prayers.MODERATION, "open")
                    .set(Catalog.Prayers.VISIBILITY, "members")
                    .build()));
    return prayer;
  }

  private void pray(String prayer) throws IOException {
    for (int i = 0; i < MARKS_PER_PRAYER; i++) {
      String member = member();
      write(
          member,
          tx -> {
            tx.add(
                Row.in(Catalog.MARKS)
                    .set(Catalog.Marks.ID, id(random))
                    .set(Catalog.Marks.PRAYER, prayer)
                    .set(Catalog.Marks.MEMBER, member)
                    .set(Catalog.Marks.CREATED_AT, tx.atMicros())
                    .build());
            tx.add(
                Row.in(Catalog.ACTIVITY)
                    .set(Catalog.Activity.ID, id(random))
                    .set(Catalog.Activity.MEMBER, member)
                    .set(Catalog.Activity.ACTION, "prayed")
                    .set(Catalog.Activity.PRAYER, prayer)
                    .set(Catalog.Activity.CREATED_AT, tx.atMicros())
                    .build());
          });
    }
    String author = member();
    write(
        author,
        tx ->
            tx.add(
                Row.in(Catalog.ATTRIBUTES)
                    .set(Catalog.Attributes.ID, id(random))
                    .set(Catalog.Attributes.PRAYER, prayer)
                    .set(Catalog.Attributes.NAME, "answered")
                    .set(Catalog.Attributes.VALUE, "true")
                    .set(Catalog.Attributes.CREATED_BY, author)
                    .set(Catalog.Attributes.CREATED_AT, tx.atMicros())
                    .build()));
  }

  /** What the admin and the program itself do once a month. */
  private void operate(int month) throws IOException {
    write(
        members.getFirst(),
        tx ->
            tx.change(
                Catalog.SETTINGS,
                "PEER_APPROVAL_COUNT",
                Values.of(Catalog.Settings.VALUE, String.valueOf(1 + month % 3))));
    write(
        HandleNormalizer.SYSTEM,
        tx ->
            tx.add(
                Row.in(Catalog.SECURITY_EVENTS)
                    .set(Catalog.SecurityEvents.ID, id(random))
                    .set(Catalog.SecurityEvents.EVENT, "rate_limit")
                    .set(Catalog.SecurityEvents.CREATED_AT, tx.atMicros())
                    .build()));
  }

  private void write(String actor, TransactionBody body) throws IOException {
    clock.advance(Duration.ofMinutes(7L + random.nextInt(90)));
    ledger.write(Change.Cause.by(actor), body);
  }

  private String member() {
    return members.get(random.nextInt(members.size()));
  }

  private String otherThan(String member) {
    List<String> others = members.stream().filter(each -> !each.equals(member)).toList();
    return others.get(random.nextInt(others.size()));
  }

  private static long days(int days) {
    return Timestamps.micros(Instant.EPOCH.plus(Duration.ofDays(days)));
  }

  private static String id(RandomGenerator random) {
    return "%016x".formatted(random.nextLong());
  }
}
