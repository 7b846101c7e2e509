package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Header;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * Each semantic rule is tried with a sound row, and with a value that breaks it.
 *
 * <p>A broken rule is a warning with file and line.
 */
class SemanticCheckerTest {
  private static final long NOON = ArchiveFixture.micros("2023-11-20T12:00:00Z");
  private static final long HOUR = 3_600_000_000L;

  /**
   * A small community without semantic findings; times are noon unless a rule needs another one.
   */
  private static List<Row> sound() {
    return List.of(
        row(Catalog.MEMBERS, "mary", Values.of(Catalog.Members.INVITED_BY, "system")),
        row(Catalog.MEMBERS, "tom", Values.of(Catalog.Members.INVITED_BY, "mary")),
        row(
            Catalog.ROLES,
            "admin",
            Values.of(Catalog.Roles.PERMISSIONS, "*, moderate.prayers")
                .and(Catalog.Roles.CREATED_BY, "mary")),
        row(
            Catalog.INVITES,
            "tok3n-that-lets-in",
            Values.of(Catalog.Invites.CREATED_BY, "mary")
                .and(Catalog.Invites.KIND, "new_user")
                .and(Catalog.Invites.USED_COUNT, 1L)
                .and(Catalog.Invites.MAX_USES, 1L)
                .and(Catalog.Invites.CREATED_AT, NOON)
                .and(Catalog.Invites.EXPIRES_AT, NOON + HOUR)),
        row(
            Catalog.INVITE_USES,
            "u1",
            Values.of(Catalog.InviteUses.INVITE, "tok3n-that-lets-in")
                .and(Catalog.InviteUses.MEMBER, "tom")),
        row(
            Catalog.ROLE_ASSIGNMENTS,
            "a1",
            Values.of(Catalog.RoleAssignments.MEMBER, "mary")
                .and(Catalog.RoleAssignments.ROLE, "admin")
                .and(Catalog.RoleAssignments.GRANTED_BY, "mary")
                .and(Catalog.RoleAssignments.EXPIRES_AT, NOON + HOUR)),
        row(
            Catalog.PRAYERS,
            "p1",
            Values.of(Catalog.Prayers.AUTHOR, "mary")
                .and(Catalog.Prayers.MODERATION, "open")
                .and(Catalog.Prayers.VISIBILITY, "members")
                .and(Catalog.Prayers.EDITED_AT, NOON + 1)),
        row(
            Catalog.MARKS,
            "k1",
            Values.of(Catalog.Marks.PRAYER, "p1").and(Catalog.Marks.MEMBER, "tom")),
        row(
            Catalog.SKIPS,
            "s1",
            Values.of(Catalog.Skips.PRAYER, "p1").and(Catalog.Skips.MEMBER, "tom")),
        row(
            Catalog.ATTRIBUTES,
            "t1",
            Values.of(Catalog.Attributes.PRAYER, "p1").and(Catalog.Attributes.CREATED_BY, "mary")),
        row(
            Catalog.ACTIVITY,
            "y1",
            Values.of(Catalog.Activity.PRAYER, "p1").and(Catalog.Activity.MEMBER, "tom")),
        row(
            Catalog.AUTH_REQUESTS,
            "r1",
            Values.of(Catalog.AuthRequests.MEMBER, "tom")
                .and(Catalog.AuthRequests.STATUS, "approved")
                .and(Catalog.AuthRequests.EXPIRES_AT, NOON + HOUR)
                .and(Catalog.AuthRequests.APPROVED_AT, NOON + 1)),
        row(
            Catalog.AUTH_APPROVALS,
            "v1",
            Values.of(Catalog.AuthApprovals.REQUEST, "r1")
                .and(Catalog.AuthApprovals.APPROVER, "mary")),
        row(
            Catalog.AUDIT,
            "d1",
            Values.of(Catalog.Audit.REQUEST, "r1").and(Catalog.Audit.ACTOR_MEMBER, "mary")),
        row(Catalog.SECURITY_EVENTS, "e1", Values.of(Catalog.SecurityEvents.MEMBER, "tom")),
        row(
            Catalog.SESSIONS,
            "sha256:0f",
            Values.of(Catalog.Sessions.MEMBER, "tom")
                .and(Catalog.Sessions.REQUEST, "r1")
                .and(Catalog.Sessions.EXPIRES_AT, NOON + HOUR)),
        row(
            Catalog.NOTIFICATIONS,
            "n1",
            Values.of(Catalog.Notifications.MEMBER, "mary")
                .and(Catalog.Notifications.REQUEST, "r1")
                .and(Catalog.Notifications.READ_AT, NOON + 1)),
        row(
            Catalog.KNOWN_DEVICES,
            "sha256:1e",
            Values.of(Catalog.KnownDevices.MEMBER, "tom")
                .and(Catalog.KnownDevices.LAST_REQUEST, "r1")),
        row(
            Catalog.MUTED_CLAIMANTS,
            "z1",
            Values.of(Catalog.MutedClaimants.MEMBER, "tom")
                .and(Catalog.MutedClaimants.EXPIRES_AT, NOON + HOUR)),
        row(
            Catalog.RECOVERY_CODES,
            "pbkdf2:2d",
            Values.of(Catalog.RecoveryCodes.MEMBER, "tom")
                .and(Catalog.RecoveryCodes.USED_AT, NOON + 1)),
        required(Catalog.CHANGELOG, "c1"),
        row(
            Catalog.APPLICATIONS,
            "l1",
            Values.of(Catalog.Applications.STATUS, "rejected")
                .and(Catalog.Applications.PROCESSED_AT, NOON + 1)
                .and(Catalog.Applications.PROCESSED_BY, "mary")),
        row(
            Catalog.EMAIL_ADDRESSES,
            "m1",
            Values.of(Catalog.EmailAddresses.MEMBER, "tom")
                .and(Catalog.EmailAddresses.VERIFIED_AT, NOON + 1)));
  }

  /** A row in which every required value is there. */
  static Row row(Table table, String key, Values values) {
    return required(table, key).with(values);
  }

  /** A row with nothing but its required values. */
  static Row required(Table table, String key) {
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (Column<?> column : table.columns()) {
      if (column.required()) {
        values[column.position()] =
            switch (column.type()) {
              case TEXT -> "x";
              case INTEGER -> 0L;
              case REAL -> 0.5;
              case BOOLEAN -> false;
              case TIME -> NOON;
            };
      }
    }
    values[table.keyPosition()] = key;
    return Row.of(table, values);
  }

  /** A value that breaks a rule, and the message of its finding. */
  record Broken(Column<?> column, @Nullable Object value, String code, String message) {
    Table table() {
      return Catalog.find(column.table()).orElseThrow();
    }

    @Override
    public String toString() {
      return code + " " + column;
    }
  }

  private static final String NOON_TEXT = "2023-11-20T12:00:00.000000Z";
  private static final String EARLIER = "2023-11-20T11:00:00.000000Z";

  private static Broken reversed(Column<Long> later, Column<Long> earlier, String key) {
    return new Broken(
        later,
        NOON - HOUR,
        "times-reversed",
        later.table()
            + "/"
            + key
            + " has "
            + later.name()
            + " "
            + EARLIER
            + ", before "
            + earlier.name()
            + " "
            + NOON_TEXT
            + "; expected a later time");
  }

  private static Broken unknown(Column<String> column, String key, String expected) {
    return new Broken(
        column,
        "so | so\n",
        "value-unknown",
        column.table()
            + "/"
            + key
            + " says so | so\uFFFD in "
            + column.name()
            + "; expected "
            + expected);
  }

  private static Stream<Broken> broken() {
    return Stream.of(
        reversed(Catalog.RoleAssignments.EXPIRES_AT, Catalog.RoleAssignments.GRANTED_AT, "a1"),
        reversed(Catalog.Prayers.EDITED_AT, Catalog.Prayers.CREATED_AT, "p1"),
        reversed(Catalog.AuthRequests.EXPIRES_AT, Catalog.AuthRequests.CREATED_AT, "r1"),
        reversed(Catalog.AuthRequests.APPROVED_AT, Catalog.AuthRequests.CREATED_AT, "r1"),
        reversed(Catalog.Sessions.EXPIRES_AT, Catalog.Sessions.CREATED_AT, "sha256:0f"),
        reversed(Catalog.Notifications.READ_AT, Catalog.Notifications.CREATED_AT, "n1"),
        reversed(Catalog.MutedClaimants.EXPIRES_AT, Catalog.MutedClaimants.CREATED_AT, "z1"),
        reversed(Catalog.RecoveryCodes.USED_AT, Catalog.RecoveryCodes.CREATED_AT, "pbkdf2:2d"),
        reversed(Catalog.Applications.PROCESSED_AT, Catalog.Applications.CREATED_AT, "l1"),
        reversed(Catalog.EmailAddresses.VERIFIED_AT, Catalog.EmailAddresses.ADDED_AT, "m1"),
        reversed(Catalog.Changelog.CREATED_AT, Catalog.Changelog.COMMIT_DATE, "c1"),
        new Broken(
            Catalog.Invites.CREATED_AT,
            NOON + 2 * HOUR,
            "times-reversed",
            "invites/tok3… has expires_at 2023-11-20T13:00:00.000000Z, before"
                + " created_at 2023-11-20T14:00:00.000000Z; expected a later time"),
        unknown(Catalog.Prayers.MODERATION, "p1", "open, flagged, hidden"),
        unknown(Catalog.Prayers.VISIBILITY, "p1", "members, public, anonymous"),
        unknown(
            Catalog.Invites.KIND,
            "tok3…",
            "new_user, multi_device, admin, user_login, email_verification"),
        unknown(Catalog.AuthRequests.STATUS, "r1", "pending, approved, rejected, expired"),
        unknown(Catalog.Applications.STATUS, "l1", "pending, approved, rejected"),
        new Broken(
            Catalog.Invites.USED_COUNT,
            2L,
            "invite-overused",
            "invites/tok3… was used 2 times; expected 1 at most"),
        new Broken(
            Catalog.Members.INVITED_BY,
            null,
            "invite-stranger",
            "members/tom was invited by nobody; expected a member, or system"),
        new Broken(
            Catalog.Roles.PERMISSIONS,
            "take.part,fly,moderate.prayers,\u202Esing",
            "permission-unknown",
            "roles/admin allows fly, \uFFFDsing, which this program does not know; expected words"
                + " such as moderate.prayers, or *"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void check_valueThatMakesNoSense_isAWarningAtItsLine(Broken broken) throws IOException {
    List<Finding> found = changed(broken.column(), broken.value());
    assertThat(found)
        .filteredOn(finding -> finding.code().equals(broken.code()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.message()).isEqualTo(broken.message());
              assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(Catalog.ofLog(finding.file())).hasValue(broken.table());
              assertThat(finding.line())
                  .isEqualTo(Header.LINES + (broken.table() == Catalog.MEMBERS ? 3 : 2));
              assertThat(finding.next()).startsWith("thywill ");
            });
  }

  @Test
  void everyRuleThatHoldsWithinARow_isTriedAbove() {
    Set<String> rules = new TreeSet<>();
    Catalog.TABLES.forEach(
        table ->
            SemanticRules.of(table).stream()
                .filter(rule -> !rule.code().equals("value-missing"))
                .forEach(
                    rule ->
                        rules.add(
                            rule.code()
                                + " "
                                + table
                                + "."
                                + table.columns().get(rule.column()).name())));
    Set<String> tried = new TreeSet<>();
    broken()
        .forEach(
            each ->
                tried.add(
                    each.toString()
                        .replace(
                            "times-reversed invites.created_at",
                            "times-reversed invites.expires_at")));
    assertThat(tried).isEqualTo(rules);
  }

  @Test
  void check_soundCommunity_findsNothing() throws IOException {
    assertThat(played(sound(), List.of())).isEmpty();
  }

  @Test
  void check_requiredValueThatIsMissing_isAWarning() throws IOException {
    for (Row row : sound()) {
      for (Column<?> column : row.table().columns()) {
        if (column.required() && !column.equals(row.table().keyColumn())) {
          assertThat(changed(column, null))
              .as(row.table() + "." + column.name())
              .extracting(finding -> finding.code() + " " + finding.message())
              .contains(
                  "value-missing "
                      + row.table()
                      + "/"
                      + SemanticRules.shown(row.table(), last(row.table()).key())
                      + " has nothing in "
                      + column.name()
                      + "; expected "
                      + column.target().map(target -> "a row of " + target).orElse("a value"));
        }
      }
    }
  }

  /** A row of each table that refers to another, made before the row that it names. */
  @Test
  void check_rowOlderThanWhatItNames_isAWarning() throws IOException {
    int tried = 0;
    for (Row row : sound()) {
      Optional<Integer> since = SemanticRules.since(row.table());
      if (since.isEmpty() || !row.equals(last(row.table()))) {
        continue;
      }
      List<Finding> found = changed(row.table().columns().get(since.get()), NOON - HOUR);
      for (Column<?> column : row.table().columns()) {
        boolean named =
            row.value(column.name()) instanceof String key
                && !key.equals("system")
                && SemanticRules.isOlder(row.table(), column);
        if (named) {
          tried++;
          assertThat(found)
              .as(row.table() + "." + column.name())
              .filteredOn(finding -> finding.message().contains(" names in " + column.name() + " "))
              .singleElement()
              .satisfies(finding -> assertThat(finding.code()).isEqualTo("older-than-its-origin"));
        }
      }
    }
    assertThat(tried)
        .as("every reference that must be older")
        .isEqualTo(
            Catalog.TABLES.stream()
                .mapToInt(
                    table ->
                        (int)
                            table.columns().stream()
                                .filter(column -> SemanticRules.isOlder(table, column))
                                .count())
                .sum());
  }

  @Test
  void check_whoDecidedLater_mayHaveJoinedLater() throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    rows.add(
        row(
            Catalog.MEMBERS,
            "late",
            Values.of(Catalog.Members.INVITED_BY, "mary")
                .and(Catalog.Members.CREATED_AT, NOON + HOUR)));
    rows.add(
        row(
            Catalog.AUTH_REQUESTS,
            "r2",
            Values.of(Catalog.AuthRequests.MEMBER, "tom")
                .and(Catalog.AuthRequests.STATUS, "approved")
                .and(Catalog.AuthRequests.EXPIRES_AT, NOON + HOUR)
                .and(Catalog.AuthRequests.APPROVED_BY, "late")));
    rows.add(
        row(
            Catalog.APPLICATIONS,
            "l2",
            Values.of(Catalog.Applications.STATUS, "approved")
                .and(Catalog.Applications.PROCESSED_BY, "late")));
    assertThat(played(rows, List.of())).isEmpty();
  }

  @Test
  void check_rowFromTheFuture_isAWarning() throws IOException {
    assertThat(changed(Catalog.SecurityEvents.CREATED_AT, NOON + 300 * HOUR))
        .extracting(Finding::toString)
        .containsExactly(
            "auth/2023_11_security_events.txt:7: security_events/e1 is of"
                + " 2023-12-03T00:00:00.000000Z, but was written down at"
                + " 2023-11-21T12:00:00.000000Z; expected an earlier time");
  }

  @Test
  void check_membersWhoInvitedEachOther_areNamedOnce() throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    rows.add(row(Catalog.MEMBERS, "ann", Values.of(Catalog.Members.INVITED_BY, "bob")));
    rows.add(row(Catalog.MEMBERS, "bob", Values.of(Catalog.Members.INVITED_BY, "cid")));
    rows.add(row(Catalog.MEMBERS, "cid", Values.of(Catalog.Members.INVITED_BY, "ann")));
    rows.add(row(Catalog.MEMBERS, "dan", Values.of(Catalog.Members.INVITED_BY, "cid")));
    rows.add(row(Catalog.MEMBERS, "self", Values.of(Catalog.Members.INVITED_BY, "self")));
    List<Finding> found = played(rows, List.of());
    assertThat(found).extracting(Finding::code).containsOnly("invite-loop");
    assertThat(found).hasSize(2);
    assertThat(found)
        .extracting(Finding::toString)
        .contains(
            "users/2023_11_users.txt:12: self, who was invited by the first again: a loop of 1;"
                + " expected a chain that ends with a founder");
    assertThat(found)
        .filteredOn(finding -> finding.message().contains("a loop of 3"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message()).contains("ann", "bob", "cid").doesNotContain("dan"));
  }

  @Test
  void check_longChainAndLongLoop_end() throws IOException {
    List<Row> rows = new ArrayList<>();
    rows.add(row(Catalog.MEMBERS, "m0", Values.of(Catalog.Members.INVITED_BY, "system")));
    for (int i = 1; i < 3_000; i++) {
      rows.add(row(Catalog.MEMBERS, "m" + i, Values.of(Catalog.Members.INVITED_BY, "m" + (i - 1))));
      rows.add(
          row(
              Catalog.MEMBERS,
              "o" + i,
              Values.of(Catalog.Members.INVITED_BY, "o" + (i == 2_999 ? 1 : i + 1))));
    }
    assertThat(played(rows, List.of()))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.message())
                    .endsWith(
                        ", and so on to the first again: a loop of 2999; expected a chain that ends"
                            + " with a founder"));
  }

  @Test
  void check_inviterWhoJoinedLater_isAWarningAlsoIfTheLinesAreInReverseOrder() throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    rows.add(row(Catalog.MEMBERS, "ann", Values.of(Catalog.Members.INVITED_BY, "zoe")));
    rows.add(
        row(
            Catalog.MEMBERS,
            "zoe",
            Values.of(Catalog.Members.INVITED_BY, "mary")
                .and(Catalog.Members.CREATED_AT, NOON + HOUR)));
    rows.add(row(Catalog.MEMBERS, "same", Values.of(Catalog.Members.INVITED_BY, "time")));
    rows.add(row(Catalog.MEMBERS, "time", Values.of(Catalog.Members.INVITED_BY, "mary")));
    assertThat(played(rows, List.of()))
        .extracting(Finding::toString)
        .containsExactly(
            "users/2023_11_users.txt:8: members/ann is of "
                + NOON_TEXT
                + ", but names in invited_by members/zoe, which came later; expected that to be the"
                + " earlier one");
  }

  @Test
  void check_laterLineThatFollowsTheRule_clearsTheRow() throws IOException {
    List<Row> rows = sound();
    Row wrong =
        row(
            Catalog.MARKS,
            "k1",
            Values.of(Catalog.Marks.PRAYER, "nowhere")
                .and(Catalog.Marks.MEMBER, "tom")
                .and(Catalog.Marks.CREATED_AT, NOON - HOUR));
    Row right =
        row(
            Catalog.MARKS,
            "k1",
            Values.of(Catalog.Marks.PRAYER, "p1").and(Catalog.Marks.MEMBER, "tom"));
    assertThat(played(rows, List.of(Map.entry(Operation.CHANGED, wrong))))
        .extracting(Finding::code)
        .containsExactlyInAnyOrder("dangling-reference", "older-than-its-origin");
    assertThat(
            played(
                rows,
                List.of(Map.entry(Operation.CHANGED, wrong), Map.entry(Operation.CHANGED, right))))
        .isEmpty();
    assertThat(
            played(
                rows,
                List.of(Map.entry(Operation.CHANGED, wrong), Map.entry(Operation.REMOVED, wrong))))
        .isEmpty();
  }

  @Test
  void check_manyRowsOfOneKind_areAllCountedAndAHundredListed() throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    for (int i = 0; i < 250; i++) {
      rows.add(
          row(
              Catalog.MARKS,
              "x" + i,
              Values.of(Catalog.Marks.PRAYER, "gone")
                  .and(Catalog.Marks.MEMBER, "tom")
                  .and(Catalog.Marks.CREATED_AT, NOON - HOUR)));
    }
    CheckReport report = report(rows, List.of());
    assertThat(report.findingsByCode())
        .isEqualTo(Map.of("dangling-reference", 250L, "older-than-its-origin", 250L));
    assertThat(report.findings()).hasSize(200);
    assertThat(report.sound()).isTrue();
  }

  @Test
  void check_damagedTable_hasNoSemanticFindings() throws IOException {
    Map<String, byte[]> files =
        ArchiveFixture.files(
            disk(
                sound(),
                List.of(
                    Map.entry(
                        Operation.CHANGED,
                        row(
                            Catalog.MARKS,
                            "k1",
                            Values.of(Catalog.Marks.PRAYER, "nowhere")
                                .and(Catalog.Marks.MEMBER, "tom")
                                .and(Catalog.Marks.CREATED_AT, NOON - HOUR))))));
    byte[] marks = Objects.requireNonNull(files.get("prayers/marks/2023_11_marks.txt")).clone();
    marks[marks.length - 3] ^= 1;
    assertThat(
            ArchiveFixture.check(
                    ArchiveFixture.with(files, "prayers/marks/2023_11_marks.txt", marks))
                .findings())
        .extracting(Finding::severity)
        .doesNotContain(Finding.Severity.WARNING);
  }

  /**
   * With any key and value, a finding is one line without hidden characters, and shows only the
   * first letters of an invite.
   */
  @Test
  void check_hostileTexts_areShownOnOneLineAndCutShort() throws IOException {
    HostileText texts = new HostileText(Seeds.random("SemanticCheckerTest"));
    List<Row> rows = new ArrayList<>(sound());
    Set<String> keys = new TreeSet<>();
    while (keys.size() < 40) {
      keys.add(texts.next() + keys.size());
    }
    keys.forEach(
        key -> {
          rows.add(
              row(
                  Catalog.INVITES,
                  "secret" + key,
                  Values.of(Catalog.Invites.CREATED_BY, key + "?").and(Catalog.Invites.KIND, key)));
          rows.add(row(Catalog.APPLICATIONS, key, Values.of(Catalog.Applications.STATUS, key)));
        });
    List<Finding> found = played(rows, List.of());
    assertThat(found).hasSize(120);
    assertThat(found)
        .allSatisfy(
            finding -> {
              assertThat(finding.message().length()).isLessThan(400);
              assertThat(finding.message())
                  .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]")
                  .doesNotContain("secret");
            });
  }

  private static Row last(Table table) {
    return sound().stream().filter(row -> row.table() == table).toList().getLast();
  }

  /** The findings when one value of the last row of a table is changed a day later. */
  private static List<Finding> changed(Column<?> column, @Nullable Object value)
      throws IOException {
    Row row = last(Catalog.find(column.table()).orElseThrow());
    @Nullable Object[] values = new @Nullable Object[row.table().columns().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == column.position() ? value : row.value(i);
    }
    return played(sound(), List.of(Map.entry(Operation.CHANGED, Row.of(row.table(), values))));
  }

  private static List<Finding> played(List<Row> rows, List<Map.Entry<Operation, Row>> later)
      throws IOException {
    return report(rows, later).findings();
  }

  private static CheckReport report(List<Row> rows, List<Map.Entry<Operation, Row>> later)
      throws IOException {
    CheckReport report = ArchiveFixture.check(disk(rows, later));
    assertThat(report.sound()).isTrue();
    return report;
  }

  static SimulatedDisk disk(List<Row> rows, List<Map.Entry<Operation, Row>> later)
      throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveFixture fixture = new ArchiveFixture(disk, RandomGenerator.getDefault());
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", NOON - 2 * HOUR));
    try (ArchiveWriter writer = fixture.open()) {
      fixture.waitUntil(NOON + HOUR);
      List<Map.Entry<Operation, Row>> added = new ArrayList<>();
      rows.forEach(row -> added.add(Map.entry(Operation.ADDED, row)));
      fixture.apply(writer, added);
      fixture.waitUntil(NOON + 24 * HOUR);
      for (Map.Entry<Operation, Row> change : later) {
        fixture.apply(writer, List.of(change));
      }
      fixture.checkpoint(writer);
    }
    return disk;
  }
}
