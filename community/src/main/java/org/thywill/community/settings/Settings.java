package org.thywill.community.settings;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.ledger.Ledger;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.operations.settings.SettingKind;
import org.thywill.view.RowLookup;

/**
 * Reads and changes the settings and features of the community.
 *
 * <p>Secrets are not settings: they are kept outside of the archive. Where a method throws, nothing
 * was changed.
 */
public final class Settings {
  /** How many members must approve a sign-in. */
  public static final String PEER_APPROVAL_COUNT = "PEER_APPROVAL_COUNT";

  /** Whether an approver must type the digits that the new device shows. */
  public static final String REQUIRE_VERIFICATION_CODE = "REQUIRE_VERIFICATION_CODE";

  /** How many days a member must have been here to approve a sign-in as a peer. */
  public static final String PEER_MIN_DAYS = "PEER_MIN_DAYS";

  /** How many minutes the digits of a new device are shown before others are. */
  public static final String VERIFICATION_CODE_MINUTES = "VERIFICATION_CODE_MINUTES";

  /** The lifetime of an invite. */
  public static final String INVITE_TOKEN_EXPIRATION_HOURS = "INVITE_TOKEN_EXPIRATION_HOURS";

  /** The number of uses of an invite. */
  public static final String DEFAULT_INVITE_MAX_USES = "DEFAULT_INVITE_MAX_USES";

  /** How many people may join by the open invites of one member. */
  public static final String INVITE_PEOPLE_MAX = "INVITE_PEOPLE_MAX";

  /** How many open invites one member may have. */
  public static final String INVITE_OPEN_MAX = "INVITE_OPEN_MAX";

  /** How many days the invite of a member can be used. */
  public static final String INVITE_DAYS_MAX = "INVITE_DAYS_MAX";

  /** {@link #INVITE_PEOPLE_MAX} for members who may manage members. */
  public static final String MANAGER_INVITE_PEOPLE_MAX = "MANAGER_INVITE_PEOPLE_MAX";

  /** {@link #INVITE_OPEN_MAX} for members who may manage members. */
  public static final String MANAGER_INVITE_OPEN_MAX = "MANAGER_INVITE_OPEN_MAX";

  /** {@link #INVITE_DAYS_MAX} for members who may manage members. */
  public static final String MANAGER_INVITE_DAYS_MAX = "MANAGER_INVITE_DAYS_MAX";

  /** How many days a session lasts at most. */
  public static final String SESSION_DAYS = "SESSION_DAYS";

  /** After how many days without use a session ends. */
  public static final String SESSION_IDLE_DAYS = "SESSION_IDLE_DAYS";

  /** On how many devices a member can be signed in at a time. */
  public static final String SESSION_DEVICES_MAX = "SESSION_DEVICES_MAX";

  private static final Set<String> SECRET_WORDS =
      Set.of(
          "key",
          "keys",
          "secret",
          "secrets",
          "password",
          "passwords",
          "passwd",
          "pwd",
          "passphrase",
          "private",
          "credential",
          "credentials",
          "pepper",
          "salt");
  private static final Set<String> SECRET_ENDINGS = Set.of("token", "tokens");
  private static final Pattern BOUNDARY = Pattern.compile("[_.]|(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern URL_WITH_PASSWORD =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/@\\s]*:[^/@\\s]+@.*", Pattern.DOTALL);
  private static final String ORIGIN_ADMIN = "admin";
  private static final int NAME_MAX = 100;
  private static final int VALUE_MAX = 4_000;

  private final Ledger ledger;

  public Settings(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Sets a setting.
   *
   * @throws ForbiddenException if the member may not change settings
   * @throws InvalidInputException if the name is that of a feature, the name or the value is that
   *     of a secret, the setting cannot have this value, or only the environment of the server can
   *     set it
   */
  public void set(String admin, String name, String value) throws IOException {
    requireNoSecret(name, value);
    requireNoFeature(name);
    requireMeaning(name, value);
    ledger.write(
        Change.Cause.by(admin),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_SYSTEM, tx.atMicros());
          Optional<Row> before = tx.find(Catalog.SETTINGS, name);
          requireNotOfTheEnvironment(before);
          if (before.isPresent()) {
            tx.change(
                Catalog.SETTINGS,
                name,
                Values.of(Catalog.Settings.VALUE, value)
                    .and(Catalog.Settings.ORIGIN, ORIGIN_ADMIN));
          } else {
            tx.add(
                Row.in(Catalog.SETTINGS)
                    .set(Catalog.Settings.NAME, name)
                    .set(Catalog.Settings.VALUE, value)
                    .set(Catalog.Settings.ORIGIN, ORIGIN_ADMIN)
                    .build());
          }
        });
  }

  /**
   * Removes a setting, so that its default holds again.
   *
   * @throws ForbiddenException if the member may not change settings
   * @throws InvalidInputException if it is not set, or if the environment of the server sets it
   */
  public void unset(String admin, String name) throws IOException {
    ledger.write(
        Change.Cause.by(admin),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_SYSTEM, tx.atMicros());
          Optional<Row> before = tx.find(Catalog.SETTINGS, name);
          if (before.isEmpty()) {
            throw new InvalidInputException(name + " is not set.");
          }
          requireNotOfTheEnvironment(before);
          tx.remove(Catalog.SETTINGS, name);
        });
  }

  /**
   * Turns a feature on or off.
   *
   * @param details why, or what else to know; may be empty
   * @throws ForbiddenException if the member may not change features
   * @throws InvalidInputException if the environment of the server turns it on or off
   */
  public void setFeature(String admin, String name, boolean enabled, String details)
      throws IOException {
    TextValidation.require(name, "the name of the feature", NAME_MAX);
    TextValidation.requireShort(details, "the remark", VALUE_MAX);
    ledger.write(
        Change.Cause.by(admin),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_SYSTEM, tx.atMicros());
          Values values =
              Values.of(Catalog.FeatureFlags.ENABLED, enabled)
                  .and(Catalog.FeatureFlags.DETAILS, details.isEmpty() ? null : details);
          Optional<Row> before = tx.find(Catalog.FEATURE_FLAGS, name);
          requireNotOfTheEnvironment(before);
          if (before.isPresent()) {
            tx.change(Catalog.FEATURE_FLAGS, name, values);
          } else {
            tx.add(
                Row.in(Catalog.FEATURE_FLAGS)
                    .set(Catalog.FeatureFlags.NAME, name)
                    .build()
                    .with(values));
          }
        });
  }

  /** The value of a setting; empty if it is not set. */
  public static Optional<String> value(RowLookup rows, String name) throws IOException {
    return rows.find(Catalog.SETTINGS, name).flatMap(row -> row.get(Catalog.Settings.VALUE));
  }

  /**
   * A known setting as a number, such as one from 1 to 99999; its default if it is not set, or if
   * an import left a value that it cannot have.
   */
  public static long number(RowLookup rows, String name) throws IOException {
    return Long.parseLong(valid(rows, name));
  }

  /** Whether a known setting is set to a word that means yes, or means yes by default. */
  public static boolean isYes(RowLookup rows, String name) throws IOException {
    return SettingKind.isYes(valid(rows, name));
  }

  /** The value of a known setting; its default if it is not set, or set to an impossible value. */
  private static String valid(RowLookup rows, String name) throws IOException {
    return value(rows, name)
        .map(String::strip)
        .filter(value -> KnownSettings.expectedInsteadOf(name, value).isEmpty())
        .orElseGet(() -> KnownSettings.standard(name));
  }

  /** Whether a feature is on; its default if it has no row. */
  public static boolean isOn(RowLookup rows, String feature) throws IOException {
    return rows.find(Catalog.FEATURE_FLAGS, feature)
        .map(row -> row.is(Catalog.FeatureFlags.ENABLED))
        .orElseGet(() -> isOnByDefault(feature));
  }

  /** Whether a feature is on as long as nothing sets it. */
  static boolean isOnByDefault(String feature) {
    return SettingKind.isYes(KnownSettings.standard(feature));
  }

  /**
   * Whether a setting of that name is a secret: one of its words is KEY, SECRET, PASSWORD and the
   * like, or the last one is TOKEN.
   */
  public static boolean isSecret(String name) {
    String[] words = BOUNDARY.split(name, -1);
    return Arrays.stream(words)
            .anyMatch(word -> SECRET_WORDS.contains(word.toLowerCase(Locale.ROOT)))
        || SECRET_ENDINGS.contains(words[words.length - 1].toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses a setting that the environment of the server sets: at the next start it would replace
   * the admin's value without a message.
   */
  private static void requireNotOfTheEnvironment(Optional<Row> before) {
    if (before.filter(ArchivedSettings::isHeldByEnvironment).isPresent()) {
      throw new InvalidInputException(
          before.get().key()
              + " is set in the environment of the server. Please ask the operator to change it"
              + " there.");
    }
  }

  private static void requireNoSecret(String name, String value) {
    TextValidation.require(name, "the name of the setting", NAME_MAX);
    TextValidation.requireShort(value, "the value", VALUE_MAX);
    if (isSecret(name) || URL_WITH_PASSWORD.matcher(value).matches()) {
      throw new InvalidInputException(
          name
              + " is a secret. Secrets are never written into the archive; set it in the"
              + " environment of the server.");
    }
  }

  /** Refuses the name of a feature, because a setting of that name has no effect. */
  private static void requireNoFeature(String name) {
    if (KnownSettings.find(name).filter(known -> known.kind() == SettingKind.FEATURE).isPresent()) {
      throw new InvalidInputException(name + " is a feature. Turn it on or off under Features.");
    }
  }

  /**
   * Refuses what the server would not accept at its next start, or would not read from the archive.
   */
  private static void requireMeaning(String name, String value) {
    if (KnownSettings.isOfTheMachine(name)) {
      throw new InvalidInputException(
          name
              + " belongs to the machine of the server. Please ask the operator to set it in the"
              + " environment there.");
    }
    KnownSettings.expectedInsteadOf(name, value)
        .ifPresent(
            expected -> {
              throw new InvalidInputException(name + " needs " + expected + ".");
            });
  }
}
