package org.thywill.legacy.text.dialect;

import java.util.List;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;

/**
 * The tables that {@code export-all} writes as a whole, since July 2025.
 *
 * <p>These are {@code prayers/prayer_marks.txt} and the tables beside it, {@code
 * users/notification_states.txt}, {@code sessions/}, {@code authentication/}, {@code security/},
 * {@code invites/}, {@code roles/}, {@code system/changelog_entries.txt}.
 *
 * <p>Times are to the minute. Two empty lines follow the format line, and no line feed follows the
 * last record. Values of attributes, logs and the changelog have {@code \|} for {@code |}, and
 * backslashes and line feeds as they are, so a record ends where the next begins.
 */
public final class ExportTables {
  private ExportTables() {}

  /** The dialects of these tables. */
  public static List<Dialect> all() {
    return List.of(
        new PipeTable(
                "exported attributes",
                SourcePriority.EXPORT,
                "id:hex|created_at:minute|prayer_id:id|attribute_name:word|attribute_value:escaped=|created_by:name=None",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row(
                                    "prayer_attributes",
                                    f.text("prayer_id"),
                                    f.text("attribute_name")),
                                "id",
                                "attribute_value",
                                "created_by")
                            .time("created_at", f.timestamp("created_at"))))
            .multiline()
            .completeExportOf("prayer_attributes"),
        new PipeTable(
            "exported marks",
            SourcePriority.EXPORT,
            "id:hex|created_at:minute|prayer_id:id|username:name",
            (f, to) ->
                to.add(
                    f.copy(f.row("prayermark", f.text("prayer_id"), f.text("username")), "id")
                        .time("created_at", f.timestamp("created_at")))),
        new PipeTable(
            "exported skips",
            SourcePriority.EXPORT,
            "id:hex|created_at:minute|prayer_id:id|user_id:name",
            (f, to) ->
                to.add(
                    f.copy(f.row("prayerskip", f.text("prayer_id"), f.text("user_id")), "id")
                        .time("created_at", f.timestamp("created_at")))),
        new PipeTable(
                "exported logs of prayers",
                SourcePriority.EXPORT,
                "id:hex|created_at:minute|prayer_id:id|user_id:name|action:word|old_value:escaped=|new_value:escaped=",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row(
                                    "prayer_activity_log",
                                    f.text("prayer_id"),
                                    f.text("user_id"),
                                    f.text("action")),
                                "id",
                                "old_value",
                                "new_value")
                            .time("created_at", f.timestamp("created_at"))))
            .multiline(),
        new PipeTable(
            "exported notifications",
            SourcePriority.EXPORT,
            "id:hex|created_at:minute|user_id:name|auth_request_id:id|notification_type:word|is_read:flag|read_at:minute=never",
            (f, to) ->
                to.add(
                    f.copy(
                            f.row("notification_state", f.text("id")),
                            "user_id",
                            "auth_request_id",
                            "notification_type")
                        .set("is_read", f.flag("is_read"))
                        .time("created_at", f.timestamp("created_at"))
                        .time("read_at", f.timestamp("read_at")))),
        sessions("exported sessions", SourcePriority.EXPORT, "created_at", "unknown")
            .onlyIf(file -> PipeTable.emptyLines(file) != 1),
        new PipeTable(
                "exported sign-in requests",
                SourcePriority.EXPORT,
                "id:hex|created_at:minute|user_id:name|device_info:text=unknown|ip_address:address=unknown|status:status|expires_at:minute",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row("authenticationrequest", f.text("user_id")),
                                "id",
                                "device_info",
                                "ip_address",
                                "status")
                            .time("created_at", f.timestamp("created_at"))
                            .time("expires_at", f.timestamp("expires_at"))))
            .multiline(),
        new PipeTable(
            "exported approvals",
            SourcePriority.EXPORT,
            "created_at:minute|auth_request_id:id|approver_user_id:name",
            (f, to) ->
                to.add(
                    f.row("authapproval", f.text("auth_request_id"), f.text("approver_user_id"))
                        .time("created_at", f.timestamp("created_at")))),
        new PipeTable(
                "exported audit of sign-ins",
                SourcePriority.EXPORT,
                "created_at:minute|auth_request_id:id|action:word|actor_user_id:name=unknown|actor_type:word=unknown|details:escaped=|ip_address:address=unknown"
                    + "|user_agent:escaped=unknown",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row("authauditlog", f.text("auth_request_id"), f.text("action")),
                                "actor_user_id",
                                "actor_type",
                                "details",
                                "ip_address",
                                "user_agent")
                            .time("created_at", f.timestamp("created_at"))))
            .multiline(),
        new PipeTable(
                "exported security events",
                SourcePriority.EXPORT,
                "timestamp:minute|event_type:word|user_id:name=anonymous|ip_address:address=unknown|details:text=",
                (f, to) ->
                    to.add(
                        f.copy(
                                f.row(
                                    "securitylog",
                                    f.text("event_type"),
                                    RowAssertion.keyPart(f.textOrNull("user_id"))),
                                "ip_address",
                                "details")
                            .time("created_at", f.timestamp("timestamp"))))
            .multiline(),
        tokens("exported invites", "created_by_user", "used_by_user_id"),
        new PipeTable(
            "exported uses of invites",
            SourcePriority.EXPORT,
            "claimed_at:minute|invite_token_id:id|user_id:name|ip_address:address=unknown",
            (f, to) -> {
              to.add(
                  f.copy(
                          f.row("invite_token_usage", f.text("invite_token_id"), f.text("user_id")),
                          "ip_address")
                      .time("claimed_at", f.timestamp("claimed_at")));
            }),
        new PipeTable(
                "exported roles",
                SourcePriority.EXPORT,
                "id:id|role_name:word|description:text=|permissions:json|created_by:name=system|is_system_role:flag",
                ExportTables::role)
            .multiline(),
        new PipeTable(
            "exported assignments of roles",
            SourcePriority.EXPORT,
            "id:hex|granted_at:minute|user_id:name|role_id:id|granted_by:name=system|expires_at:minute=never",
            (f, to) ->
                to.add(
                    f.copy(f.row("user_roles", f.text("user_id")), "id", "role_id", "granted_by")
                        .time("granted_at", f.timestamp("granted_at"))
                        .time("expires_at", f.timestamp("expires_at")))),
        new PipeTable(
                "exported changelog",
                SourcePriority.EXPORT,
                "created_at:minute|commit_id:id|original_message:escaped|friendly_description:escaped=|change_type:word=|commit_date:minute",
                (f, to) -> {
                  String friendly = f.textOrNull("friendly_description");
                  to.add(
                      f.copy(
                              f.row("changelogentry", f.text("commit_id")),
                              "original_message",
                              "change_type")
                          .set(
                              "friendly_description",
                              friendly == null ? null : friendly.replace("\\\\n", "\n"))
                          .time("created_at", f.timestamp("created_at"))
                          .time("commit_date", f.timestamp("commit_date")));
                })
            .multiline());
  }

  static void role(RecordFields f, AssertionSink to) {
    RowAssertion role =
        f.copy(f.row("role", f.text("role_name")), "description", "permissions", "created_by")
            .set("is_system_role", f.flag("is_system_role"));
    if (f.textOrNull("id") != null) {
      role.set("id", f.textOrNull("id"));
    }
    to.add(role);
  }

  static PipeTable tokens(String name, String creator, String user) {
    return new PipeTable(
        name,
        SourcePriority.EXPORT,
        "token:id|"
            + creator
            + ":name|usage_count:number|max_uses:word=unlimited|expires_at:minute|"
            + user
            + ":name=none",
        (f, to) ->
            to.add(
                f.copy(f.row("invitetoken", f.text("token")), "usage_count", "max_uses")
                    .set("created_by_user", f.textOrNull(creator))
                    .set("used_by_user_id", f.textOrNull(user))
                    .time("expires_at", f.timestamp("expires_at"))));
  }

  /** Sessions; the live file has the same columns as the exported one. */
  static PipeTable sessions(String name, SourcePriority priority, String created, String nothing) {
    return new PipeTable(
        name,
        priority,
        created
            + ":minute|session_id:id|username:name|expires_at:minute|device_info:text="
            + nothing
            + "|ip_address:address="
            + nothing
            + "|is_fully_authenticated:flag",
        (f, to) -> {
          to.add(
              f.copy(
                      f.row("session", f.text("session_id")),
                      "username",
                      "device_info",
                      "ip_address")
                  .set("is_fully_authenticated", f.flag("is_fully_authenticated"))
                  .time("created_at", f.timestamp(created))
                  .time("expires_at", f.timestamp("expires_at")));
          LocalTimestamp at = f.timestamp(created);
          if (at != null && (f.isPlain() || to.names().has(f.text("username")))) {
            to.add(new MemberEvidence(f.text("username"), at, f.location()));
          }
        });
  }
}
