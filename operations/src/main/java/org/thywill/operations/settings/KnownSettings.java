package org.thywill.operations.settings;

import static org.thywill.operations.settings.SettingKind.ADDRESS;
import static org.thywill.operations.settings.SettingKind.ALWAYS_YES;
import static org.thywill.operations.settings.SettingKind.COUNT;
import static org.thywill.operations.settings.SettingKind.DAYS;
import static org.thywill.operations.settings.SettingKind.FEATURE;
import static org.thywill.operations.settings.SettingKind.PLACE;
import static org.thywill.operations.settings.SettingKind.PROVIDER;
import static org.thywill.operations.settings.SettingKind.SECRET;
import static org.thywill.operations.settings.SettingKind.TEXT;
import static org.thywill.operations.settings.SettingKind.YES_NO;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of this program, and its judgement of names that are none of them. */
public final class KnownSettings {
  private static final int TYPING_ERRORS_MAX = 2;
  private static final List<String> OUR_PREFIXES = List.of("TEXT_ARCHIVE_", "THYWILL_");

  /**
   * A setting.
   *
   * @param standard the default; empty if there is none
   * @param meaning what it decides; of a secret, what it is for and where it comes from
   */
  public record Known(String name, String standard, SettingKind kind, String meaning) {
    boolean isSecret() {
      return kind == SECRET;
    }
  }

  /** All of them, in the order in which they are shown. */
  public static final List<Known> ALL =
      List.of(
          new Known(Configuration.ARCHIVE, "./text_archives", PLACE, "where the archive is"),
          new Known(Configuration.DATABASE, "sqlite:community.db", PLACE, "where the view is"),
          new Known(
              Configuration.LOCATIONS,
              "",
              PLACE,
              "folders with copies of the archive, parted by commas"),
          new Known(
              Configuration.ARCHIVE_ENABLED,
              "true",
              ALWAYS_YES,
              "always true: the text is the truth"),
          new Known(
              Configuration.COMPRESSION_AFTER_DAYS,
              "365",
              DAYS,
              "how long after its end a sealed month is compressed; 0 for never"),
          new Known(
              "MULTI_DEVICE_AUTH_ENABLED",
              "true",
              FEATURE,
              "whether members may ask to sign in on a new device"),
          new Known(
              "REQUIRE_APPROVAL_FOR_EXISTING_USERS",
              "true",
              ALWAYS_YES,
              "always true: knowing a name signs no one in"),
          new Known("PEER_APPROVAL_COUNT", "2", COUNT, "how many members must approve a sign-in"),
          new Known(
              "REQUIRE_VERIFICATION_CODE",
              "true",
              YES_NO,
              "whether who approves must type the digits that the new device shows"),
          new Known(
              "PEER_MIN_DAYS",
              "7",
              DAYS,
              "how long a member must have been here to approve a sign-in without being an admin;"
                  + " 0 for no time at all"),
          new Known(
              "VERIFICATION_CODE_MINUTES",
              "10",
              COUNT,
              "how long a new device shows the same digits; they are accepted for as long again"),
          new Known(
              "SESSION_DAYS",
              "90",
              COUNT,
              "how many days a device stays signed in at most, however much it is used"),
          new Known(
              "SESSION_IDLE_DAYS",
              "30",
              COUNT,
              "after how many days without use a device is signed out"),
          new Known(
              "SESSION_DEVICES_MAX",
              "10",
              COUNT,
              "on how many devices a member can be signed in; one more signs out the one that has"
                  + " been idle for longest"),
          new Known("INVITE_TOKEN_EXPIRATION_HOURS", "12", COUNT, "how long an invite can be used"),
          new Known("DEFAULT_INVITE_MAX_USES", "1", COUNT, "how often an invite can be used"),
          new Known(
              "INVITE_PEOPLE_MAX",
              "20",
              COUNT,
              "how many people the open invites of one member may be for together"),
          new Known("INVITE_OPEN_MAX", "10", COUNT, "how many open invites one member may have"),
          new Known("INVITE_DAYS_MAX", "31", COUNT, "how many days a member's invite can be used"),
          new Known(
              "MANAGER_INVITE_PEOPLE_MAX",
              "10000",
              COUNT,
              "the same as INVITE_PEOPLE_MAX, for members who may decide about accounts"),
          new Known(
              "MANAGER_INVITE_OPEN_MAX",
              "1000",
              COUNT,
              "the same as INVITE_OPEN_MAX, for members who may decide about accounts"),
          new Known(
              "MANAGER_INVITE_DAYS_MAX",
              "366",
              COUNT,
              "the same as INVITE_DAYS_MAX, for members who may decide about accounts"),
          new Known(
              "MEMBERSHIP_APPLICATIONS_ENABLED", "true", FEATURE, "whether strangers may apply"),
          new Known(
              "EMAIL_AUTH_ENABLED",
              "false",
              FEATURE,
              "whether members may keep an e-mail address to sign in"),
          new Known(
              "PRAYER_MODE_ENABLED",
              "true",
              FEATURE,
              "whether members may pray one prayer after the other"),
          new Known(
              "PUBLIC_PRAYERS_ENABLED",
              "true",
              FEATURE,
              "whether the front page shows the prayers that their authors share with everybody"),
          new Known(
              "STATISTICS_ENABLED",
              "true",
              FEATURE,
              "whether members see the community in figures"),
          new Known(
              "SUPPORTER_BADGES_ENABLED",
              "true",
              FEATURE,
              "whether members see in which ways others support the community"),
          new Known("WHATS_NEW_ENABLED", "true", FEATURE, "whether members see what is new"),
          new Known("GIVING_ENABLED", "true", FEATURE, "whether members see how to give money"),
          new Known(
              "HOW_IT_WORKS_ENABLED",
              "true",
              FEATURE,
              "whether everybody can read how things go here"),
          new Known("PAYPAL_USERNAME", "", TEXT, "for the giving page"),
          new Known("VENMO_HANDLE", "", TEXT, "for the giving page"),
          new Known(
              Configuration.GENERATOR,
              "built-in",
              PROVIDER,
              "what writes the prayers beside requests: built-in (nothing leaves the program),"
                  + " anthropic or openai (the text of requests is sent there)"),
          new Known(
              Configuration.ANTHROPIC_MODEL,
              "claude-sonnet-4-5",
              TEXT,
              "the model with AI_PROVIDER=anthropic"),
          new Known(
              Configuration.OPENAI_MODEL, "gpt-4o-mini", TEXT, "the model with AI_PROVIDER=openai"),
          new Known(
              Configuration.OPENAI_BASE,
              "https://api.openai.com/v1",
              ADDRESS,
              "where the model is asked with AI_PROVIDER=openai; other services speak the same"
                  + " language"),
          new Known("SMTP_HOST", "", TEXT, "the service that sends mail"),
          new Known("SMTP_FROM_EMAIL", "", TEXT, "from which address mail is sent"),
          new Known(
              Configuration.ANTHROPIC_KEY,
              "",
              SECRET,
              "needed with AI_PROVIDER=anthropic; from the account there"),
          new Known(
              Configuration.OPENAI_KEY,
              "",
              SECRET,
              "needed with AI_PROVIDER=openai; from the account there"),
          new Known(
              Configuration.SERVER_KEY,
              "",
              SECRET,
              "from which verification codes are made; a new one does no harm: openssl rand -hex"
                  + " 32"),
          new Known(
              Configuration.METRICS_TOKEN,
              "",
              SECRET,
              "by which a monitor reads /metrics; a new one does no harm: openssl rand -hex 32"),
          new Known(
              "EMAIL_ENCRYPTION_KEY",
              "",
              SECRET,
              "needed with EMAIL_AUTH_ENABLED=true; the one from before, since with another one the"
                  + " addresses cannot be read"),
          new Known(
              "SMTP_PASSWORD",
              "",
              SECRET,
              "needed to send mail with EMAIL_AUTH_ENABLED=true; from the mail service"));

  /** Variables that the launcher reads; they are no settings. */
  private static final Set<String> OF_THE_LAUNCHER = Set.of("THYWILL_JAVA");

  /**
   * Settings of the Python original in whose place there is something else: name → what that is.
   */
  private static final Map<String, String> REPLACED =
      Map.of(
          "BASE_URL",
          "the address for members is named with serve --base-url",
          "PORT",
          "the port is named with serve --port",
          "INIT_DATABASE",
          "a database that is missing is made from the archive",
          "PRODUCTION_MODE",
          "with https in serve --base-url, cookies are sent over https only",
          "SMTP_PORT",
          "no mail is sent",
          "SMTP_USERNAME",
          "no mail is sent",
          "SMTP_USE_TLS",
          "no mail is sent");

  /** Settings of the Python original that decide nothing here. */
  private static final Set<String> OF_THE_ORIGINAL =
      Set.of(
          "DATABASE_PATH",
          "EMAIL_DATABASE_PATH",
          "AUTO_MIGRATE_ON_STARTUP",
          "JWT_SECRET",
          "REQUIRE_INVITE_LOGIN_VERIFICATION",
          "DAILY_PRIORITY_ENABLED",
          "DAILY_PRIORITY_AUTO_EXPIRE",
          "PRAYER_PERSON_DIFFERENTIATION_ENABLED",
          "PRAYER_CATEGORIZATION_ENABLED",
          "PRAYER_CATEGORY_BADGES_ENABLED",
          "SPECIFICITY_BADGES_ENABLED",
          "PRAYER_CATEGORY_FILTERING_ENABLED",
          "CATEGORY_FILTER_DROPDOWN_ENABLED",
          "FILTER_PERSISTENCE_ENABLED",
          "HIGH_SAFETY_FILTER_ENABLED",
          "SAFETY_SCORING_ENABLED",
          "AI_CATEGORIZATION_ENABLED",
          "KEYWORD_FALLBACK_ENABLED",
          "CATEGORIZATION_CIRCUIT_BREAKER_ENABLED",
          "CATEGORIZATION_METADATA_EXPORT",
          "SAFETY_BADGES_VISIBLE",
          "HISTORICAL_CATEGORIZATION_ENABLED",
          "ADMIN_CATEGORIZATION_OVERRIDE",
          "CATEGORIZATION_CACHING_ENABLED",
          "BACKGROUND_CATEGORIZATION_ENABLED",
          "BATCH_CATEGORIZATION_ENABLED",
          "OFFLINE_PWA_ENABLED",
          "EXPORT_RATE_LIMIT_MINUTES",
          "EXPORT_CACHE_TTL_MINUTES",
          "CHANGELOG_DEBUG",
          "CHANGELOG_AI_DISABLED");

  private KnownSettings() {}

  /** The setting with a name. */
  public static Optional<Known> find(String name) {
    return ALL.stream().filter(known -> known.name().equals(name)).findFirst();
  }

  /** The default of a setting, which is in force where nothing sets it; empty if there is none. */
  public static String standard(String name) {
    return find(name)
        .map(Known::standard)
        .orElseThrow(() -> new IllegalArgumentException(name + " is no setting"));
  }

  /** What was expected instead of a value; empty if it is valid, or the name is no setting. */
  public static Optional<String> expectedInsteadOf(String name, String value) {
    return find(name).flatMap(known -> known.kind().expectedInsteadOf(value));
  }

  /** Whether a setting belongs to one machine, and is never taken from an archive. */
  public static boolean isOfTheMachine(String name) {
    return find(name).filter(known -> known.kind().isPlace()).isPresent();
  }

  /** Whether only the environment of the server can set it: it is of the machine, or a secret. */
  public static boolean isSetByTheOperator(String name) {
    return find(name).filter(known -> known.kind().isPlace() || known.isSecret()).isPresent();
  }

  /**
   * Why a setting of the Python original decides nothing here, as the rest of a sentence; empty if
   * the original has no such setting, or it is one of ours, too.
   */
  static Optional<String> insteadOfOriginal(String name) {
    return OF_THE_ORIGINAL.contains(name)
        ? Optional.of("")
        : Optional.ofNullable(REPLACED.get(name)).map(instead -> "; " + instead);
  }

  /** Whether a name that is no setting begins as ours do, or differs little from one. */
  static boolean isProbablyMeant(String name) {
    return find(name).isEmpty()
        && !OF_THE_LAUNCHER.contains(name)
        && (OUR_PREFIXES.stream().anyMatch(name::startsWith) || nearest(name).isPresent());
  }

  /** The first setting from which a name differs little. */
  static Optional<String> nearest(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return ALL.stream()
        .map(Known::name)
        .filter(known -> typingErrors(known, upper) <= TYPING_ERRORS_MAX)
        .findFirst();
  }

  /** How many characters must be inserted, deleted or replaced, if not clearly too many. */
  private static int typingErrors(String a, String b) {
    if (Math.abs(a.length() - b.length()) > TYPING_ERRORS_MAX) {
      return TYPING_ERRORS_MAX + 1;
    }
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchanged = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(exchanged, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
