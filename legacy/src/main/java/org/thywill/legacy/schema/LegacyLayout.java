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
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.LegacyColumn.Kind;

/**
 * The original's tables, of all its ages, and what each of their columns is here. A table that is
 * not named here is carried as it is.
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

  /** Where the original keeps the path of a fact in its archive. */
  private static final String PATH = "text_file_path";

  private static final SqliteValue NOTHING = SqliteValue.Null.CELL;
  private static final Map<String, LegacyTable> TABLES = new LinkedHashMap<>();

  static {
    table(USER, MEMBERS)
        .key("id")
        .name("display_name")
        .time("created_at")
        .reference("invited_by_username invited_by_user_id", "invited_by", MEMBERS)
        .reference("invite_token_used", "invite", INVITES)
        .flag("welcome_message_dismissed", "welcome_dismissed")
        .text(PATH, "legacy_path")
        .flag("is_supporter", "is_supporter")
        .time("supporter_since")
        .text("supporter_type")
        .done("created_at");
    table(ROLE, ROLES)
        .column("id", "legacy_id", Kind.ROLE_ID, NOTHING)
        .key("name")
        .text("description")
        .column("permissions", "permissions", Kind.PERMISSIONS, new SqliteValue.Text("[]"))
        .time("created_at")
        .reference("created_by", "created_by", MEMBERS)
        .flag("is_system_role", "is_system_role")
        .done("created_at");
    table("user_roles", ROLE_ASSIGNMENTS)
        .key("id")
        .reference("user_id", "member", MEMBERS)
        .reference("role_id", "role", ROLES)
        .reference("granted_by", "granted_by", MEMBERS)
        .time("granted_at")
        .time("expires_at")
        .done("granted_at");
    table(INVITE_TOKEN, INVITES)
        .key("token")
        .reference("created_by_user", "created_by", MEMBERS)
        .column("usage_count", "used_count", Kind.NUMBER, new SqliteValue.Whole(0))
        .column("used", "used_count", Kind.USED, new SqliteValue.Whole(0))
        .column("max_uses", "max_uses", Kind.NUMBER, NOTHING)
        .column("expires_at", "expires_at", Kind.TIME, new SqliteValue.Text(LegacyTime.NEVER))
        .reference("used_by_user_id", "used_by", MEMBERS)
        .text("token_type", "kind", "new_user")
        .done("expires_at");
    table("invite_token_usage", INVITE_USES)
        .key("id")
        .reference("invite_token_id", "invite", INVITES)
        .reference("user_id", "member", MEMBERS)
        .time("claimed_at")
        .text("ip_address")
        .done("claimed_at");
    table(PRAYER, PRAYERS)
        .key("id")
        .reference("author_username author_id", "author", MEMBERS)
        .text("text")
        .text("generated_prayer")
        .text("project_tag")
        .time("created_at")
        .column("flagged", "moderation", Kind.MODERATION, new SqliteValue.Whole(0))
        .text(PATH, "legacy_path")
        .column("safety_score", "safety_score", Kind.REAL, new SqliteValue.Real(1))
        .text("safety_flags", "safety_flags", "[]")
        .text("categorization_method", "categorization_method", "default")
        .text("specificity_type", "specificity_type", "unknown")
        .column(
            "specificity_confidence", "specificity_confidence", Kind.REAL, new SqliteValue.Real(0))
        .text("subject_category", "subject_category", "general")
        .done("created_at");
    table("prayermark", MARKS)
        .key("id")
        .reference("username user_id", "member", MEMBERS)
        .reference("prayer_id", "prayer", PRAYERS)
        .time("created_at")
        .text(PATH, "legacy_path")
        .done("created_at");
    table("prayerskip", SKIPS)
        .key("id")
        .reference("user_id", "member", MEMBERS)
        .reference("prayer_id", "prayer", PRAYERS)
        .time("created_at")
        .done("created_at");
    table("prayer_attributes", ATTRIBUTES)
        .key("id")
        .reference("prayer_id", "prayer", PRAYERS)
        .text("attribute_name", "name")
        .text("attribute_value", "value")
        .time("created_at")
        .reference("created_by", "created_by", MEMBERS)
        .text(PATH, "legacy_path")
        .done("created_at");
    table("prayer_activity_log", ACTIVITY)
        .key("id")
        .reference("prayer_id", "prayer", PRAYERS)
        .reference("user_id", "member", MEMBERS)
        .text("action")
        .text("old_value")
        .text("new_value")
        .time("created_at")
        .text(PATH, "legacy_path")
        .done("created_at");
    table("authenticationrequest", AUTH_REQUESTS)
        .key("id")
        .reference("user_id", "member", MEMBERS)
        .text("device_info")
        .text("ip_address")
        .column(VERIFICATION_CODE, "code_withheld", Kind.CODE, NOTHING)
        .time("created_at")
        .time("expires_at")
        .text("status", "status", "pending")
        .reference("approved_by_user_id", "approved_by", MEMBERS)
        .time("approved_at")
        .done("created_at");
    table("authapproval", AUTH_APPROVALS)
        .key("id")
        .reference("auth_request_id", "request", AUTH_REQUESTS)
        .reference("approver_user_id", "approver", MEMBERS)
        .time("created_at")
        .done("created_at");
    table("authauditlog", AUDIT)
        .key("id")
        .reference("auth_request_id", "request", AUTH_REQUESTS)
        .text("action")
        .reference("actor_user_id", "actor_member", MEMBERS)
        .text("actor_type")
        .text("details")
        .text("ip_address")
        .text("user_agent")
        .time("created_at")
        .done("created_at");
    table("securitylog", SECURITY_EVENTS)
        .key("id")
        .text("event_type", "event")
        .reference("user_id", "member", MEMBERS)
        .text("ip_address")
        .text("user_agent")
        .text("details")
        .time("created_at")
        .done("created_at");
    table(SESSION, SESSIONS)
        .key("id")
        .reference("username user_id", "member", MEMBERS)
        .time("created_at")
        .time("expires_at")
        .reference("auth_request_id", "request", AUTH_REQUESTS)
        .text("device_info")
        .text("ip_address")
        .flag("is_fully_authenticated", "is_fully_authenticated")
        .done("created_at");
    table("notification_state", NOTIFICATIONS)
        .key("id")
        .reference("user_id", "member", MEMBERS)
        .reference("auth_request_id", "request", AUTH_REQUESTS)
        .text("notification_type", "kind", "auth_request")
        .flag("is_read", "is_read")
        .time("created_at")
        .time("read_at")
        .done("created_at");
    table("changelogentry", CHANGELOG)
        .key("commit_id")
        .text("original_message")
        .text("friendly_description")
        .text("change_type")
        .time("commit_date")
        .time("created_at")
        .done("created_at", "commit_date");
    table("membership_application", APPLICATIONS)
        .key("id")
        .text("username")
        .text("essay")
        .text("contact_info")
        .text("ip_address")
        .text("status", "status", "pending")
        .time("created_at")
        .time("processed_at")
        .reference("processed_by_user_id", "processed_by", MEMBERS)
        .reference("invite_token", "invite", INVITES)
        .text(PATH, "legacy_path")
        .done("created_at");
    table(USER_EMAIL, EMAIL_ADDRESSES)
        .key("id")
        .reference("user_id", "member", MEMBERS)
        .text("email_encrypted")
        .flag("email_verified", "is_verified")
        .text(VERIFICATION_TOKEN)
        .time("added_at")
        .time("verified_at")
        .done("added_at");
  }

  private LegacyLayout() {}

  /** The tables in an order in which those that are referred to come first. */
  public static Collection<LegacyTable> tables() {
    return TABLES.values();
  }

  /** The table of the original whose rows live in one of ours. */
  public static Optional<LegacyTable> of(Table ours) {
    return TABLES.values().stream().filter(table -> table.ours() == ours).findFirst();
  }

  public static Optional<LegacyTable> find(String name) {
    return Optional.ofNullable(TABLES.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Where a table stands in the order in which facts of one instant are told. */
  public static int rank(LegacyTable table) {
    return Catalog.TABLES.indexOf(table.ours());
  }

  /** The statements that make the tables and indexes of the original's last version. */
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

    Builder key(String column) {
      return column(column, ours.keyColumn().name(), Kind.KEY, NOTHING);
    }

    Builder name(String column) {
      return column(column, column, Kind.NAME, NOTHING);
    }

    Builder text(String column) {
      return text(column, column);
    }

    Builder text(String column, String here) {
      return column(column, here, Kind.TEXT, NOTHING);
    }

    Builder text(String column, String here, String standard) {
      return column(column, here, Kind.TEXT, new SqliteValue.Text(standard));
    }

    Builder time(String column) {
      return column(column, column, Kind.TIME, NOTHING);
    }

    Builder flag(String column, String here) {
      return column(column, here, Kind.FLAG, new SqliteValue.Whole(0));
    }

    Builder reference(String names, String here, Table target) {
      return add(names, here, Kind.REFERENCE, Optional.of(target), NOTHING);
    }

    Builder column(String column, String here, Kind kind, SqliteValue standard) {
      return add(column, here, kind, Optional.empty(), standard);
    }

    void done(String... times) {
      TABLES.put(name, new LegacyTable(name, ours, List.copyOf(columns), List.of(times)));
    }

    private Builder add(
        String names, String here, Kind kind, Optional<Table> target, SqliteValue standard) {
      columns.add(
          new LegacyColumn(
              List.of(names.split(" ")), here, ours.position(here), kind, target, standard));
      return this;
    }
  }
}
