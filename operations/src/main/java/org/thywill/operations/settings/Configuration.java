package org.thywill.operations.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.Finding;
import org.thywill.operations.settings.ArchivedSettings.Remembered;
import org.thywill.operations.settings.KnownSettings.Known;

/**
 * The settings in force, each with its value and origin; secrets are listed by name only.
 *
 * <p>The command line takes precedence over the environment, the environment over the archive, and
 * the archive over the default. So a community that was recovered on a new machine goes on with its
 * settings. Only paths, addresses and secrets belong to one machine, and must be given again.
 */
public final class Configuration {
  public static final String ARCHIVE = "TEXT_ARCHIVE_BASE_DIR";
  public static final String DATABASE = "DATABASE_URL";
  public static final String LOCATIONS = "ARCHIVE_LOCATIONS";

  /** How long after its end a sealed month is compressed. */
  public static final String COMPRESSION_AFTER_DAYS = "TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS";

  /** The key from which verification codes and the tokens of forms are made. */
  public static final String SERVER_KEY = "THYWILL_SERVER_KEY";

  /** The token with which a monitor reads the metrics. */
  public static final String METRICS_TOKEN = "THYWILL_METRICS_TOKEN";

  /** What generates prayers. */
  public static final String GENERATOR = "AI_PROVIDER";

  public static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
  public static final String ANTHROPIC_MODEL = "ANTHROPIC_MODEL";
  public static final String OPENAI_KEY = "OPENAI_API_KEY";
  public static final String OPENAI_MODEL = "OPENAI_MODEL";
  public static final String OPENAI_BASE = "OPENAI_API_BASE";
  static final String ARCHIVE_ENABLED = "TEXT_ARCHIVE_ENABLED";
  static final String WRONG = "setting-wrong";
  private static final int SHOWN_MAX = 200;

  private final Map<String, String> environment;
  private final Map<String, String> commandLine;
  private final ArchivedSettings archived;
  private final List<Setting> settings = new ArrayList<>();

  /**
   * A setting in force.
   *
   * @param value null for a secret, and where nothing is set
   * @param origin command line, environment, earlier environment (remembered from an earlier
   *     start), admin, default, or not set (of a secret)
   */
  public record Setting(Known known, @Nullable String value, String origin) {
    public String name() {
      return known.name();
    }

    public boolean isSecret() {
      return known.isSecret();
    }
  }

  /** Thrown when settings are invalid. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads the settings in force without those of an archive.
   *
   * @param environment the variables of the process
   * @param commandLine settings that were given as options, by name
   * @throws Invalid if the archive is turned off
   */
  public Configuration(Map<String, String> environment, Map<String, String> commandLine) {
    this(environment, commandLine, ArchivedSettings.NONE);
  }

  private Configuration(
      Map<String, String> environment, Map<String, String> commandLine, ArchivedSettings archived) {
    this.environment = Map.copyOf(environment);
    this.commandLine = Map.copyOf(commandLine);
    this.archived = archived;
    KnownSettings.ALL.forEach(known -> settings.add(inForce(known)));
    if (SettingKind.isNo(value(ARCHIVE_ENABLED))) {
      throw new Invalid(
          ARCHIVE_ENABLED
              + "="
              + value(ARCHIVE_ENABLED)
              + " is refused: the text is the community's memory, the database only a view of it");
    }
  }

  /** The same, completed by the settings of an archive. */
  public Configuration with(ArchivedSettings remembered) {
    return new Configuration(environment, commandLine, remembered);
  }

  private Setting inForce(Known known) {
    Optional<String> given = given(known.name());
    if (known.isSecret()) {
      return new Setting(
          known, null, given.isPresent() ? ArchivedSettings.ENVIRONMENT : ArchivedSettings.NOT_SET);
    }
    if (given.isPresent()) {
      return new Setting(
          known,
          given.get(),
          commandLine.containsKey(known.name())
              ? ArchivedSettings.COMMAND_LINE
              : ArchivedSettings.ENVIRONMENT);
    }
    Optional<Remembered> remembered =
        remembered(known.name())
            .filter(
                found ->
                    !known.kind().isPlace()
                        && found.value() != null
                        && !found.origin().equals(ArchivedSettings.DEFAULT));
    return remembered
        .map(
            found ->
                new Setting(
                    known,
                    found.value(),
                    found.wasGiven() ? ArchivedSettings.EARLIER : found.origin()))
        .orElseGet(
            () ->
                new Setting(
                    known,
                    known.standard().isEmpty() ? null : known.standard(),
                    ArchivedSettings.DEFAULT));
  }

  /**
   * How long after its end a sealed month is compressed; empty for never.
   *
   * @throws Invalid if the setting is no number of days
   */
  public Optional<Duration> compressionAfter() {
    String value = value(COMPRESSION_AFTER_DAYS);
    SettingKind.DAYS
        .expectedInsteadOf(value)
        .ifPresent(
            expected -> {
              throw new Invalid(
                  COMPRESSION_AFTER_DAYS
                      + "="
                      + shown(value)
                      + " is refused: expected "
                      + expected);
            });
    long days = Long.parseLong(value);
    return days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
  }

  /** The value on the command line or in the environment; an empty one counts as missing. */
  private Optional<String> given(String name) {
    return Optional.ofNullable(commandLine.getOrDefault(name, environment.get(name)))
        .filter(value -> !value.isEmpty());
  }

  private Optional<Remembered> remembered(String name) {
    return Optional.ofNullable(archived.byName().get(name));
  }

  public List<Setting> settings() {
    return settings;
  }

  /** The value of a setting; empty for a secret, for an unknown name, and where nothing is set. */
  public String value(String name) {
    return settings.stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting::value)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  /** The value of a secret, which is never shown; empty if it was not given. */
  public Optional<String> secret(String name) {
    return given(name);
  }

  /**
   * The names of secrets that are not given, although they are needed or were given earlier.
   *
   * <p>Which are needed follows from the settings in force.
   */
  public List<String> missingSecrets() {
    return settings.stream()
        .filter(setting -> setting.isSecret() && setting.origin().equals(ArchivedSettings.NOT_SET))
        .map(Setting::name)
        .filter(name -> isNeeded(name) || remembered(name).isPresent())
        .toList();
  }

  private boolean isNeeded(String secret) {
    return switch (secret) {
      case SERVER_KEY -> true;
      case METRICS_TOKEN -> false;
      case ANTHROPIC_KEY -> value(GENERATOR).equals("anthropic");
      case OPENAI_KEY -> value(GENERATOR).equals("openai");
      case "EMAIL_ENCRYPTION_KEY", "SMTP_PASSWORD" ->
          SettingKind.isYes(value("EMAIL_AUTH_ENABLED"));
      default ->
          throw new IllegalStateException(
              "it is not known when the secret " + secret + " is needed");
    };
  }

  /**
   * What an operator must provide on this machine, and how.
   *
   * <p>There is one sentence for each missing secret, and for each path or address that was given
   * at an earlier start and is not given now.
   */
  public List<String> toProvide() {
    List<String> sentences = new ArrayList<>();
    for (String name : missingSecrets()) {
      sentences.add(
          "Set the secret "
              + name
              + " in the environment of the server: "
              + KnownSettings.find(name).orElseThrow().meaning()
              + ".");
    }
    for (Setting setting : settings) {
      lost(setting)
          .ifPresent(
              was ->
                  sentences.add(
                      "Set "
                          + setting.name()
                          + " in the environment of the server ("
                          + setting.known().meaning()
                          + "); it was "
                          + was
                          + "."));
    }
    return sentences;
  }

  /** The path or address that was given at an earlier start and is not given now. */
  private Optional<String> lost(Setting setting) {
    if (!setting.known().kind().isPlace() || !setting.origin().equals(ArchivedSettings.DEFAULT)) {
      return Optional.empty();
    }
    return remembered(setting.name())
        .filter(Remembered::wasGiven)
        .map(Remembered::value)
        .filter(was -> !was.equals(setting.value()));
  }

  /** Wrong values (errors), unknown names, what is missing, and what only the archive has. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    settings.forEach(setting -> wrong(setting).ifPresent(findings::add));
    environment.keySet().stream().sorted().forEach(name -> unknown(name).ifPresent(findings::add));
    for (String name : missingSecrets()) {
      findings.add(
          Finding.warning(
                  "secret-missing",
                  ".",
                  0,
                  "the secret "
                      + name
                      + " is not set in the environment; "
                      + KnownSettings.find(name).orElseThrow().meaning())
              .next("thywill config"));
    }
    for (Setting setting : settings) {
      lost(setting)
          .ifPresent(
              was ->
                  findings.add(
                      Finding.warning(
                              "setting-lost",
                              ".",
                              0,
                              setting.name()
                                  + " was "
                                  + was
                                  + " at an earlier start and is not set now")
                          .next("export " + setting.name() + "=" + was)));
      if (setting.origin().equals(ArchivedSettings.EARLIER)) {
        findings.add(
            Finding.note(
                "setting-remembered",
                ".",
                0,
                setting.name()
                    + " is not set now; its value of an earlier start still holds: "
                    + shown(Objects.requireNonNullElse(setting.value(), ""))));
      }
    }
    return findings;
  }

  private static Optional<Finding> wrong(Setting setting) {
    String value = setting.value();
    if (value == null) {
      return Optional.empty();
    }
    return setting
        .known()
        .kind()
        .expectedInsteadOf(value)
        .map(
            expected ->
                Finding.error(
                        WRONG,
                        ".",
                        0,
                        setting.name()
                            + ": found "
                            + shown(value)
                            + " ("
                            + setting.origin()
                            + "), expected "
                            + expected
                            + ": "
                            + setting.known().meaning())
                    .next("thywill config"));
  }

  private static Optional<Finding> unknown(String name) {
    Optional<String> instead = KnownSettings.insteadOfOriginal(name);
    if (instead.isPresent()) {
      return Optional.of(
          Finding.note(
              "setting-unused",
              ".",
              0,
              name
                  + " is a setting of the Python original that decides nothing here"
                  + instead.get()));
    }
    return KnownSettings.isProbablyMeant(name)
        ? Optional.of(
            Finding.warning(
                    "setting-unknown",
                    ".",
                    0,
                    FieldEscaping.escape(name)
                        + " is no setting of this program"
                        + KnownSettings.nearest(name).map(near -> "; " + near + " is").orElse(""))
                .next("thywill config"))
        : Optional.empty();
  }

  /** A value as the archive keeps it: without the password of an address. */
  static String withoutPassword(String value) {
    return value.replaceAll("(://[^/@:\\s]*:)[^/@\\s]+@", "$1***@");
  }

  /** A value as it is shown: on one line, at most 200 characters, and without a password. */
  public static String shown(String value) {
    String line = FieldEscaping.escape(withoutPassword(value));
    return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…";
  }
}
