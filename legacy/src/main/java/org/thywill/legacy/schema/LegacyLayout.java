package org.thywill.legacy.schema;

import static org.thywill.catalog.Catalog.ACTIVITY;
import static org.thywill.catalog.Catalog.APPLICATIONS;
import static org.thywill.catalog.Catalog.ATTRIBUTES;
import static org.thywill.catalog.Catalog.AUDIT;
import static org.thywill.catalog.Catalog.AUTH_APPROVALS;
import static org.thywill.catalog.Catalog.AUTH_REQUESTS;
import static org.thywill.catalog.Catalog.CHANGELOG;
import static org.thywill.catalog.Catalog.EMAIL_ADDRESSES;
import static org.thywill.catalog.Catalog.INVITES;
import static org.thywill.catalog.Catalog.INVITE_USES;
import static org.thywill.catalog.Catalog.MARKS;
import static org.thywill.catalog.Catalog.MEMBERS;
import static org.thywill.catalog.Catalog.NOTIFICATIONS;
import static org.thywill.catalog.Catalog.PRAYERS;
import static org.thywill.catalog.Catalog.ROLES;
import static org.thywill.catalog.Catalog.ROLE_ASSIGNMENTS;
import static org.thywill.catalog.Catalog.SECURITY_EVENTS;
import static org.thywill.catalog.Catalog.SESSIONS;
import static org.thywill.catalog.Catalog.SKIPS;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Catalog.Activity;
import org.thywill.catalog.Catalog.Applications;
import org.thywill.catalog.Catalog.Attributes;
import org.thywill.catalog.Catalog.Audit;
import org.thywill.catalog.Catalog.AuthApprovals;
import org.thywill.catalog.Catalog.AuthRequests;
import org.thywill.catalog.Catalog.Changelog;
import org.thywill.catalog.Catalog.EmailAddresses;
import org.thywill.catalog.Catalog.InviteUses;
import org.thywill.catalog.Catalog.Invites;
import org.thywill.catalog.Catalog.Marks;
import org.thywill.catalog.Catalog.Members;
import org.thywill.catalog.Catalog.Notifications;
import org.thywill.catalog.Catalog.Prayers;
import org.thywill.catalog.Catalog.RoleAssignments;
import org.thywill.catalog.Catalog.Roles;
import org.thywill.catalog.Catalog.SecurityEvents;
import org.thywill.catalog.Catalog.Sessions;
import org.thywill.catalog.Catalog.Skips;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.LegacyColumn.Kind;

/**
 * The tables of all versions of the original, and the column of ours for each of their columns.
 *
 * <p>A table that is not listed here is imported as it is, without an interpretation.
 */
public final class LegacyLayout {
  public static final String USER = "user";
  public static final String ROLE = "role";
  public static final String PRAYER = "prayer";
  public static final String SESSION = "session";
  public static final String INVITE_TOKEN = "invitetoken";
  public static final String USER_EMAIL = "user_email";
  public static final String VERIFICATION_CODE = "verification_code";
  public static final String VERIFICATION_TOKEN = "verification_token";
  public static final String SYSTEM = "system";

  /** The original's column for the path of a row in its text archive. */
  private static final String PATH = "text_file_path";

  private static final SqliteValue NULL = SqliteValue.Null.CELL;
  private static final Map<String, LegacyTable> TABLES = new LinkedHashMap<>();

  static {
    table(USER, MEMBERS)
        .key("id")
        .name(Members.DISPLAY_NAME)
        .time(Members.CREATED_AT)
        .reference("invited_by_username invited_by_user_id", Members.INVITED_BY)
        .reference("invite_token_used", Members.INVITE)
        .flag("welcome_message_dismissed", Members.WELCOME_DISMISSED)
        .text(PATH, Members.LEGACY_PATH)
        .flag("is_supporter", Members.IS_SUPPORTER)
        .time(Members.SUPPORTER_SINCE)
        .text(Members.SUPPORTER_TYPE)
        .done("created_at");
    table(ROLE, ROLES)
        .column("id", Roles.LEGACY_ID, Kind.ROLE_ID, NULL)
        .key("name")
        .text(Roles.DESCRIPTION)
        .column("permissions", Roles.PERMISSIONS, Kind.PERMISSIONS, new SqliteValue.Text("[]"))
        .time(Roles.CREATED_AT)
        .reference("created_by", Roles.CREATED_BY)
        .flag("is_system_role", Roles.IS_SYSTEM_ROLE)
        .done("created_at");
    table("user_roles", ROLE_ASSIGNMENTS)
        .key("id")
        .reference("user_id", RoleAssignments.MEMBER)
        .reference("role_id", RoleAssignments.ROLE)
        .reference("granted_by", RoleAssignments.GRANTED_BY)
        .time(RoleAssignments.GRANTED_AT)
        .time(RoleAssignments.EXPIRES_AT)
        .done("granted_at");
    table(INVITE_TOKEN, INVITES)
        .key("token")
        .reference("created_by_user", Invites.CREATED_BY)
        .column("usage_count", Invites.USED_COUNT, Kind.NUMBER, new SqliteValue.Whole(0))
        .column("used", Invites.USED_COUNT, Kind.USED, new SqliteValue.Whole(0))
        .column("max_uses", Invites.MAX_USES, Kind.NUMBER, NULL)
        .column("expires_at", Invites.EXPIRES_AT, Kind.TIME, new SqliteValue.Text(LegacyTime.NEVER))
        .reference("used_by_user_id", Invites.USED_BY)
        .text("token_type", Invites.KIND, "new_user")
        .done("expires_at");
    table("invite_token_usage", INVITE_USES)
        .key("id")
        .reference("invite_token_id", InviteUses.INVITE)
        .reference("user_id", InviteUses.MEMBER)
        .time(InviteUses.CLAIMED_AT)
        .text(InviteUses.IP_ADDRESS)
        .done("claimed_at");
    table(PRAYER, PRAYERS)
        .key("id")
        .reference("author_username author_id", Prayers.AUTHOR)
        .text(Prayers.TEXT)
        .text(Prayers.GENERATED_PRAYER)
        .text(Prayers.PROJECT_TAG)
        .time(Prayers.CREATED_AT)
        .column("flagged", Prayers.MODERATION, Kind.MODERATION, new SqliteValue.Whole(0))
        .text(PATH, Prayers.LEGACY_PATH)
        .column("safety_score", Prayers.SAFETY_SCORE, Kind.REAL, new SqliteValue.Real(1))
        .text("safety_flags", Prayers.SAFETY_FLAGS, "[]")
        .text("categorization_method", Prayers.CATEGORIZATION_METHOD, "default")
        .text("specificity_type", Prayers.SPECIFICITY_TYPE, "unknown")
        .column(
            "specificity_confidence",
            Prayers.SPECIFICITY_CONFIDENCE,
            Kind.REAL,
            new SqliteValue.Real(0))
        .text("subject_category", Prayers.SUBJECT_CATEGORY, "general")
        .done("created_at");
    table("prayermark", MARKS)
        .key("id")
        .reference("username user_id", Marks.MEMBER)
        .reference("prayer_id", Marks.PRAYER)
        .time(Marks.CREATED_AT)
        .text(PATH, Marks.LEGACY_PATH)
        .done("created_at");
    table("prayerskip", SKIPS)
        .key("id")
        .reference("user_id", Skips.MEMBER)
        .reference("prayer_id", Skips.PRAYER)
        .time(Skips.CREATED_AT)
        .done("created_at");
    table("prayer_attributes", ATTRIBUTES)
        .key("id")
        .reference("prayer_id", Attributes.PRAYER)
        .text("attribute_name", Attributes.NAME)
        .text("attribute_value", Attributes.VALUE)
        .time(Attributes.CREATED_AT)
        .reference("created_by", Attributes.CREATED_BY)
        .text(PATH, Attributes.LEGACY_PATH)
        .done("created_at");
    table("prayer_activity_log", ACTIVITY)
        .key("id")
        .reference("prayer_id", Activity.PRAYER)
        .reference("user_id", Activity.MEMBER)
        .text(Activity.ACTION)
        .text(Activity.OLD_VALUE)
        .text(Activity.NEW_VALUE)
        .time(Activity.CREATED_AT)
        .text(PATH, Activity.LEGACY_PATH)
        .done("created_at");
    table("authenticationrequest", AUTH_REQUESTS)
        .key("id")
        .reference("user_id", AuthRequests.MEMBER)
        .text(AuthRequests.DEVICE_INFO)
        .text(AuthRequests.IP_ADDRESS)
        .column(VERIFICATION_CODE, AuthRequests.CODE_WITHHELD, Kind.CODE, NULL)
        .time(AuthRequests.CREATED_AT)
        .time(AuthRequests.EXPIRES_AT)
        .text("status", AuthRequests.STATUS, "pending")
        .reference("approved_by_user_id", AuthRequests.APPROVED_BY)
        .time(AuthRequests.APPROVED_AT)
        .done("created_at");
    table("authapproval", AUTH_APPROVALS)
        .key("id")
        .reference("auth_request_id", AuthApprovals.REQUEST)
        .reference("approver_user_id", AuthApprovals.APPROVER)
        .time(AuthApprovals.CREATED_AT)
        .done("created_at");
    table("authauditlog", AUDIT)
        .key("id")
        .reference("auth_request_id", Audit.REQUEST)
        .text(Audit.ACTION)
        .reference("actor_user_id", Audit.ACTOR_MEMBER)
        .text(Audit.ACTOR_TYPE)
        .text(Audit.DETAILS)
        .text(Audit.IP_ADDRESS)
        .text(Audit.USER_AGENT)
        .time(Audit.CREATED_AT)
        .done("created_at");
    table("securitylog", SECURITY_EVENTS)
        .key("id")
        .text("event_type", SecurityEvents.EVENT)
        .reference("user_id", SecurityEvents.MEMBER)
        .text(SecurityEvents.IP_ADDRESS)
        .text(SecurityEvents.USER_AGENT)
        .text(SecurityEvents.DETAILS)
        .time(SecurityEvents.CREATED_AT)
        .done("created_at");
    table(SESSION, SESSIONS)
        .key("id")
        .reference("username user_id", Sessions.MEMBER)
        .time(Sessions.CREATED_AT)
        .time(Sessions.EXPIRES_AT)
        .reference("auth_request_id", Sessions.REQUEST)
        .text(Sessions.DEVICE_INFO)
        .text(Sessions.IP_ADDRESS)
        .flag("is_fully_authenticated", Sessions.IS_FULLY_AUTHENTICATED)
        .done("created_at");
    table("notification_state", NOTIFICATIONS)
        .key("id")
        .reference("user_id", Notifications.MEMBER)
        .reference("auth_request_id", Notifications.REQUEST)
        .text("notification_type", Notifications.KIND, "auth_request")
        .flag("is_read", Notifications.IS_READ)
        .time(Notifications.CREATED_AT)
        .time(Notifications.READ_AT)
        .done("created_at");
    table("changelogentry", CHANGELOG)
        .key("commit_id")
        .text(Changelog.ORIGINAL_MESSAGE)
        .text(Changelog.FRIENDLY_DESCRIPTION)
        .text(Changelog.CHANGE_TYPE)
        .time(Changelog.COMMIT_DATE)
        .time(Changelog.CREATED_AT)
        .done("created_at", "commit_date");
    table("membership_application", APPLICATIONS)
        .key("id")
        .text(Applications.USERNAME)
        .text(Applications.ESSAY)
        .text(Applications.CONTACT_INFO)
        .text(Applications.IP_ADDRESS)
        .text("status", Applications.STATUS, "pending")
        .time(Applications.CREATED_AT)
        .time(Applications.PROCESSED_AT)
        .reference("processed_by_user_id", Applications.PROCESSED_BY)
        .reference("invite_token", Applications.INVITE)
        .text(PATH, Applications.LEGACY_PATH)
        .done("created_at");
    table(USER_EMAIL, EMAIL_ADDRESSES)
        .key("id")
        .reference("user_id", EmailAddresses.MEMBER)
        .text(EmailAddresses.EMAIL_ENCRYPTED)
        .flag("email_verified", EmailAddresses.IS_VERIFIED)
        .text(EmailAddresses.VERIFICATION_TOKEN)
        .time(EmailAddresses.ADDED_AT)
        .time(EmailAddresses.VERIFIED_AT)
        .done("added_at");
  }

  private LegacyLayout() {}

  /** The tables; a table comes after those that it refers to. */
  public static Collection<LegacyTable> tables() {
    return TABLES.values();
  }

  /** The original's table for one of our tables. */
  public static Optional<LegacyTable> of(Table ours) {
    return TABLES.values().stream().filter(table -> table.ours() == ours).findFirst();
  }

  /** The table of a name in any case, or empty. */
  public static Optional<LegacyTable> find(String name) {
    return Optional.ofNullable(TABLES.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The position of a table in the order in which rows of one instant are imported. */
  public static int rank(LegacyTable table) {
    return Catalog.TABLES.indexOf(table.ours());
  }

  /** The statements that create the tables and indexes of the original's last version. */
  public static List<String> newestDdl() {
    try (InputStream in =
        Objects.requireNonNull(LegacyLayout.class.getResourceAsStream("original.sql"))) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return List.of(all.strip().split(";\\s*(?:\\n|$)"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Builder table(String name, Table ours) {
    return new Builder(name, ours);
  }

  /** Collects the columns of one table. */
  private static final class Builder {
    private final String name;
    private final Table ours;
    private final List<LegacyColumn> columns = new ArrayList<>();

    Builder(String name, Table ours) {
      this.name = name;
      this.ours = ours;
    }

    Builder key(String name) {
      return column(name, ours.keyColumn(), Kind.KEY, NULL);
    }

    Builder name(Column<String> column) {
      return column(column.name(), column, Kind.NAME, NULL);
    }

    Builder text(Column<String> column) {
      return text(column.name(), column);
    }

    Builder text(String name, Column<String> column) {
      return column(name, column, Kind.TEXT, NULL);
    }

    Builder text(String name, Column<String> column, String defaultValue) {
      return column(name, column, Kind.TEXT, new SqliteValue.Text(defaultValue));
    }

    Builder time(Column<Long> column) {
      return column(column.name(), column, Kind.TIME, NULL);
    }

    Builder flag(String name, Column<Boolean> column) {
      return column(name, column, Kind.FLAG, new SqliteValue.Whole(0));
    }

    Builder reference(String names, Column<String> column) {
      return column(names, column, Kind.REFERENCE, NULL);
    }

    /** Adds a column; several names of one column have blanks between them, the newest first. */
    Builder column(String names, Column<?> column, Kind kind, SqliteValue defaultValue) {
      columns.add(new LegacyColumn(List.of(names.split(" ")), column, kind, defaultValue));
      return this;
    }

    void done(String... times) {
      TABLES.put(name, new LegacyTable(name, ours, List.copyOf(columns), List.of(times)));
    }
  }
}
