package org.thywill.archive.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/**
 * What does not make sense is found with file and line, is a warning, and each rule is there: one
 * sound row of each table, and one value that breaks it.
 */
class SemanticCheckerTest {
  private static final long NOON = ArchiveFixture.micros("2023-11-20T12:00:00Z");
  private static final long HOUR = 3_600_000_000L;

  /**
   * A small community in which everything makes sense; times are of noon unless a rule needs
   * another.
   */
  private static List<Row> sound() {
    return List.of(
        row(Catalog.MEMBERS, "mary", Map.of("invited_by", "system")),
        row(Catalog.MEMBERS, "tom", Map.of("invited_by", "mary")),
        row(
            Catalog.ROLES,
            "admin",
            Map.of("permissions", "*, moderate.prayers", "created_by", "mary")),
        row(
            Catalog.INVITES,
            "tok3n-that-lets-in",
            Map.of(
                "created_by",
                "mary",
                "kind",
                "new_user",
                "used_count",
                1L,
                "max_uses",
                1L,
                "created_at",
                NOON,
                "expires_at",
                NOON + HOUR)),
        row(Catalog.INVITE_USES, "u1", Map.of("invite", "tok3n-that-lets-in", "member", "tom")),
        row(
            Catalog.ROLE_ASSIGNMENTS,
            "a1",
            Map.of(
                "member",
                "mary",
                "role",
                "admin",
                "granted_by",
                "mary",
                "expires_at",
                NOON + HOUR)),
        row(
            Catalog.PRAYERS,
            "p1",
            Map.of(
                "author",
                "mary",
                "moderation",
                "open",
                "visibility",
                "members",
                "edited_at",
                NOON + 1)),
        row(Catalog.MARKS, "k1", Map.of("prayer", "p1", "member", "tom")),
        row(Catalog.SKIPS, "s1", Map.of("prayer", "p1", "member", "tom")),
        row(Catalog.ATTRIBUTES, "t1", Map.of("prayer", "p1", "created_by", "mary")),
        row(Catalog.ACTIVITY, "y1", Map.of("prayer", "p1", "member", "tom")),
        row(
            Catalog.AUTH_REQUESTS,
            "r1",
            Map.of(
                "member",
                "tom",
                "status",
                "approved",
                "expires_at",
                NOON + HOUR,
                "approved_at",
                NOON + 1)),
        row(Catalog.AUTH_APPROVALS, "v1", Map.of("request", "r1", "approver", "mary")),
        row(Catalog.AUDIT, "d1", Map.of("request", "r1", "actor_member", "mary")),
        row(Catalog.SECURITY_EVENTS, "e1", Map.of("member", "tom")),
        row(
            Catalog.SESSIONS,
            "sha256:0f",
            Map.of("member", "tom", "request", "r1", "expires_at", NOON + HOUR)),
        row(
            Catalog.NOTIFICATIONS,
            "n1",
            Map.of("member", "mary", "request", "r1", "read_at", NOON + 1)),
        row(Catalog.CHANGELOG, "c1", Map.of()),
        row(
            Catalog.APPLICATIONS,
            "l1",
            Map.of("status", "rejected", "processed_at", NOON + 1, "processed_by", "mary")),
        row(Catalog.EMAIL_ADDRESSES, "m1", Map.of("member", "tom", "verified_at", NOON + 1)));
  }

  /** A row in which every required value is there. */
  static Row row(Table table, String key, Map<String, ?> values) {
    Row.Builder row = Row.in(table);
    for (Column<?> column : table.columns()) {
      if (column.required()) {
        row.set(
            column.name(),
            switch (column.type()) {
              case TEXT -> "x";
              case INTEGER -> 0L;
              case REAL -> 0.5;
              case BOOLEAN -> false;
              case TIME -> NOON;
            });
      }
    }
    values.forEach(row::set);
    return row.set(table.keyColumn().name(), key).build();
  }

  /** A value that breaks a rule, and what is said of it. */
  record Broken(Table table, String column, @Nullable Object value, String code, String said) {
    @Override
    public String toString() {
      return code + " " + table + "." + column;
    }
  }

  private static final String NOON_TEXT = "2023-11-20T12:00:00.000000Z";
  private static final String EARLIER = "2023-11-20T11:00:00.000000Z";

  private static Broken reversed(Table table, String later, String earlier, String key) {
    return new Broken(
        table,
        later,
        NOON - HOUR,
        "times-reversed",
        table
            + "/"
            + key
            + " has "
            + later
            + " "
            + EARLIER
            + ", before "
            + earlier
            + " "
            + NOON_TEXT
            + "; expected a later time");
  }

  private static Broken unknown(Table table, String column, String key, String expected) {
    return new Broken(
        table,
        column,
        "so | so\n",
        "value-unknown",
        table + "/" + key + " says so | so\uFFFD in " + column + "; expected " + expected);
  }

  private static Stream<Broken> broken() {
    return Stream.of(
        reversed(Catalog.ROLE_ASSIGNMENTS, "expires_at", "granted_at", "a1"),
        reversed(Catalog.PRAYERS, "edited_at", "created_at", "p1"),
        reversed(Catalog.AUTH_REQUESTS, "expires_at", "created_at", "r1"),
        reversed(Catalog.AUTH_REQUESTS, "approved_at", "created_at", "r1"),
        reversed(Catalog.SESSIONS, "expires_at", "created_at", "sha256:0f"),
        reversed(Catalog.NOTIFICATIONS, "read_at", "created_at", "n1"),
        reversed(Catalog.APPLICATIONS, "processed_at", "created_at", "l1"),
        reversed(Catalog.EMAIL_ADDRESSES, "verified_at", "added_at", "m1"),
        reversed(Catalog.CHANGELOG, "created_at", "commit_date", "c1"),
        new Broken(
            Catalog.INVITES,
            "created_at",
            NOON + 2 * HOUR,
            "times-reversed",
            "invites/tok3… has expires_at 2023-11-20T13:00:00.000000Z, before"
                + " created_at 2023-11-20T14:00:00.000000Z; expected a later time"),
        unknown(Catalog.PRAYERS, "moderation", "p1", "open, flagged, hidden"),
        unknown(Catalog.PRAYERS, "visibility", "p1", "members, public, anonymous"),
        unknown(
            Catalog.INVITES,
            "kind",
            "tok3…",
            "new_user, multi_device, admin, user_login, email_verification"),
        unknown(Catalog.AUTH_REQUESTS, "status", "r1", "pending, approved, rejected, expired"),
        unknown(Catalog.APPLICATIONS, "status", "l1", "pending, approved, rejected"),
        new Broken(
            Catalog.INVITES,
            "used_count",
            2L,
            "invite-overused",
            "invites/tok3… was used 2 times; expected 1 at most"),
        new Broken(
            Catalog.MEMBERS,
            "invited_by",
            null,
            "invite-stranger",
            "members/tom was invited by nobody; expected a member, or system"),
        new Broken(
            Catalog.ROLES,
            "permissions",
            "take.part,fly,moderate.prayers,\u202Esing",
            "permission-unknown",
            "roles/admin allows fly, \uFFFDsing, which this program does not know; expected words"
                + " such as moderate.prayers, or *"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void check_valueThatMakesNoSense_isAWarningWhereItStands(Broken broken) throws IOException {
    List<Finding> found = changed(broken.table(), broken.column(), broken.value());
    assertThat(found)
        .filteredOn(finding -> finding.code().equals(broken.code()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.message()).isEqualTo(broken.said());
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
          assertThat(changed(row.table(), column.name(), null))
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

  /** Of each table that refers to another: the row as if it had been made before what it names. */
  @Test
  void check_rowOlderThanWhatItNames_isAWarning() throws IOException {
    int tried = 0;
    for (Row row : sound()) {
      Optional<Integer> since = SemanticRules.since(row.table());
      if (since.isEmpty() || !row.equals(last(row.table()))) {
        continue;
      }
      List<Finding> found =
          changed(row.table(), row.table().columns().get(since.get()).name(), NOON - HOUR);
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
    rows.add(row(Catalog.MEMBERS, "late", Map.of("invited_by", "mary", "created_at", NOON + HOUR)));
    rows.add(
        row(
            Catalog.AUTH_REQUESTS,
            "r2",
            Map.of(
                "member",
                "tom",
                "status",
                "approved",
                "expires_at",
                NOON + HOUR,
                "approved_by",
                "late")));
    rows.add(row(Catalog.APPLICATIONS, "l2", Map.of("status", "approved", "processed_by", "late")));
    assertThat(played(rows, List.of())).isEmpty();
  }

  @Test
  void check_rowFromTheFuture_isAWarning() throws IOException {
    assertThat(changed(Catalog.SECURITY_EVENTS, "created_at", NOON + 300 * HOUR))
        .extracting(Finding::toString)
        .containsExactly(
            "auth/2023_11_security_events.txt:7: security_events/e1 is of"
                + " 2023-12-03T00:00:00.000000Z, but was written down at"
                + " 2023-11-21T12:00:00.000000Z; expected an earlier time");
  }

  @Test
  void check_membersWhoInvitedEachOther_areNamedOnce() throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    rows.add(row(Catalog.MEMBERS, "ann", Map.of("invited_by", "bob")));
    rows.add(row(Catalog.MEMBERS, "bob", Map.of("invited_by", "cid")));
    rows.add(row(Catalog.MEMBERS, "cid", Map.of("invited_by", "ann")));
    rows.add(row(Catalog.MEMBERS, "dan", Map.of("invited_by", "cid")));
    rows.add(row(Catalog.MEMBERS, "self", Map.of("invited_by", "self")));
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
    rows.add(row(Catalog.MEMBERS, "m0", Map.of("invited_by", "system")));
    for (int i = 1; i < 3_000; i++) {
      rows.add(row(Catalog.MEMBERS, "m" + i, Map.of("invited_by", "m" + (i - 1))));
      rows.add(row(Catalog.MEMBERS, "o" + i, Map.of("invited_by", "o" + (i == 2_999 ? 1 : i + 1))));
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
  void check_inviterWhoJoinedLater_isAWarningAlsoWhereTheLinesStandTheOtherWayRound()
      throws IOException {
    List<Row> rows = new ArrayList<>(sound());
    rows.add(row(Catalog.MEMBERS, "ann", Map.of("invited_by", "zoe")));
    rows.add(row(Catalog.MEMBERS, "zoe", Map.of("invited_by", "mary", "created_at", NOON + HOUR)));
    rows.add(row(Catalog.MEMBERS, "same", Map.of("invited_by", "time")));
    rows.add(row(Catalog.MEMBERS, "time", Map.of("invited_by", "mary")));
    assertThat(played(rows, List.of()))
        .extracting(Finding::toString)
        .containsExactly(
            "users/2023_11_users.txt:8: members/ann is of "
                + NOON_TEXT
                + ", but names in invited_by members/zoe, which came later; expected that to be the"
                + " earlier one");
  }

  @Test
  void check_laterLineThatSaysItRightly_clearsTheRow() throws IOException {
    List<Row> rows = sound();
    Row wrong =
        row(
            Catalog.MARKS,
            "k1",
            Map.of("prayer", "nowhere", "member", "tom", "created_at", NOON - HOUR));
    Row right = row(Catalog.MARKS, "k1", Map.of("prayer", "p1", "member", "tom"));
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
              Map.of("prayer", "gone", "member", "tom", "created_at", NOON - HOUR)));
    }
    CheckReport report = report(rows, List.of());
    assertThat(report.findingsByCode())
        .isEqualTo(Map.of("dangling-reference", 250L, "older-than-its-origin", 250L));
    assertThat(report.findings()).hasSize(200);
    assertThat(report.sound()).isTrue();
  }

  @Test
  void check_damagedTable_saysNothingOfItsMeaning() throws IOException {
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
                            Map.of(
                                "prayer",
                                "nowhere",
                                "member",
                                "tom",
                                "created_at",
                                NOON - HOUR))))));
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
   * Whatever a key or a value holds, a finding is one line that shows as it is, and no more of an
   * invite than its first letters.
   */
  @Test
  void check_hostileTexts_areShownOnOneLineAndCutShort() throws IOException {
    HostileText texts = new HostileText(Seeds.random("CheckMeaningTest"));
    List<Row> rows = new ArrayList<>(sound());
    Set<String> keys = new TreeSet<>();
    while (keys.size() < 40) {
      keys.add(texts.next() + keys.size());
    }
    keys.forEach(
        key -> {
          rows.add(
              row(Catalog.INVITES, "secret" + key, Map.of("created_by", key + "?", "kind", key)));
          rows.add(row(Catalog.APPLICATIONS, key, Map.of("status", key)));
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

  /** What is found when the last row of a table, one day later, says something else. */
  private static List<Finding> changed(Table table, String column, @Nullable Object value)
      throws IOException {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put(column, value);
    return played(sound(), List.of(Map.entry(Operation.CHANGED, last(table).with(values))));
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
