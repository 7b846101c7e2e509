package org.thywill.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings in force: each with its value and where that came from. Secrets are listed by name only. */
public final class Configuration {
  /**
   * A setting that this program knows.
   *
   * @param standard the value where none is given; empty if there is none
   */
  public record Known(String name, String standard, boolean secret, String meaning) {}

  /**
   * A setting in force.
   *
   * @param value empty for a secret, and where nothing is set
   * @param origin default, environment or command line
   */
  public record Setting(String name, Optional<String> value, String origin, boolean secret, String meaning) {}

  /** A setting that cannot be accepted. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  public static final String ARCHIVE = "TEXT_ARCHIVE_BASE_DIR";
  public static final String DATABASE = "DATABASE_URL";
  public static final String LOCATIONS = "ARCHIVE_LOCATIONS";
  private static final String ARCHIVE_ENABLED = "TEXT_ARCHIVE_ENABLED";

  /** All settings, in the order in which they are shown. */
  public static final List<Known> KNOWN = List.of(
      new Known(ARCHIVE, "./text_archives", false, "where the archive is"),
      new Known(DATABASE, "sqlite:community.db", false, "where the view is"),
      new Known(LOCATIONS, "", false, "folders with copies of the archive, parted by commas, for recovery-report"),
      new Known(ARCHIVE_ENABLED, "true", false, "always true: the text is the truth"),
      new Known("MULTI_DEVICE_AUTH_ENABLED", "true", false, "whether members may ask to sign in on a new device"),
      new Known("REQUIRE_APPROVAL_FOR_EXISTING_USERS", "true", false, "whether such a sign-in needs approval"),
      new Known("PEER_APPROVAL_COUNT", "2", false, "how many members must approve a sign-in"),
      new Known("SESSION_DAYS", "90", false, "how long a member stays signed in"),
      new Known("INVITE_TOKEN_EXPIRATION_HOURS", "12", false, "how long an invite can be used"),
      new Known("DEFAULT_INVITE_MAX_USES", "1", false, "how often an invite can be used"),
      new Known("MEMBERSHIP_APPLICATIONS_ENABLED", "true", false, "whether strangers may apply"),
      new Known("EMAIL_AUTH_ENABLED", "false", false, "whether members may keep an e-mail address to sign in"),
      new Known("PRAYER_MODE_ENABLED", "true", false, "whether members may pray one prayer after the other"),
      new Known("PAYPAL_USERNAME", "", false, "for the giving page"),
      new Known("VENMO_HANDLE", "", false, "for the giving page"),
      new Known("AI_PROVIDER", "built-in", false, "what makes the prayer text: built-in, anthropic or openai"),
      new Known("ANTHROPIC_API_KEY", "", true, "needed with AI_PROVIDER=anthropic"),
      new Known("OPENAI_API_KEY", "", true, "needed with AI_PROVIDER=openai"),
      new Known("THYWILL_SERVER_KEY", "", true, "from which verification codes are made"),
      new Known("EMAIL_ENCRYPTION_KEY", "", true, "needed with EMAIL_AUTH_ENABLED=true; without it addresses cannot be read"),
      new Known("SMTP_PASSWORD", "", true, "needed to send mail with EMAIL_AUTH_ENABLED=true"));

  private final List<Setting> settings = new ArrayList<>();

  /**
   * Reads the settings in force.
   *
   * @param environment the variables of the process
   * @param commandLine settings that were given as options, by name
   * @throws Invalid if one cannot be accepted
   */
  public Configuration(Map<String, String> environment, Map<String, String> commandLine) {
    for (Known known : KNOWN) {
      boolean optioned = commandLine.containsKey(known.name());
      boolean set = !environment.getOrDefault(known.name(), "").isEmpty();
      String value = optioned ? commandLine.get(known.name()) : set ? environment.get(known.name()) : known.standard();
      String origin = optioned ? "command line" : set ? "environment" : known.secret() ? "not set" : "default";
      settings.add(new Setting(known.name(), known.secret() || value == null || value.isEmpty() ? Optional.empty() : Optional.of(value), origin,
          known.secret(), known.meaning()));
    }
    if (environment.getOrDefault(ARCHIVE_ENABLED, "true").equalsIgnoreCase("false")) {
      throw new Invalid(ARCHIVE_ENABLED + "=false is refused: the text is the community's memory, the database only a view of it");
    }
  }

  public List<Setting> settings() {
    return settings;
  }

  public String value(String name) {
    return settings.stream().filter(setting -> setting.name().equals(name)).findFirst().flatMap(Setting::value).orElse("");
  }

  /** Secrets that are needed with the settings in force and were not given, by name. */
  public List<String> missingSecrets() {
    List<String> missing = new ArrayList<>();
    require(missing, "THYWILL_SERVER_KEY", true);
    require(missing, "ANTHROPIC_API_KEY", value("AI_PROVIDER").equals("anthropic"));
    require(missing, "OPENAI_API_KEY", value("AI_PROVIDER").equals("openai"));
    require(missing, "EMAIL_ENCRYPTION_KEY", value("EMAIL_AUTH_ENABLED").equals("true"));
    require(missing, "SMTP_PASSWORD", value("EMAIL_AUTH_ENABLED").equals("true"));
    return missing;
  }

  private void require(List<String> missing, String name, boolean needed) {
    boolean given = settings.stream().anyMatch(setting -> setting.name().equals(name) && setting.origin().equals("environment"));
    if (needed && !given) {
      missing.add(name);
    }
  }
}
