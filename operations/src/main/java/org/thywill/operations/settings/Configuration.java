package org.thywill.operations.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.Finding;
import org.thywill.operations.settings.ArchivedSettings.Remembered;
import org.thywill.operations.settings.KnownSettings.Known;

/**
 * The settings in force, each with its value and where that came from. Secrets are listed by name
 * only.
 *
 * <p>The command line wins over the environment, that over what the archive remembers, and that
 * over the default. So a community that was recovered on a new machine goes on with the settings
 * that it had; only places and secrets are a machine's own, and must be given again.
 */
public final class Configuration {
  public static final String ARCHIVE = "TEXT_ARCHIVE_BASE_DIR";
  public static final String DATABASE = "DATABASE_URL";
  public static final String LOCATIONS = "ARCHIVE_LOCATIONS";

  /** How long after its end a sealed month is compressed. */
  public static final String COMPRESSION_AFTER_DAYS = "TEXT_ARCHIVE_COMPRESSION_AFTER_DAYS";

  /** From which verification codes and the tokens of forms are made. */
  public static final String SERVER_KEY = "THYWILL_SERVER_KEY";

  /** By which a monitor may read the figures. */
  public static final String METRICS_TOKEN = "THYWILL_METRICS_TOKEN";

  /** Who writes the prayers beside requests. */
  public static final String WRITER = "AI_PROVIDER";

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
   * @param value empty for a secret, and where nothing is set; a password within an address is left
   *     out
   * @param origin command line, environment, earlier environment (remembered from an earlier
   *     start), admin, default, or not set (of a secret)
   */
  public record Setting(Known known, Optional<String> value, String origin) {
    public String name() {
      return known.name();
    }

    public boolean isSecret() {
      return known.isSecret();
    }
  }

  /** Settings that cannot be accepted. */
  public static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Invalid(String message) {
      super(message);
    }
  }

  /**
   * Reads the settings in force where nothing is remembered.
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

  /** The same, with what the archive remembers. */
  public Configuration with(ArchivedSettings remembered) {
    return new Configuration(environment, commandLine, remembered);
  }

  private Setting inForce(Known known) {
    Optional<String> given = given(known.name());
    if (known.isSecret()) {
      return new Setting(
          known,
          Optional.empty(),
          given.isPresent() ? ArchivedSettings.ENVIRONMENT : ArchivedSettings.NOT_SET);
    }
    if (given.isPresent()) {
      return new Setting(
          known,
          given,
          commandLine.containsKey(known.name())
              ? ArchivedSettings.COMMAND_LINE
              : ArchivedSettings.ENVIRONMENT);
    }
    Optional<Remembered> remembered =
        remembered(known.name())
            .filter(
                found ->
                    !known.kind().isPlace()
                        && found.value().isPresent()
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
                    Optional.of(known.standard()).filter(standard -> !standard.isEmpty()),
                    ArchivedSettings.DEFAULT));
  }

  /**
   * After how long a sealed month is to be compressed; empty for never.
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

  /** What the command line or the environment says; an empty text says nothing. */
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

  public String value(String name) {
    return settings.stream()
        .filter(setting -> setting.name().equals(name))
        .findFirst()
        .flatMap(Setting::value)
        .orElse("");
  }

  /** A secret, for those who need it; never to be shown. Empty if it was not given. */
  public Optional<String> secret(String name) {
    return given(name);
  }

  /**
   * Secrets that are needed with the settings in force, or were there at an earlier start, and are
   * not given, by name.
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
      case ANTHROPIC_KEY -> value(WRITER).equals("anthropic");
      case OPENAI_KEY -> value(WRITER).equals("openai");
      case "EMAIL_ENCRYPTION_KEY", "SMTP_PASSWORD" ->
          SettingKind.isYes(value("EMAIL_AUTH_ENABLED"));
      default ->
          throw new IllegalStateException("nobody says when the secret " + secret + " is needed");
    };
  }

  /**
   * What a person must provide on this machine, and how: a sentence for each missing secret and
   * each place that was named at an earlier start.
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

  /** What a place was that was named at an earlier start and is not now. */
  private Optional<String> lost(Setting setting) {
    if (!setting.known().kind().isPlace() || !setting.origin().equals(ArchivedSettings.DEFAULT)) {
      return Optional.empty();
    }
    return remembered(setting.name())
        .filter(Remembered::wasGiven)
        .flatMap(Remembered::value)
        .filter(was -> !was.equals(setting.value().orElse("")));
  }

  /**
   * Everything that a person should look at: wrong values (errors), unknown names, what is missing,
   * what is only remembered.
   */
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
                    + shown(setting.value().orElse(""))));
      }
    }
    return findings;
  }

  private static Optional<Finding> wrong(Setting setting) {
    return setting
        .value()
        .filter(value -> !setting.isSecret())
        .flatMap(
            value ->
                setting
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
                                .next("thywill config")));
  }

  private static Optional<Finding> unknown(String name) {
    if (KnownSettings.isOfTheOriginal(name)) {
      return Optional.of(
          Finding.note(
              "setting-unused",
              ".",
              0,
              name + " is a setting of the Python original that decides nothing here"));
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

  /** A value as it may be kept: without the password of an address. */
  static String withoutPassword(String value) {
    return value.replaceAll("(://[^/@:\\s]*:)[^/@\\s]+@", "$1***@");
  }

  /**
   * A value as it may be shown: on one line, not too long, and without the password of an address.
   */
  public static String shown(String value) {
    String line = FieldEscaping.escape(withoutPassword(value));
    return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "…";
  }
}
