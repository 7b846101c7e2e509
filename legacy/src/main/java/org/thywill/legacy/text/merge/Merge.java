package org.thywill.legacy.text.merge;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.UncheckedSqlException;
import org.thywill.legacy.text.dialect.Assertion;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.LocalTimestamp;
import org.thywill.legacy.text.dialect.SourcePriority;
import org.thywill.legacy.text.dialect.SyntheticIds;
import org.thywill.legacy.text.file.SourceLocation;

/**
 * Merges all assertions about a row, and writes the rows into tables of the original's last layout.
 *
 * <p>Rows that a database has are not written, because the database is imported itself; differences
 * are reported. Ids that no file states are made by {@link SyntheticIds}.
 */
public final class Merge {
  /** Table → columns of the key of its rows. */
  static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry("user", List.of("display_name")),
          Map.entry("role", List.of("name")),
          Map.entry("prayer", List.of("id")),
          Map.entry("session", List.of("id")),
          Map.entry("invitetoken", List.of("token")),
          Map.entry("changelogentry", List.of("commit_id")),
          Map.entry("membership_application", List.of("id")),
          Map.entry("notification_state", List.of("id")),
          Map.entry("prayermark", List.of("prayer_id", "username")),
          Map.entry("prayerskip", List.of("prayer_id", "user_id")),
          Map.entry("prayer_activity_log", List.of("prayer_id", "user_id", "action")),
          Map.entry("prayer_attributes", List.of("prayer_id", "attribute_name")),
          Map.entry("authenticationrequest", List.of("user_id")),
          Map.entry("authapproval", List.of("auth_request_id", "approver_user_id")),
          Map.entry("authauditlog", List.of("auth_request_id", "action")),
          Map.entry("securitylog", List.of("event_type", "user_id")),
          Map.entry("user_roles", List.of("user_id")),
          Map.entry("invite_token_usage", List.of("invite_token_id", "user_id")));

  /** Table → the column by whose minute rows of one key differ; missing where a key is enough. */
  static final Map<String, String> TIMES =
      Map.ofEntries(
          Map.entry("prayermark", "created_at"),
          Map.entry("prayerskip", "created_at"),
          Map.entry("prayer_activity_log", "created_at"),
          Map.entry("prayer_attributes", "created_at"),
          Map.entry("authenticationrequest", "created_at"),
          Map.entry("authapproval", "created_at"),
          Map.entry("authauditlog", "created_at"),
          Map.entry("securitylog", "created_at"),
          Map.entry("user_roles", "granted_at"),
          Map.entry("invite_token_usage", "claimed_at"));

  /** The original's defaults: table and column → value. */
  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("user.is_supporter", "0"),
          Map.entry("user.welcome_message_dismissed", "0"),
          Map.entry("role.permissions", "[]"),
          Map.entry("role.is_system_role", "0"),
          Map.entry("prayer.flagged", "0"),
          Map.entry("prayer.safety_score", "1.0"),
          Map.entry("prayer.safety_flags", "[]"),
          Map.entry("prayer.categorization_method", "default"),
          Map.entry("prayer.specificity_type", "unknown"),
          Map.entry("prayer.specificity_confidence", "0.0"),
          Map.entry("prayer.subject_category", "general"),
          Map.entry("authenticationrequest.status", "pending"),
          Map.entry("session.is_fully_authenticated", "0"),
          Map.entry("notification_state.notification_type", "auth_request"),
          Map.entry("notification_state.is_read", "0"),
          Map.entry("invitetoken.created_by_user", "system"),
          Map.entry("invitetoken.usage_count", "0"),
          Map.entry("invitetoken.token_type", "new_user"),
          Map.entry("membership_application.status", "pending"));

  private static final Set<String> WITHOUT_ID = Set.of("user", "invitetoken", "changelogentry");

  private final AssertionStore staging;
  private final TextReport report;
  private final ZoneId zone;
  private final boolean hideUnmoderated;
  private final MergedTables out;
  private final Map<String, String> roleIds = new HashMap<>();
  private final Map<String, String> roleNames = new HashMap<>();
  private final Map<String, TreeMap<String, String>> tokensByUser = new HashMap<>();
  private final Map<String, Integer> tokenUses = new HashMap<>();
  private final Map<String, TreeMap<String, String>> usersByToken = new HashMap<>();
  private final Set<String> flagged = new HashSet<>();
  private final Map<AssertionStore.PartialExport, Integer> missingByExport = new LinkedHashMap<>();
  private long unmoderated;

  /**
   * A merge into a database that has the original's tables.
   *
   * @param zone of the server's clock
   * @param hideUnmoderated whether a prayer is hidden if no file says whether it was reported
   */
  public Merge(
      AssertionStore staging,
      Connection target,
      TextReport report,
      ZoneId zone,
      boolean hideUnmoderated)
      throws SQLException {
    this.staging = staging;
    this.report = report;
    this.zone = zone;
    this.hideUnmoderated = hideUnmoderated;
    this.out = new MergedTables(target, report);
  }

  static List<String> keys(String table) {
    return Objects.requireNonNull(KEYS.get(table));
  }

  /** Runs the merge; to be called once. */
  public void run() throws SQLException {
    staging.forEachGroup(
        "role",
        (key, rows) ->
            rows.forEach(
                row -> {
                  String id = row.values().get("id");
                  if (id != null) {
                    roleNames.put(id, key.getFirst());
                  }
                }));
    each("role", this::role);
    eachTimed("user_roles", row -> Objects.requireNonNullElse(role(row), ""));
    eachTimed("prayermark", row -> "");
    eachTimed("prayerskip", row -> "");
    eachTimed("prayer_activity_log", row -> "");
    staging.forEachGroup(
        "prayer_attributes", (key, rows) -> unchecked(() -> attributes(key, rows)));
    reportPartialExports();
    each("prayer", this::prayer);
    eachTimed("invite_token_usage", row -> "");
    each("invitetoken", this::token);
    each("user", this::user);
    new SignInMatcher(staging, report).resolve();
    eachTimed("authenticationrequest", row -> "");
    eachTimed("authapproval", row -> "");
    eachTimed(
        "authauditlog", row -> Objects.requireNonNullElse(row.values().get("actor_user_id"), ""));
    eachTimed(
        "securitylog",
        row ->
            Objects.requireNonNullElse(row.values().get("details"), "").replaceAll("[|\n_]", "_"));
    each("session", this::session);
    each("notification_state", (key, values) -> true);
    each("changelogentry", (key, values) -> true);
    each("membership_application", (key, values) -> true);
    for (Map.Entry<String, String> prayer : staging.unitedPrayers.entrySet()) {
      out.addSyntheticId("prayer", prayer.getKey(), prayer.getValue());
    }
    out.finish();
    if (unmoderated > 0) {
      report.addFinding(
          "moderation-not-stated",
          true,
          new SourceLocation("", 0),
          unmoderated
              + " prayers of which no file says whether they were flagged; they are "
              + (hideUnmoderated
                  ? "hidden until somebody looks at them"
                  : "open: look through them, or import again with --hide-unmoderated"));
    }
  }

  /** Completes a row before it is written; false leaves it out. */
  private interface RowFinisher {
    boolean on(String key, MergedRow row) throws SQLException;
  }

  private void each(String table, RowFinisher finish) throws SQLException {
    staging.forEachGroup(
        table,
        (key, rows) ->
            unchecked(
                () ->
                    write(table, key, rows, finish, () -> SyntheticIds.of(table, key.getFirst()))));
  }

  private void eachTimed(String table, Function<RowAssertion, String> same) throws SQLException {
    staging.forEachGroup(
        table,
        (key, rows) ->
            unchecked(
                () -> {
                  List<AssertionCluster> clusters =
                      AssertionCluster.of(
                          toUtc(table, rows), Objects.requireNonNull(TIMES.get(table)), same);
                  Map<Long, Integer> numbers = new HashMap<>();
                  for (AssertionCluster cluster : clusters) {
                    int number = numbers.merge(cluster.minute(), 1, Integer::sum);
                    write(
                        table,
                        key,
                        cluster.rows(),
                        this::timed,
                        () -> SyntheticIds.timed(table, key, cluster.minute(), number));
                  }
                }));
  }

  /** Converts the times of the one live table whose times are local, while its column is in UTC. */
  private List<RowAssertion> toUtc(String table, List<RowAssertion> rows) {
    if (table.equals("invite_token_usage")) {
      rows.stream()
          .filter(row -> row.priority() == SourcePriority.LIVE)
          .forEach(
              row -> {
                String local = row.values().get("claimed_at");
                LocalTimestamp timestamp = local == null ? null : LocalTimestamp.ofIso(local);
                if (timestamp != null) {
                  timestamp.clockChange(zone, row.location()).ifPresent(report::take);
                  row.values().put("claimed_at", timestamp.toUtc(zone).column());
                }
              });
    }
    return rows;
  }

  private void write(
      String table,
      List<String> key,
      List<RowAssertion> rows,
      RowFinisher finish,
      Supplier<String> makeId)
      throws SQLException {
    MergedRow row = MergedRow.of(table, key, rows, report);
    boolean isElsewhere =
        rows.stream().anyMatch(one -> one.priority() == SourcePriority.DATABASE)
            || table.equals("session")
                && staging.hashedSessions.contains(ContentHash.hashed(key.getFirst()));
    addSyntheticIds(table, row, rows);
    if (row.get("id") == null && !WITHOUT_ID.contains(table)) {
      row.infer("id", makeId.get());
    }
    boolean isKept = finish.on(key.getFirst(), row);
    long stated = rows.stream().filter(one -> one.priority() != SourcePriority.DATABASE).count();
    if (isElsewhere || !isKept) {
      report.count(table, new TextReport.Table(stated, 0, 0, isElsewhere ? stated : 0, 0, 0));
    } else {
      out.write(row);
      report.count(
          table,
          new TextReport.Table(
              stated,
              1,
              Math.max(0, stated - 1),
              0,
              row.approximate().isEmpty() ? 0 : 1,
              row.hasInferredValues() ? 1 : 0));
    }
  }

  /** Notes the ids of a row that the community has under an id that an earlier import made. */
  private void addSyntheticIds(String table, MergedRow row, List<RowAssertion> rows)
      throws SQLException {
    String made = row.extra(RowAssertion.SYNTHETIC_ID);
    if (made != null) {
      for (String id :
          rows.stream()
              .map(one -> one.values().get("id"))
              .filter(id -> id != null && !id.equals(made))
              .distinct()
              .toList()) {
        out.addSyntheticId(table, id, made);
      }
    }
  }

  private boolean role(String name, MergedRow row) {
    roleIds.put(name, Objects.requireNonNull(row.get("id")));
    roleNames.put(Objects.requireNonNull(row.get("id")), name);
    return true;
  }

  private @Nullable String role(RowAssertion row) {
    String name = row.values().get(RowAssertion.ROLE_NAME);
    String id = row.values().get("role_id");
    if (name != null) {
      return name;
    }
    return id == null ? null : roleNames.getOrDefault(id, id);
  }

  private boolean timed(String first, MergedRow row) throws SQLException {
    switch (row.table()) {
      case "user_roles" -> assignment(row);
      case "invite_token_usage" -> {
        String user = Objects.requireNonNullElse(row.get("user_id"), "");
        String at = Objects.requireNonNullElse(row.get("claimed_at"), "");
        tokensByUser.computeIfAbsent(user, _ -> new TreeMap<>()).putIfAbsent(at, first);
        tokenUses.merge(first, 1, Integer::sum);
        usersByToken.computeIfAbsent(first, _ -> new TreeMap<>()).put(at, user);
      }
      default -> {}
    }
    return true;
  }

  /**
   * Completes an assignment of a role.
   *
   * <p>A role that no file defines is created without any permission.
   */
  private void assignment(MergedRow row) throws SQLException {
    String stated = row.get("role_id");
    String name = row.extra(RowAssertion.ROLE_NAME);
    String known = stated == null ? null : roleIds.get(roleNames.getOrDefault(stated, ""));
    if (known != null && !known.equals(stated)) {
      row.infer("role_id", known); // the database has the role under another id
    } else if (stated == null && name != null) {
      String id = roleIds.get(name);
      if (id == null) {
        String made = SyntheticIds.of("role", name);
        RowAssertion role =
            RowAssertion.of("role", "assignments", SourcePriority.INFERRED, row.location(), name)
                .inferred("permissions", "[]")
                .inferred("created_at", row.get("granted_at"));
        report.addFinding(
            "role-not-defined",
            true,
            row.location(),
            "a role that no file defines; it is made without any permission");
        write("role", List.of(name), new ArrayList<>(List.of(role)), this::role, () -> made);
        id = Objects.requireNonNull(roleIds.get(name));
      }
      row.infer("role_id", id);
    }
  }

  private void attributes(List<String> key, List<RowAssertion> rows) throws SQLException {
    List<RowAssertion> stated =
        new ArrayList<>(
            rows.stream()
                .filter(
                    row ->
                        row.priority() == SourcePriority.DATABASE
                            || row.priority() == SourcePriority.EXPORT)
                .toList());
    Optional<RowAssertion> fromActivity =
        rows.stream().filter(row -> row.priority() == SourcePriority.INFERRED).findFirst();
    LocalTimestamp export = staging.exportTimes.get("prayer_attributes");
    boolean isNewer =
        fromActivity.isPresent()
            && export != null
            && Objects.requireNonNull(fromActivity.get().values().get(RowAssertion.LAST_CHANGED))
                    .compareTo(export.column())
                > 0;
    if (fromActivity.isPresent()
        && !stated.isEmpty()
        && (!isNewer
            || stated.stream().anyMatch(row -> row.priority() == SourcePriority.DATABASE))) {
      report.count("prayer_attributes", new TextReport.Table(1, 0, 1, 0, 0, 0));
      fromActivity = Optional.empty();
    } else if (fromActivity.isPresent()
        && stated.isEmpty()
        && export != null
        && !isNewer
        && !isFlagToKeep(key.get(1), fromActivity.get())) {
      if (!fromActivity.get().values().containsKey(RowAssertion.REMOVED)) {
        report.addFinding(
            "attribute-superseded",
            false,
            fromActivity.get().location(),
            "an attribute that the later export no longer has; it is taken as removed");
      }
      return;
    }
    if (fromActivity.isPresent()) {
      if (fromActivity.get().values().containsKey(RowAssertion.REMOVED)) {
        return;
      }
      if (stated.isEmpty()) {
        countMissing(fromActivity.get());
      }
      stated = new ArrayList<>(List.of(fromActivity.get()));
    } else if (stated.isEmpty()) {
      stated = new ArrayList<>(rows.subList(rows.size() - 1, rows.size()));
    }
    for (AssertionCluster cluster : AssertionCluster.of(stated, "created_at", row -> "")) {
      write(
          "prayer_attributes",
          key,
          cluster.rows(),
          (prayer, row) -> {
            if (key.get(1).equals("flagged")) {
              flagged.add(prayer);
            }
            return true;
          },
          () -> SyntheticIds.keyed("prayer_attributes", key));
    }
  }

  /**
   * Whether an attribute is a flag, which only words take away, not their absence from an export.
   *
   * <p>A file that was cut exactly after a record looks whole. A prayer that somebody reported must
   * not be shown because of that, so it waits for a moderator.
   */
  private boolean isFlagToKeep(String name, RowAssertion fromActivity) {
    boolean isFlag =
        name.equals("flagged") && !fromActivity.values().containsKey(RowAssertion.REMOVED);
    if (isFlag) {
      report.addFinding(
          "flag-kept",
          true,
          fromActivity.location(),
          "the prayer was flagged, and the later export has no flag; it stays flagged until a"
              + " moderator looks at it");
    }
    return isFlag;
  }

  /** Counts an attribute that an export of a later time should have, if it were complete. */
  private void countMissing(RowAssertion fromActivity) {
    String last = Objects.requireNonNull(fromActivity.values().get(RowAssertion.LAST_CHANGED));
    for (AssertionStore.PartialExport partial : staging.partialExports) {
      if (partial.table().equals(fromActivity.table())
          && last.compareTo(partial.at().column()) <= 0) {
        missingByExport.merge(partial, 1, Integer::sum);
      }
    }
  }

  private void reportPartialExports() {
    missingByExport.forEach(
        (partial, missing) ->
            report.addFinding(
                "export-in-part",
                true,
                partial.location(),
                "the export proves nothing about what was removed, because "
                    + partial.why()
                    + "; it lacks "
                    + missing
                    + " attributes that prayer files state, and they are kept"));
  }

  private boolean prayer(String id, MergedRow row) {
    if (flagged.contains(id)) {
      row.infer("flagged", "1");
    } else if (row.get("flagged") == null) {
      unmoderated++;
      row.infer("flagged", hideUnmoderated ? "1" : "0");
    }
    return true;
  }

  private boolean token(String token, MergedRow row) {
    if (row.get("usage_count") == null) {
      row.infer("usage_count", String.valueOf(tokenUses.getOrDefault(token, 0)));
      TreeMap<String, String> users = usersByToken.get(token);
      if (users != null) {
        row.infer("used_by_user_id", users.lastEntry().getValue());
      }
    }
    return true;
  }

  private boolean user(String name, MergedRow row) {
    TreeMap<String, String> tokens = tokensByUser.get(name);
    if (tokens != null && row.get("invite_token_used") == null) {
      row.infer("invite_token_used", tokens.firstEntry().getValue());
    }
    if (row.get("created_at") == null) {
      Assertion.MemberEvidence seen = staging.memberEvidence.get(name);
      row.infer("created_at", seen == null ? "1970-01-01 00:00:00.000000" : seen.at().column());
    }
    return true;
  }

  private boolean session(String id, MergedRow row) {
    SourceLocation end = staging.sessionEnds.get(id);
    if (end != null) {
      report.addFinding(
          "session-ended",
          false,
          row.location(),
          "a session that was ended, as "
              + end
              + " says; it stays ended, and its row is not carried");
    }
    return end == null;
  }

  /** A step that may fail because of the database. */
  private interface SqlStep {
    void run() throws SQLException;
  }

  private static void unchecked(SqlStep step) {
    try {
      step.run();
    } catch (SQLException e) {
      throw new UncheckedSqlException(e);
    }
  }

  static String defaultValue(String table, String column) {
    return DEFAULTS.getOrDefault(table + "." + column, "");
  }
}
