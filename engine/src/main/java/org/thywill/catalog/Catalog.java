package org.thywill.catalog;

import static org.thywill.catalog.ColumnType.BOOLEAN;
import static org.thywill.catalog.ColumnType.INTEGER;
import static org.thywill.catalog.ColumnType.REAL;
import static org.thywill.catalog.ColumnType.TEXT;
import static org.thywill.catalog.ColumnType.TIME;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one description of what a community keeps. The grammar of lines, the tables of the view, the
 * checks and the tables in FORMAT.md all follow from it.
 *
 * <p>The leading columns of a table are those of the plan for complete reconstruction, in its
 * order; what the plan leaves out follows.
 */
public final class Catalog {
  /** Raised whenever a table or a column changes; a view made for another number is built anew. */
  public static final int VERSION = 1;

  public static final Table MEMBERS =
      table("members", RecoveryGroup.USERS, "users/{month}_users.txt", "A member of the community.")
          .key("handle", "the name by which everything refers to the member; never changes")
          .required("display_name", TEXT, "the name as the member writes it; may change")
          .indexed()
          .optionalReference("invited_by", "members", "who invited the member")
          .indexed()
          .optionalReference("invite", "invites", "the invite that was used to join")
          .required("created_at", TIME, "when the member joined")
          .required("welcome_dismissed", BOOLEAN, "whether the welcome was put away")
          .required("is_supporter", BOOLEAN, "whether the member supports the community")
          .optional("supporter_since", TIME, "since when")
          .optional("supporter_type", TEXT, "in which ways, separated by commas")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .build();

  public static final Table ROLES =
      table(
              "roles",
              RecoveryGroup.ROLES,
              "roles/role_history.txt",
              "A role: a name and what it allows.")
          .key("name", "the role's name")
          .optional("description", TEXT, "what it is for")
          .required("permissions", TEXT, "what it allows, separated by commas; * is everything")
          .required("is_system_role", BOOLEAN, "whether the program itself relies on it")
          .optionalReference("created_by", "members", "who made it")
          .required("created_at", TIME, "when it was made")
          .optional("legacy_id", TEXT, "its id in the Python original")
          .snapshot("roles/role_definitions.txt", row -> true)
          .build();

  public static final Table INVITES =
      table(
              "invites",
              RecoveryGroup.INVITES,
              "system/{month}_invites.txt",
              "An invite, or another link that lets somebody in.")
          .key("token", "the token in the link, or sha256:… of one that can sign a member in")
          .optionalReference("created_by", "members", "who made it; system is the program")
          .indexed()
          .optional("expires_at", TIME, "until when it can be used")
          .required("used_count", INTEGER, "how often it was used")
          .optional("max_uses", INTEGER, "how often it may be used; null is without limit")
          .optionalReference("used_by", "members", "who used it last, or for whom it is meant")
          .required("kind", TEXT, "new_user, multi_device, admin, user_login or email_verification")
          .optional("created_at", TIME, "when it was made; the Python original did not know")
          .snapshot("system/invite_tokens.txt", row -> isOpen(row))
          .build();

  public static final Table INVITE_USES =
      table(
              "invite_uses",
              RecoveryGroup.INVITES,
              "system/{month}_invite_usage.txt",
              "One use of an invite.")
          .requiredReference("invite", "invites", "the invite")
          .requiredReference("member", "members", "who used it")
          .key("id", "a random id")
          .required("claimed_at", TIME, "when")
          .optional("ip_address", TEXT, "from where")
          .build();

  public static final Table ROLE_ASSIGNMENTS =
      table(
              "role_assignments",
              RecoveryGroup.ROLES,
              "roles/{month}_role_assignments.txt",
              "A role given to a member.")
          .requiredReference("member", "members", "who has the role")
          .indexed()
          .requiredReference("role", "roles", "the role")
          .optionalReference("granted_by", "members", "who gave it; system is the program")
          .optional("reason", TEXT, "why")
          .key("id", "a random id")
          .required("granted_at", TIME, "when")
          .optional("expires_at", TIME, "until when; null is for good")
          .build();

  public static final Table PRAYERS =
      table(
              "prayers",
              RecoveryGroup.PRAYERS,
              "prayers/{month}_prayers.txt",
              "A prayer request and the prayer made from it.")
          .key("id", "a random id")
          .requiredReference("author", "members", "who asks")
          .indexed()
          .required("created_at", TIME, "when it was asked")
          .indexed()
          .required("text", TEXT, "the request in the author's words")
          .optional("generated_prayer", TEXT, "the prayer that others may pray")
          .optional("project_tag", TEXT, "a word by which prayers are put together")
          .required(
              "moderation",
              TEXT,
              "open, flagged (reported, awaiting a moderator) or hidden (by a moderator)")
          .indexed()
          .required("visibility", TEXT, "members, public or anonymous (public without the name)")
          .indexed()
          .optional("edited_at", TIME, "when the text was last edited")
          .optional("safety_score", REAL, "from 0 to 1, as the Python original rated it")
          .optional("safety_flags", TEXT, "a JSON list, as the Python original wrote it")
          .optional("categorization_method", TEXT, "how the Python original sorted it")
          .optional("specificity_type", TEXT, "as the Python original rated it")
          .optional("specificity_confidence", REAL, "from 0 to 1, as the Python original rated it")
          .optional("subject_category", TEXT, "as the Python original rated it")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .onPageOf("id")
          .build();

  public static final Table MARKS =
      table(
              "marks",
              RecoveryGroup.PRAYERS,
              "prayers/marks/{month}_marks.txt",
              "A member prayed a prayer, once.")
          .requiredReference("prayer", "prayers", "the prayer")
          .indexed()
          .requiredReference("member", "members", "who prayed")
          .indexed()
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .onPageOf("prayer")
          .build();

  public static final Table SKIPS =
      table(
              "skips",
              RecoveryGroup.PRAYERS,
              "prayers/skips/{month}_skips.txt",
              "A member passed a prayer over.")
          .requiredReference("prayer", "prayers", "the prayer")
          .indexed()
          .requiredReference("member", "members", "who passed it over")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .onPageOf("prayer")
          .build();

  public static final Table ATTRIBUTES =
      table(
              "attributes",
              RecoveryGroup.PRAYERS,
              "prayers/attributes/{month}_attributes.txt",
              "Something said of a prayer: answered, answer_date, answer_testimony, archived,"
                  + " daily_priority …")
          .requiredReference("prayer", "prayers", "the prayer")
          .indexed()
          .required("name", TEXT, "what is said")
          .indexed()
          .optional("value", TEXT, "and with what value")
          .optionalReference("created_by", "members", "who said so")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .onPageOf("prayer")
          .build();

  public static final Table ACTIVITY =
      table(
              "activity",
              RecoveryGroup.PRAYERS,
              "activity/activity_{month}.txt",
              "Who did what to a prayer, for people to read.")
          .requiredReference("member", "members", "who")
          .indexed()
          .required("action", TEXT, "did what: prayed, set_answered, testimony, flagged …")
          .requiredReference("prayer", "prayers", "to which prayer")
          .indexed()
          .optional("old_value", TEXT, "what it was before")
          .optional("new_value", TEXT, "what it became")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .onPageOf("prayer")
          .build();

  public static final Table AUTH_REQUESTS =
      table(
              "auth_requests",
              RecoveryGroup.AUTH,
              "auth/{month}_auth_requests.txt",
              "Somebody asks to sign in as a member from a new device.")
          .requiredReference("member", "members", "as whom")
          .indexed()
          .optional("device_info", TEXT, "from which device")
          .optional("ip_address", TEXT, "from where")
          .required("status", TEXT, "pending, approved, rejected or expired")
          .indexed()
          .required("expires_at", TIME, "until when it can be approved")
          .optionalReference("approved_by", "members", "who decided")
          .key("id", "a random id")
          .required("created_at", TIME, "when it was made")
          .optional("approved_at", TIME, "when it was decided")
          .required(
              "code_withheld",
              BOOLEAN,
              "whether there was a verification code; the code itself is never kept")
          .build();

  public static final Table AUTH_APPROVALS =
      table(
              "auth_approvals",
              RecoveryGroup.AUTH,
              "auth/{month}_auth_approvals.txt",
              "A member vouches for a sign-in.")
          .requiredReference("request", "auth_requests", "the sign-in")
          .indexed()
          .requiredReference("approver", "members", "who vouches")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .build();

  public static final Table AUDIT =
      table(
              "audit",
              RecoveryGroup.AUTH,
              "auth/{month}_audit.txt",
              "What became of a sign-in, step by step.")
          .requiredReference("request", "auth_requests", "the sign-in")
          .indexed()
          .required("action", TEXT, "created, approval_vote, approved, rejected or expired")
          .optionalReference("actor_member", "members", "who did it")
          .optional("actor_type", TEXT, "as what: admin, self, peer, system or user")
          .optional("details", TEXT, "more of it")
          .optional("ip_address", TEXT, "from where")
          .optional("user_agent", TEXT, "with which browser")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .build();

  public static final Table SECURITY_EVENTS =
      table(
              "security_events",
              RecoveryGroup.AUTH,
              "auth/{month}_security_events.txt",
              "Something that matters to security: a failed login, a limit that was hit.")
          .required("event", TEXT, "what happened")
          .optionalReference("member", "members", "to whom")
          .optional("ip_address", TEXT, "from where")
          .optional("details", TEXT, "more of it")
          .key("id", "a random id")
          .optional("user_agent", TEXT, "with which browser")
          .required("created_at", TIME, "when")
          .build();

  public static final Table SESSIONS =
      table(
              "sessions",
              RecoveryGroup.AUTH,
              "auth/{month}_sessions.txt",
              "A member is signed in on a device.")
          .requiredReference("member", "members", "who")
          .indexed()
          .optional("device_info", TEXT, "on which device")
          .optional("ip_address", TEXT, "from where")
          .required(
              "is_fully_authenticated", BOOLEAN, "no while the sign-in still waits for approval")
          .required("expires_at", TIME, "until when")
          .optionalReference("request", "auth_requests", "the sign-in that it came from")
          .key("id", "sha256:… of the session id, which itself is never kept")
          .required("created_at", TIME, "since when")
          .build();

  public static final Table NOTIFICATIONS =
      table(
              "notifications",
              RecoveryGroup.AUTH,
              "auth/notifications/{month}_notifications.txt",
              "A member is told of something.")
          .requiredReference("member", "members", "who is told")
          .indexed()
          .optionalReference("request", "auth_requests", "of which sign-in")
          .required("kind", TEXT, "of what")
          .required("is_read", BOOLEAN, "whether it was read")
          .optional("read_at", TIME, "when it was read")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .build();

  public static final Table SETTINGS =
      table(
              "settings",
              RecoveryGroup.SYSTEM,
              "system/{month}_settings.txt",
              "A setting that is no secret.")
          .key("name", "as it is spelled in the environment, such as PEER_APPROVAL_COUNT")
          .optional("value", TEXT, "its value")
          .required(
              "origin",
              TEXT,
              "where the value came from: default, command line, environment, earlier environment,"
                  + " admin, or not set (of a secret, whose value is never here)")
          .snapshot("system/system_config.txt", row -> true)
          .build();

  public static final Table FEATURE_FLAGS =
      table(
              "feature_flags",
              RecoveryGroup.SYSTEM,
              "system/{month}_feature_flags.txt",
              "A feature that is on or off.")
          .key("name", "the feature")
          .required("enabled", BOOLEAN, "whether it is on")
          .optional(
              "details",
              TEXT,
              "an admin's remark, or where it came from: origin: default, command line, environment"
                  + " or earlier environment")
          .snapshot("system/feature_flags.txt", row -> true)
          .build();

  public static final Table CHANGELOG =
      table(
              "changelog",
              RecoveryGroup.SYSTEM,
              "system/changelog_entries.txt",
              "What is new in the program, for members to read.")
          .key("commit_id", "the commit that brought it")
          .required("original_message", TEXT, "what the commit said")
          .optional("friendly_description", TEXT, "what members are told")
          .optional("change_type", TEXT, "new, enhanced, fixed or meta")
          .required("commit_date", TIME, "when it was committed")
          .required("created_at", TIME, "when it was listed")
          .build();

  public static final Table APPLICATIONS =
      table(
              "applications",
              RecoveryGroup.USERS,
              "applications/{month}_applications.txt",
              "Somebody without an invite asks to become a member.")
          .required("username", TEXT, "the name that is asked for")
          .required("status", TEXT, "pending, approved or rejected")
          .indexed()
          .optionalReference("processed_by", "members", "who decided")
          .optionalReference("invite", "invites", "the invite that was given")
          .key("id", "a random id")
          .required("created_at", TIME, "when")
          .optional("processed_at", TIME, "when it was decided")
          .required("essay", TEXT, "why, in the applicant's words")
          .optional("contact_info", TEXT, "how to reach the applicant")
          .optional("ip_address", TEXT, "from where")
          .optional("legacy_path", TEXT, "where the Python original kept this in its archive")
          .build();

  public static final Table EMAIL_ADDRESSES =
      table(
              "email_addresses",
              RecoveryGroup.USERS,
              "email/{month}_addresses.txt",
              "A member's e-mail address, encrypted.")
          .requiredReference("member", "members", "whose")
          .indexed()
          .required("email_encrypted", TEXT, "a Fernet token; the key is not in the archive")
          .required("is_verified", BOOLEAN, "whether the member confirmed it")
          .optional("verified_at", TIME, "when")
          .key("id", "a random id")
          .required("added_at", TIME, "since when")
          .optional(
              "verification_token",
              TEXT,
              "a token that is used up or expired, or sha256:… of one that is not")
          .build();

  public static final Table LEGACY_VALUES =
      table(
              "legacy_values",
              RecoveryGroup.SYSTEM,
              "system/legacy/{month}_legacy_values.txt",
              "A value of the Python original that its row above cannot say exactly: another"
                  + " spelling, a reference that leads nowhere, an unknown column.")
          .required("legacy_table", TEXT, "the table in the original")
          .indexed()
          .required("row_key", TEXT, "the key of the row here")
          .required("legacy_column", TEXT, "the column in the original")
          .optional("was", TEXT, "the storage class and the value as it was there")
          .optional(
              "instead_of",
              TEXT,
              "what the row here would say; while it says so, what was there holds")
          .key("id", "made from the three above")
          .build();

  public static final Table LEGACY_ROWS =
      table(
              "legacy_rows",
              RecoveryGroup.SYSTEM,
              "system/legacy/{month}_legacy_rows.txt",
              "A row of a table that only the original's database had.")
          .required("legacy_table", TEXT, "the table in the original")
          .indexed()
          .required("row_values", TEXT, "every value with its storage class, in column order")
          .key("id", "made from the table and the row's number")
          .build();

  public static final Table LEGACY_SCHEMA =
      table(
              "legacy_schema",
              RecoveryGroup.SYSTEM,
              "system/legacy/{month}_legacy_schema.txt",
              "How a table or an index of the original's database was made.")
          .required("legacy_table", TEXT, "the table in the original")
          .required(
              "kind", TEXT, "table, index, view, trigger, or pragma (a property of the whole file)")
          .required("position", INTEGER, "the order in which they were made")
          .required("sql", TEXT, "the statement that makes it")
          .key("id", "kind and name")
          .build();

  public static final Table OPERATIONS =
      table(
              "operations",
              RecoveryGroup.SYSTEM,
              "operations/{year}_operations.txt",
              "What operators did to the archive: drills, repairs, accepted gaps, overrides.")
          .required(
              "kind",
              TEXT,
              "drill, repair, gap (outcome lost: in the place of a change that is lost for good;"
                  + " outcome accepted: that an operator accepted it), override or resume (after a"
                  + " recovery)")
          .required("outcome", TEXT, "how it ended")
          .optional("details", TEXT, "more of it")
          .key("id", "a random id")
          .notInDigest()
          .build();

  /**
   * All tables, each after most of those that it refers to: the order in which facts of one instant
   * are told.
   */
  public static final List<Table> TABLES =
      List.of(
          LEGACY_SCHEMA,
          MEMBERS,
          ROLES,
          INVITES,
          INVITE_USES,
          ROLE_ASSIGNMENTS,
          PRAYERS,
          MARKS,
          SKIPS,
          ATTRIBUTES,
          ACTIVITY,
          AUTH_REQUESTS,
          AUTH_APPROVALS,
          AUDIT,
          SECURITY_EVENTS,
          SESSIONS,
          NOTIFICATIONS,
          SETTINGS,
          FEATURE_FLAGS,
          CHANGELOG,
          APPLICATIONS,
          EMAIL_ADDRESSES,
          LEGACY_VALUES,
          LEGACY_ROWS,
          OPERATIONS);

  private static final Map<String, Table> BY_NAME =
      TABLES.stream().collect(Collectors.toMap(Table::name, Function.identity()));

  private Catalog() {}

  public static Optional<Table> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The table whose log a path is, if it is one. */
  public static Optional<Table> ofLog(String file) {
    return TABLES.stream()
        .filter(table -> table.logLocation().period(file).isPresent())
        .findFirst();
  }

  private static boolean isOpen(Row invite) {
    Optional<Long> maxUses = invite.number("max_uses");
    return maxUses.isEmpty() || invite.number("used_count").orElse(0L) < maxUses.get();
  }

  private static Table.Builder table(
      String name, RecoveryGroup group, String home, String meaning) {
    return new Table.Builder(name, group, home, meaning);
  }
}
