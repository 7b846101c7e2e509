package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.Assertion.SessionEnd;

/**
 * The tables that the original appends to while it runs.
 *
 * <p>In {@code auth/}, {@code roles/} and {@code system/} times have all their digits and are in
 * UTC, except those of invites, which are local. In {@code sessions/} times are to the minute. One
 * empty line follows the format line. Nothing is escaped: {@code |} in devices, agents and details
 * became {@code _}, and there are no line feeds.
 */
public final class LiveTables {
  private static final Pattern SESSION = Pattern.compile("session_id=([^,]+), .*", Pattern.DOTALL);
  private static final Pattern EXPIRES = Pattern.compile("expires_(.+)", Pattern.DOTALL);

  private LiveTables() {}

  /** The dialects of these tables. */
  public static List<Dialect> all() {
    return List.of(
        ExportTables.sessions("sessions by month", SourcePriority.LIVE, "created_at", "")
            .onlyIf(file -> PipeTable.emptyLines(file) == 1),
        new PipeTable(
            "sign-in requests by month",
            SourcePriority.LIVE,
            "timestamp:iso|user_id:name|device_info:text=|ip_address:address=|status:status|details:text",
            LiveTables::request),
        new PipeTable(
            "approvals by month",
            SourcePriority.LIVE,
            "timestamp:iso|auth_request_id:id|approver_user_id:name|action:word|details:text",
            (f, to) -> {
              RowAssertion approval =
                  f.row("authapproval", f.text("auth_request_id"), f.text("approver_user_id"))
                      .time("created_at", f.timestamp("timestamp"));
              switch (f.text("action")) {
                case "approved" -> to.add(approval);
                case "rejected" ->
                    to.add(
                        new Assertion.Rejection(
                            f.text("auth_request_id"),
                            f.requireTimestamp("timestamp"),
                            f.location()));
                default ->
                    to.add(
                        new Assertion.UnreadableLine(
                            f.location(), "expected approved or rejected"));
              }
            }),
        new PipeTable(
            "security events by month",
            SourcePriority.LIVE,
            "timestamp:iso|event_type:word|user_id:name=None|ip_address:address=None|user_agent:text|details:text",
            LiveTables::event),
        new PipeTable(
            "notifications by month",
            SourcePriority.LIVE,
            "timestamp:iso|user_id:name|auth_request_id:id|notification_type:word|action:word|details:text",
            (f, to) ->
                to.add(
                    f.withoutTable(
                        "no-column",
                        "a notification without its id; the original wrote none like it"))),
        new PipeTable(
            "uses of invites by month",
            SourcePriority.LIVE,
            "timestamp:iso|token:id|used_by_user:name=|created_by_user:name=|action:word",
            LiveTables::use),
        new PipeTable(
            "assignments of roles by month",
            SourcePriority.LIVE,
            "timestamp:iso|user_id:name|role_name:id|action:word|granted_by:name=|expires_at:iso=|details:text=",
            LiveTables::assignment),
        new PipeTable(
                "definitions of roles",
                SourcePriority.LIVE,
                "role_name:word|description:text=|permissions_json:json|is_system_role:flag|created_by:name=None",
                (f, to) ->
                    to.add(
                        f.copy(f.row("role", f.text("role_name")), "description", "created_by")
                            .set("permissions", f.textOrNull("permissions_json"))
                            .set("is_system_role", f.flag("is_system_role"))))
            .otherLines("Total .*"),
        new PipeTable(
            "history of roles",
            SourcePriority.LIVE,
            "timestamp:iso|change_type:word|role_name:word|changed_by:name|old_value:text|new_value:text|details:text",
            (f, to) ->
                to.add(
                    f.withoutTable(
                        "no-column", "a change of a role; the original has no table for it"))),
        new PipeTable(
            "feature flags by month",
            SourcePriority.LIVE,
            "timestamp:iso|flag_name:word|new_value:word|changed_by:name|details:text",
            (f, to) ->
                to.add(
                    f.withoutTable(
                        "no-column", "a feature flag; the original has no table for it"))),
        new PipeTable(
                "list of invites",
                SourcePriority.LIVE,
                "token:id|created_by_user:name|expires_at:iso|used:flag|used_by_user_id:name=None|created_at:iso=None",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row("invitetoken", f.text("token")),
                                "created_by_user",
                                "used_by_user_id")
                            .set("usage_count", f.flag("used"))
                            .time("expires_at", f.timestamp("expires_at"))))
            .otherLines("ACTIVE TOKENS:|RECENTLY EXPIRED TOKENS:|Total .*"),
        new PipeTable(
                "daily snapshot of sessions",
                SourcePriority.BACKUP,
                "session_id:id|user_id:name|created_at:iso|expires_at:iso|device_info:text=None|ip_address:address=None|is_fully_authenticated:flag",
                (f, to) ->
                    to.add(
                        f.copy(f.row("session", f.text("session_id")), "device_info", "ip_address")
                            .set("username", f.textOrNull("user_id"))
                            .set("is_fully_authenticated", f.flag("is_fully_authenticated"))
                            .time("created_at", f.timestamp("created_at"))
                            .time("expires_at", f.timestamp("expires_at"))))
            .otherLines("Total active sessions: .*"),
        new PipeTable(
            "monthly attributes of prayers",
            SourcePriority.FILE,
            "timestamp:minute|prayer_id:id|attribute_name:word|attribute_value:text|user_id:name=system",
            (f, to) ->
                to.add(
                    f.row("prayer_attributes", f.text("prayer_id"), f.text("attribute_name"))
                        .set("attribute_value", f.textOrNull("attribute_value"))
                        .set("created_by", f.textOrNull("user_id"))
                        .time("created_at", f.timestamp("timestamp")))),
        marks("marks", "prayermark"),
        marks("skips", "prayerskip"));
  }

  /** Marks and skips have the same columns, so the title decides which of them a file has. */
  private static Dialect marks(String word, String table) {
    return new PipeTable(
            "monthly " + word + " of prayers",
            SourcePriority.FILE,
            "timestamp:minute|prayer_id:id|user_id:name=system",
            (f, to) ->
                to.add(
                    f.row(table, f.text("prayer_id"), RowAssertion.keyPart(f.textOrNull("user_id")))
                        .time("created_at", f.timestamp("timestamp"))))
        .onlyIf(
            file ->
                file.firstLine()
                    .startsWith("Prayer " + (word.equals("marks") ? "Marks" : "Skips")));
  }

  private static void request(RecordFields f, AssertionSink to) {
    RowAssertion request =
        f.copy(
                f.row("authenticationrequest", f.text("user_id")),
                "device_info",
                "ip_address",
                "status")
            .time("created_at", f.timestamp("timestamp"));
    for (String detail : f.text("details").split(",", -1)) {
      Matcher expires = EXPIRES.matcher(detail);
      LocalTimestamp until = expires.matches() ? LocalTimestamp.ofIso(expires.group(1)) : null;
      if (until != null) {
        request.time("expires_at", until);
      } else if (detail.equals("verification_required")) {
        request.inferred("verification_code", "withheld");
      } else if (!detail.isEmpty()) {
        to.add(
            new Assertion.UnreadableLine(
                f.location(), "of details only expires_TIME and verification_required are known"));
      }
    }
    to.add(request);
  }

  private static void event(RecordFields f, AssertionSink to) {
    Matcher session = SESSION.matcher(f.text("details"));
    String event = f.text("event_type");
    if (event.equals("session_created") && session.matches()) {
      to.add(
          f.withoutTable(
              "session-event", "says again that a session began; the original keeps no row of it"));
    } else if (event.equals("session_deleted") && session.matches()) {
      to.add(new SessionEnd(session.group(1), f.location()));
    } else {
      to.add(
          f.copy(
                  f.row("securitylog", event, RowAssertion.keyPart(f.textOrNull("user_id"))),
                  "ip_address",
                  "user_agent",
                  "details")
              .time("created_at", f.timestamp("timestamp")));
    }
  }

  /** A use of an invite; a line without a user is the creation of an invite. */
  private static void use(RecordFields f, AssertionSink to) {
    if (!f.text("action").equals("token_used")) {
      to.add(
          new Assertion.UnreadableLine(
              f.location(), "expected token_used, which also means that an invite was created"));
      return;
    }
    @Nullable String user = f.textOrNull("used_by_user");
    LocalTimestamp at = f.requireTimestamp("timestamp");
    RowAssertion token = f.row("invitetoken", f.text("token")).inferred("expires_at", at.column());
    if (f.textOrNull("created_by_user") != null) {
      token.set("created_by_user", f.textOrNull("created_by_user"));
    }
    to.add(token);
    if (user != null) {
      to.add(f.row("invite_token_usage", f.text("token"), user).time("claimed_at", at));
      if (f.isPlain() || to.names().has(user)) {
        to.add(new MemberEvidence(user, at, f.location()));
      }
    }
  }

  private static void assignment(RecordFields f, AssertionSink to) {
    RowAssertion row =
        f.row("user_roles", f.text("user_id"))
            .set(RowAssertion.ROLE_NAME, f.text("role_name"))
            .set("granted_by", f.textOrNull("granted_by"))
            .time("granted_at", f.timestamp("timestamp"))
            .time("expires_at", f.timestamp("expires_at"));
    if (f.textOrNull("details") != null) {
      row.set(RowAssertion.REMARK, f.textOrNull("details"));
    }
    if (f.text("action").equals("assigned")) {
      to.add(row);
    } else {
      to.add(
          new Assertion.Remark(
              "role-not-assigned",
              true,
              f.location(),
              "an action other than assigned; look whether the member has the role today"));
    }
  }
}
