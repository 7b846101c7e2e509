package org.thywill.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The description of all tables and columns of a community.
 *
 * <p>The lines of the archive, the tables of the view, the checks and the tables in FORMAT.md are
 * made from it. The first columns of a table are those of the plan for complete reconstruction, in
 * its order; the others follow.
 */
public final class Catalog {
  /**
   * Raised when a table or a column changes. A view that was made for another number is rebuilt. An
   * archive of a lower number is read, since a newer catalog only has more tables; it gets this
   * number when it is next opened for writing.
   */
  public static final int VERSION = 2;

  public static final Table MEMBERS = Members.TABLE;

  public static final Table ROLES = Roles.TABLE;

  public static final Table INVITES = Invites.TABLE;

  public static final Table INVITE_USES = InviteUses.TABLE;

  public static final Table ROLE_ASSIGNMENTS = RoleAssignments.TABLE;

  public static final Table PRAYERS = Prayers.TABLE;

  public static final Table MARKS = Marks.TABLE;

  public static final Table SKIPS = Skips.TABLE;

  public static final Table ATTRIBUTES = Attributes.TABLE;

  public static final Table ACTIVITY = Activity.TABLE;

  public static final Table AUTH_REQUESTS = AuthRequests.TABLE;

  public static final Table AUTH_APPROVALS = AuthApprovals.TABLE;

  public static final Table AUDIT = Audit.TABLE;

  public static final Table SECURITY_EVENTS = SecurityEvents.TABLE;

  public static final Table SESSIONS = Sessions.TABLE;

  public static final Table NOTIFICATIONS = Notifications.TABLE;

  public static final Table KNOWN_DEVICES = KnownDevices.TABLE;

  public static final Table MUTED_CLAIMANTS = MutedClaimants.TABLE;

  public static final Table RECOVERY_CODES = RecoveryCodes.TABLE;

  public static final Table SETTINGS = Settings.TABLE;

  public static final Table FEATURE_FLAGS = FeatureFlags.TABLE;

  public static final Table CHANGELOG = Changelog.TABLE;

  public static final Table APPLICATIONS = Applications.TABLE;

  public static final Table EMAIL_ADDRESSES = EmailAddresses.TABLE;

  public static final Table LEGACY_VALUES = LegacyValues.TABLE;

  public static final Table LEGACY_ROWS = LegacyRows.TABLE;

  public static final Table LEGACY_SCHEMA = LegacySchema.TABLE;

  public static final Table OPERATIONS = Operations.TABLE;

  /**
   * All tables; each comes after most of those that it refers to. An import writes the rows of one
   * instant in this order.
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
          KNOWN_DEVICES,
          MUTED_CLAIMANTS,
          RECOVERY_CODES,
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

  /** The table with a name; empty if there is none. */
  public static Optional<Table> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The table that has a log at a path; empty if there is none. */
  public static Optional<Table> ofLog(String file) {
    return TABLES.stream()
        .filter(table -> table.logLocation().period(file).isPresent())
        .findFirst();
  }

  private static boolean isOpen(Row invite) {
    Optional<Long> maxUses = invite.get(Invites.MAX_USES);
    return maxUses.isEmpty() || invite.get(Invites.USED_COUNT).orElse(0L) < maxUses.get();
  }

  /** Columns of {@link #MEMBERS}. */
  public static final class Members {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "members",
            RecoveryGroup.USERS,
            "users/{month}_users.txt",
            "A member of the community.");
    public static final Column<String> HANDLE =
        BUILDER.key("handle", "the name by which everything refers to the member; never changes");
    public static final Column<String> DISPLAY_NAME =
        BUILDER
            .indexed()
            .requiredText("display_name", "the name as the member writes it; may change");
    public static final Column<String> INVITED_BY =
        BUILDER.indexed().optionalReference("invited_by", "members", "who invited the member");
    public static final Column<String> INVITE =
        BUILDER.optionalReference("invite", "invites", "the invite that was used to join");
    public static final Column<Long> CREATED_AT =
        BUILDER.requiredTime("created_at", "when the member joined");
    public static final Column<Boolean> WELCOME_DISMISSED =
        BUILDER.requiredFlag("welcome_dismissed", "whether the welcome was put away");
    public static final Column<Boolean> IS_SUPPORTER =
        BUILDER.requiredFlag("is_supporter", "whether the member supports the community");
    public static final Column<Long> SUPPORTER_SINCE =
        BUILDER.optionalTime("supporter_since", "since when");
    public static final Column<String> SUPPORTER_TYPE =
        BUILDER.optionalText("supporter_type", "in which ways, separated by commas");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.build();

    private Members() {}
  }

  /** Columns of {@link #ROLES}. */
  public static final class Roles {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "roles",
            RecoveryGroup.ROLES,
            "roles/role_history.txt",
            "A role: a name and what it allows.");
    public static final Column<String> NAME = BUILDER.key("name", "the role's name");
    public static final Column<String> DESCRIPTION =
        BUILDER.optionalText("description", "what it is for");
    public static final Column<String> PERMISSIONS =
        BUILDER.requiredText("permissions", "what it allows, separated by commas; * is everything");
    public static final Column<Boolean> IS_SYSTEM_ROLE =
        BUILDER.requiredFlag("is_system_role", "whether the program itself relies on it");
    public static final Column<String> CREATED_BY =
        BUILDER.optionalReference("created_by", "members", "who made it");
    public static final Column<Long> CREATED_AT =
        BUILDER.requiredTime("created_at", "when it was made");
    public static final Column<String> LEGACY_ID =
        BUILDER.optionalText("legacy_id", "its id in the Python original");
    private static final Table TABLE =
        BUILDER.snapshot("roles/role_definitions.txt", row -> true).build();

    private Roles() {}
  }

  /** Columns of {@link #INVITES}. */
  public static final class Invites {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "invites",
            RecoveryGroup.INVITES,
            "system/{month}_invites.txt",
            "An invite, or another link that lets somebody in.");
    public static final Column<String> TOKEN =
        BUILDER.key(
            "token",
            "sha256:… of the token in the link, which itself is never kept; a token only of an"
                + " imported link that is used up or expired");
    public static final Column<String> CREATED_BY =
        BUILDER
            .indexed()
            .optionalReference("created_by", "members", "who made it; system is the program");
    public static final Column<Long> EXPIRES_AT =
        BUILDER.optionalTime("expires_at", "until when it can be used");
    public static final Column<Long> USED_COUNT =
        BUILDER.requiredNumber("used_count", "how often it was used");
    public static final Column<Long> MAX_USES =
        BUILDER.optionalNumber("max_uses", "how often it may be used; null is without limit");
    public static final Column<String> USED_BY =
        BUILDER.optionalReference(
            "used_by", "members", "who used it last, or for whom it is meant");
    public static final Column<String> KIND =
        BUILDER.requiredText(
            "kind", "new_user, multi_device, admin, user_login or email_verification");
    public static final Column<Long> CREATED_AT =
        BUILDER.optionalTime("created_at", "when it was made; the Python original did not know");
    private static final Table TABLE =
        BUILDER.snapshot("system/invite_tokens.txt", Catalog::isOpen).build();

    private Invites() {}
  }

  /** Columns of {@link #INVITE_USES}. */
  public static final class InviteUses {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "invite_uses",
            RecoveryGroup.INVITES,
            "system/{month}_invite_usage.txt",
            "One use of an invite.");
    public static final Column<String> INVITE =
        BUILDER.requiredReference("invite", "invites", "the invite");
    public static final Column<String> MEMBER =
        BUILDER.requiredReference("member", "members", "who used it");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CLAIMED_AT = BUILDER.requiredTime("claimed_at", "when");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    private static final Table TABLE = BUILDER.build();

    private InviteUses() {}
  }

  /** Columns of {@link #ROLE_ASSIGNMENTS}. */
  public static final class RoleAssignments {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "role_assignments",
            RecoveryGroup.ROLES,
            "roles/{month}_role_assignments.txt",
            "A role given to a member.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who has the role");
    public static final Column<String> ROLE =
        BUILDER.requiredReference("role", "roles", "the role");
    public static final Column<String> GRANTED_BY =
        BUILDER.optionalReference("granted_by", "members", "who gave it; system is the program");
    public static final Column<String> REASON = BUILDER.optionalText("reason", "why");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> GRANTED_AT = BUILDER.requiredTime("granted_at", "when");
    public static final Column<Long> EXPIRES_AT =
        BUILDER.optionalTime("expires_at", "until when; null is for good");
    private static final Table TABLE = BUILDER.build();

    private RoleAssignments() {}
  }

  /** Columns of {@link #PRAYERS}. */
  public static final class Prayers {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "prayers",
            RecoveryGroup.PRAYERS,
            "prayers/{month}_prayers.txt",
            "A prayer request and the prayer made from it.");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<String> AUTHOR =
        BUILDER.indexed().requiredReference("author", "members", "who asks");
    public static final Column<Long> CREATED_AT =
        BUILDER.indexed().requiredTime("created_at", "when it was asked");
    public static final Column<String> TEXT =
        BUILDER.requiredText("text", "the request in the author's words");
    public static final Column<String> GENERATED_PRAYER =
        BUILDER.optionalText("generated_prayer", "the prayer that others may pray");
    public static final Column<String> PROJECT_TAG =
        BUILDER.optionalText("project_tag", "a word by which prayers are put together");
    public static final Column<String> MODERATION =
        BUILDER
            .indexed()
            .requiredText(
                "moderation",
                "open, flagged (reported, awaiting a moderator) or hidden (by a moderator)");
    public static final Column<String> VISIBILITY =
        BUILDER
            .indexed()
            .requiredText("visibility", "members, public or anonymous (public without the name)");
    public static final Column<Long> EDITED_AT =
        BUILDER.optionalTime("edited_at", "when the text was last edited");
    public static final Column<Double> SAFETY_SCORE =
        BUILDER.optionalReal("safety_score", "from 0 to 1, as the Python original rated it");
    public static final Column<String> SAFETY_FLAGS =
        BUILDER.optionalText("safety_flags", "a JSON list, as the Python original wrote it");
    public static final Column<String> CATEGORIZATION_METHOD =
        BUILDER.optionalText("categorization_method", "how the Python original sorted it");
    public static final Column<String> SPECIFICITY_TYPE =
        BUILDER.optionalText("specificity_type", "as the Python original rated it");
    public static final Column<Double> SPECIFICITY_CONFIDENCE =
        BUILDER.optionalReal(
            "specificity_confidence", "from 0 to 1, as the Python original rated it");
    public static final Column<String> SUBJECT_CATEGORY =
        BUILDER.optionalText("subject_category", "as the Python original rated it");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.onPageOf("id").build();

    private Prayers() {}
  }

  /** Columns of {@link #MARKS}. */
  public static final class Marks {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "marks",
            RecoveryGroup.PRAYERS,
            "prayers/marks/{month}_marks.txt",
            "A member prayed a prayer, once.");
    public static final Column<String> PRAYER =
        BUILDER.indexed().requiredReference("prayer", "prayers", "the prayer");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who prayed");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.onPageOf("prayer").build();

    private Marks() {}
  }

  /** Columns of {@link #SKIPS}. */
  public static final class Skips {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "skips",
            RecoveryGroup.PRAYERS,
            "prayers/skips/{month}_skips.txt",
            "A member passed a prayer over.");
    public static final Column<String> PRAYER =
        BUILDER.indexed().requiredReference("prayer", "prayers", "the prayer");
    public static final Column<String> MEMBER =
        BUILDER.requiredReference("member", "members", "who passed it over");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    private static final Table TABLE = BUILDER.onPageOf("prayer").build();

    private Skips() {}
  }

  /** Columns of {@link #ATTRIBUTES}. */
  public static final class Attributes {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "attributes",
            RecoveryGroup.PRAYERS,
            "prayers/attributes/{month}_attributes.txt",
            "Something said of a prayer: answered, answer_date, answer_testimony, archived,"
                + " daily_priority …");
    public static final Column<String> PRAYER =
        BUILDER.indexed().requiredReference("prayer", "prayers", "the prayer");
    public static final Column<String> NAME =
        BUILDER.indexed().requiredText("name", "what is said");
    public static final Column<String> VALUE = BUILDER.optionalText("value", "and with what value");
    public static final Column<String> CREATED_BY =
        BUILDER.optionalReference("created_by", "members", "who said so");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.onPageOf("prayer").build();

    private Attributes() {}
  }

  /** Columns of {@link #ACTIVITY}. */
  public static final class Activity {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "activity",
            RecoveryGroup.PRAYERS,
            "activity/activity_{month}.txt",
            "Who did what to a prayer, for people to read.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who");
    public static final Column<String> ACTION =
        BUILDER.requiredText("action", "did what: prayed, set_answered, testimony, flagged …");
    public static final Column<String> PRAYER =
        BUILDER.indexed().requiredReference("prayer", "prayers", "to which prayer");
    public static final Column<String> OLD_VALUE =
        BUILDER.optionalText("old_value", "what it was before");
    public static final Column<String> NEW_VALUE =
        BUILDER.optionalText("new_value", "what it became");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.onPageOf("prayer").build();

    private Activity() {}
  }

  /** Columns of {@link #AUTH_REQUESTS}. */
  public static final class AuthRequests {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "auth_requests",
            RecoveryGroup.AUTH,
            "auth/{month}_auth_requests.txt",
            "Somebody asks to sign in as a member from a new device.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "as whom");
    public static final Column<String> DEVICE_INFO =
        BUILDER.optionalText("device_info", "from which device");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    public static final Column<String> STATUS =
        BUILDER.indexed().requiredText("status", "pending, approved, rejected or expired");
    public static final Column<Long> EXPIRES_AT =
        BUILDER.requiredTime("expires_at", "until when it can be approved");
    public static final Column<String> APPROVED_BY =
        BUILDER.optionalReference("approved_by", "members", "who decided");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT =
        BUILDER.requiredTime("created_at", "when it was made");
    public static final Column<Long> APPROVED_AT =
        BUILDER.optionalTime("approved_at", "when it was decided");
    public static final Column<Boolean> CODE_WITHHELD =
        BUILDER.requiredFlag(
            "code_withheld",
            "whether there was a verification code; the code itself is never kept");
    private static final Table TABLE = BUILDER.build();

    private AuthRequests() {}
  }

  /** Columns of {@link #AUTH_APPROVALS}. */
  public static final class AuthApprovals {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "auth_approvals",
            RecoveryGroup.AUTH,
            "auth/{month}_auth_approvals.txt",
            "A member vouches for a sign-in.");
    public static final Column<String> REQUEST =
        BUILDER.indexed().requiredReference("request", "auth_requests", "the sign-in");
    public static final Column<String> APPROVER =
        BUILDER.requiredReference("approver", "members", "who vouches");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    private static final Table TABLE = BUILDER.build();

    private AuthApprovals() {}
  }

  /** Columns of {@link #AUDIT}. */
  public static final class Audit {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "audit",
            RecoveryGroup.AUTH,
            "auth/{month}_audit.txt",
            "What became of a sign-in, step by step.");
    public static final Column<String> REQUEST =
        BUILDER.indexed().requiredReference("request", "auth_requests", "the sign-in");
    public static final Column<String> ACTION =
        BUILDER.requiredText("action", "created, approval_vote, approved, rejected or expired");
    public static final Column<String> ACTOR_MEMBER =
        BUILDER.optionalReference("actor_member", "members", "who did it");
    public static final Column<String> ACTOR_TYPE =
        BUILDER.optionalText("actor_type", "as what: admin, self, peer, system or user");
    public static final Column<String> DETAILS = BUILDER.optionalText("details", "more of it");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    public static final Column<String> USER_AGENT =
        BUILDER.optionalText("user_agent", "with which browser");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    private static final Table TABLE = BUILDER.build();

    private Audit() {}
  }

  /** Columns of {@link #SECURITY_EVENTS}. */
  public static final class SecurityEvents {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "security_events",
            RecoveryGroup.AUTH,
            "auth/{month}_security_events.txt",
            "Something that matters to security: a failed login, a limit that was hit.");
    public static final Column<String> EVENT = BUILDER.requiredText("event", "what happened");
    public static final Column<String> MEMBER =
        BUILDER.optionalReference("member", "members", "to whom");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    public static final Column<String> DETAILS = BUILDER.optionalText("details", "more of it");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<String> USER_AGENT =
        BUILDER.optionalText("user_agent", "with which browser");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    private static final Table TABLE = BUILDER.build();

    private SecurityEvents() {}
  }

  /** Columns of {@link #SESSIONS}. */
  public static final class Sessions {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "sessions",
            RecoveryGroup.AUTH,
            "auth/{month}_sessions.txt",
            "A member is signed in on a device.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who");
    public static final Column<String> DEVICE_INFO =
        BUILDER.optionalText("device_info", "on which device");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    public static final Column<Boolean> IS_FULLY_AUTHENTICATED =
        BUILDER.requiredFlag(
            "is_fully_authenticated", "no while the sign-in still waits for approval");
    public static final Column<Long> EXPIRES_AT = BUILDER.requiredTime("expires_at", "until when");
    public static final Column<String> REQUEST =
        BUILDER.optionalReference("request", "auth_requests", "the sign-in that it came from");
    public static final Column<String> ID =
        BUILDER.key("id", "sha256:… of the session id, which itself is never kept");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "since when");
    private static final Table TABLE = BUILDER.build();

    private Sessions() {}
  }

  /** Columns of {@link #NOTIFICATIONS}. */
  public static final class Notifications {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "notifications",
            RecoveryGroup.AUTH,
            "auth/notifications/{month}_notifications.txt",
            "A member is told of something.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who is told");
    public static final Column<String> REQUEST =
        BUILDER.optionalReference("request", "auth_requests", "of which sign-in");
    public static final Column<String> KIND = BUILDER.requiredText("kind", "of what");
    public static final Column<Boolean> IS_READ =
        BUILDER.requiredFlag("is_read", "whether it was read");
    public static final Column<Long> READ_AT = BUILDER.optionalTime("read_at", "when it was read");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    private static final Table TABLE = BUILDER.build();

    private Notifications() {}
  }

  /** Columns of {@link #KNOWN_DEVICES}. */
  public static final class KnownDevices {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "known_devices",
            RecoveryGroup.AUTH,
            "auth/{month}_known_devices.txt",
            "A browser on which a member was signed in once.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who");
    public static final Column<String> LAST_REQUEST =
        BUILDER
            .indexed()
            .optionalReference(
                "last_request", "auth_requests", "the last sign-in that was asked for on it");
    public static final Column<String> ID =
        BUILDER.key(
            "id", "sha256:… of the member and a secret of the browser, which itself is never kept");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "since when");
    private static final Table TABLE = BUILDER.sinceCatalog(2).build();

    private KnownDevices() {}
  }

  /** Columns of {@link #MUTED_CLAIMANTS}. */
  public static final class MutedClaimants {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "muted_claimants",
            RecoveryGroup.AUTH,
            "auth/{month}_muted_claimants.txt",
            "A member does not want to see who asks from somewhere to sign in as them.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "who");
    public static final Column<String> ADDRESS_BLOCK =
        BUILDER.requiredText(
            "address_block",
            "from where: the first 24 bits of an IPv4 address, or the first 64 of an IPv6 address");
    public static final Column<Long> EXPIRES_AT = BUILDER.requiredTime("expires_at", "until when");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "since when");
    private static final Table TABLE = BUILDER.sinceCatalog(2).build();

    private MutedClaimants() {}
  }

  /** Columns of {@link #RECOVERY_CODES}. */
  public static final class RecoveryCodes {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "recovery_codes",
            RecoveryGroup.AUTH,
            "auth/{month}_recovery_codes.txt",
            "A code on paper by which a member signs in, once, without other members.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "whose");
    public static final Column<Long> USED_AT = BUILDER.optionalTime("used_at", "when it was used");
    public static final Column<String> ID =
        BUILDER.key(
            "id",
            "pbkdf2:… of the member and the code, which itself is never kept: PBKDF2 with"
                + " HMAC-SHA-256");
    public static final Column<Long> CREATED_AT =
        BUILDER.requiredTime("created_at", "when it was made");
    private static final Table TABLE = BUILDER.sinceCatalog(2).build();

    private RecoveryCodes() {}
  }

  /** Columns of {@link #SETTINGS}. */
  public static final class Settings {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "settings",
            RecoveryGroup.SYSTEM,
            "system/{month}_settings.txt",
            "A setting that is no secret.");
    public static final Column<String> NAME =
        BUILDER.key("name", "as it is spelled in the environment, such as PEER_APPROVAL_COUNT");
    public static final Column<String> VALUE = BUILDER.optionalText("value", "its value");
    public static final Column<String> ORIGIN =
        BUILDER.requiredText(
            "origin",
            "where the value came from: default, command line, environment, earlier environment,"
                + " admin, or not set (of a secret, whose value is never here)");
    private static final Table TABLE =
        BUILDER.snapshot("system/system_config.txt", row -> true).build();

    private Settings() {}
  }

  /** Columns of {@link #FEATURE_FLAGS}. */
  public static final class FeatureFlags {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "feature_flags",
            RecoveryGroup.SYSTEM,
            "system/{month}_feature_flags.txt",
            "A feature that is on or off.");
    public static final Column<String> NAME = BUILDER.key("name", "the feature");
    public static final Column<Boolean> ENABLED =
        BUILDER.requiredFlag("enabled", "whether it is on");
    public static final Column<String> DETAILS =
        BUILDER.optionalText(
            "details",
            "an admin's remark, or where it came from: origin: default, command line, environment"
                + " or earlier environment");
    private static final Table TABLE =
        BUILDER.snapshot("system/feature_flags.txt", row -> true).build();

    private FeatureFlags() {}
  }

  /** Columns of {@link #CHANGELOG}. */
  public static final class Changelog {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "changelog",
            RecoveryGroup.SYSTEM,
            "system/changelog_entries.txt",
            "What is new in the program, for members to read.");
    public static final Column<String> COMMIT_ID =
        BUILDER.key("commit_id", "the commit that brought it");
    public static final Column<String> ORIGINAL_MESSAGE =
        BUILDER.requiredText("original_message", "what the commit said");
    public static final Column<String> FRIENDLY_DESCRIPTION =
        BUILDER.optionalText("friendly_description", "what members are told");
    public static final Column<String> CHANGE_TYPE =
        BUILDER.optionalText("change_type", "new, enhanced, fixed or meta");
    public static final Column<Long> COMMIT_DATE =
        BUILDER.requiredTime("commit_date", "when it was committed");
    public static final Column<Long> CREATED_AT =
        BUILDER.requiredTime("created_at", "when it was listed");
    private static final Table TABLE = BUILDER.build();

    private Changelog() {}
  }

  /** Columns of {@link #APPLICATIONS}. */
  public static final class Applications {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "applications",
            RecoveryGroup.USERS,
            "applications/{month}_applications.txt",
            "Somebody without an invite asks to become a member.");
    public static final Column<String> USERNAME =
        BUILDER.requiredText("username", "the name that is asked for");
    public static final Column<String> STATUS =
        BUILDER.indexed().requiredText("status", "pending, approved or rejected");
    public static final Column<String> PROCESSED_BY =
        BUILDER.optionalReference("processed_by", "members", "who decided");
    public static final Column<String> INVITE =
        BUILDER.optionalReference("invite", "invites", "the invite that was given");
    public static final Column<String> ID =
        BUILDER.key(
            "id",
            "sha256:… of the applicant's secret, which itself is never kept; for an imported one,"
                + " the id that it had");
    public static final Column<Long> CREATED_AT = BUILDER.requiredTime("created_at", "when");
    public static final Column<Long> PROCESSED_AT =
        BUILDER.optionalTime("processed_at", "when it was decided");
    public static final Column<String> ESSAY =
        BUILDER.requiredText("essay", "why, in the applicant's words");
    public static final Column<String> CONTACT_INFO =
        BUILDER.optionalText("contact_info", "how to reach the applicant");
    public static final Column<String> IP_ADDRESS =
        BUILDER.optionalText("ip_address", "from where");
    public static final Column<String> LEGACY_PATH =
        BUILDER.optionalText("legacy_path", "where the Python original kept this in its archive");
    private static final Table TABLE = BUILDER.build();

    private Applications() {}
  }

  /** Columns of {@link #EMAIL_ADDRESSES}. */
  public static final class EmailAddresses {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "email_addresses",
            RecoveryGroup.USERS,
            "email/{month}_addresses.txt",
            "A member's e-mail address, encrypted.");
    public static final Column<String> MEMBER =
        BUILDER.indexed().requiredReference("member", "members", "whose");
    public static final Column<String> EMAIL_ENCRYPTED =
        BUILDER.requiredText("email_encrypted", "a Fernet token; the key is not in the archive");
    public static final Column<Boolean> IS_VERIFIED =
        BUILDER.requiredFlag("is_verified", "whether the member confirmed it");
    public static final Column<Long> VERIFIED_AT = BUILDER.optionalTime("verified_at", "when");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    public static final Column<Long> ADDED_AT = BUILDER.requiredTime("added_at", "since when");
    public static final Column<String> VERIFICATION_TOKEN =
        BUILDER.optionalText(
            "verification_token",
            "a token that is used up or expired, or sha256:… of one that is not");
    private static final Table TABLE = BUILDER.build();

    private EmailAddresses() {}
  }

  /** Columns of {@link #LEGACY_VALUES}. */
  public static final class LegacyValues {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "legacy_values",
            RecoveryGroup.SYSTEM,
            "system/legacy/{month}_legacy_values.txt",
            "A value of the Python original that its row above cannot say exactly: another"
                + " spelling, a reference that leads nowhere, an unknown column.");
    public static final Column<String> LEGACY_TABLE =
        BUILDER.indexed().requiredText("legacy_table", "the table in the original");
    public static final Column<String> ROW_KEY =
        BUILDER.requiredText("row_key", "the key of the row here");
    public static final Column<String> LEGACY_COLUMN =
        BUILDER.requiredText("legacy_column", "the column in the original");
    public static final Column<String> WAS =
        BUILDER.optionalText("was", "the storage class and the value as it was there");
    public static final Column<String> INSTEAD_OF =
        BUILDER.optionalText(
            "instead_of", "what the row here would say; while it says so, what was there holds");
    public static final Column<String> ID = BUILDER.key("id", "made from the three above");
    private static final Table TABLE = BUILDER.build();

    private LegacyValues() {}
  }

  /** Columns of {@link #LEGACY_ROWS}. */
  public static final class LegacyRows {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "legacy_rows",
            RecoveryGroup.SYSTEM,
            "system/legacy/{month}_legacy_rows.txt",
            "A row of a table that only the original's database had.");
    public static final Column<String> LEGACY_TABLE =
        BUILDER.indexed().requiredText("legacy_table", "the table in the original");
    public static final Column<String> ROW_VALUES =
        BUILDER.requiredText("row_values", "every value with its storage class, in column order");
    public static final Column<String> ID =
        BUILDER.key("id", "made from the table and the row's number");
    private static final Table TABLE = BUILDER.build();

    private LegacyRows() {}
  }

  /** Columns of {@link #LEGACY_SCHEMA}. */
  public static final class LegacySchema {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "legacy_schema",
            RecoveryGroup.SYSTEM,
            "system/legacy/{month}_legacy_schema.txt",
            "How a table or an index of the original's database was made.");
    public static final Column<String> LEGACY_TABLE =
        BUILDER.requiredText("legacy_table", "the table in the original");
    public static final Column<String> KIND =
        BUILDER.requiredText(
            "kind", "table, index, view, trigger, or pragma (a property of the whole file)");
    public static final Column<Long> POSITION =
        BUILDER.requiredNumber("position", "the order in which they were made");
    public static final Column<String> SQL =
        BUILDER.requiredText("sql", "the statement that makes it");
    public static final Column<String> ID = BUILDER.key("id", "kind and name");
    private static final Table TABLE = BUILDER.build();

    private LegacySchema() {}
  }

  /** Columns of {@link #OPERATIONS}. */
  public static final class Operations {
    private static final Table.Builder BUILDER =
        new Table.Builder(
            "operations",
            RecoveryGroup.SYSTEM,
            "operations/{year}_operations.txt",
            "What operators did to the archive: drills, repairs, accepted gaps, overrides.");
    public static final Column<String> KIND =
        BUILDER.requiredText(
            "kind",
            "drill, repair, times (times that had not come were corrected), gap (outcome lost: in"
                + " the place of a change that is lost for good; outcome accepted: that an operator"
                + " accepted it), digest (an operator accepted the digest of the rows where the"
                + " head had another), override or resume (after a recovery), view (the database"
                + " was changed by others, and rebuilt), alone (a command wrote although no copy"
                + " could be reached), older (a command wrote to an archive that had gone further"
                + " on that machine), fork (two histories were joined: outcome joined; or, with the"
                + " line of a change of the other one that was not taken, kept, same or there)");
    public static final Column<String> OUTCOME = BUILDER.requiredText("outcome", "how it ended");
    public static final Column<String> DETAILS = BUILDER.optionalText("details", "more of it");
    public static final Column<String> ID = BUILDER.key("id", "a random id");
    private static final Table TABLE = BUILDER.notInDigest().build();

    private Operations() {}
  }
}
