package org.thywill.operations.settings;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.operations.settings.ArchivedSettings.Remembered;
import org.thywill.operations.settings.Configuration.Setting;

/**
 * Writes the settings in force to the archive when a server starts.
 *
 * <p>They are changes like all others: values with their origin, features as flags, secrets by name
 * only. A setting that has not changed since the last start makes no change. What admins set is
 * written by the community when they set it.
 */
public final class SettingsArchiver {
  private final Ledger ledger;
  private final Map<String, String> parameters;

  /**
   * Creates the archiver of one community.
   *
   * @param parameters constants of the program that decide what it makes, such as the length of a
   *     token
   */
  public SettingsArchiver(Ledger ledger, Map<String, String> parameters) {
    this.ledger = ledger;
    this.parameters = Map.copyOf(new TreeMap<>(parameters));
  }

  /**
   * Writes the settings, and returns those that are in force from now on.
   *
   * @param given on the command line and in the environment
   * @throws Configuration.Invalid if one of them is wrong; nothing was written then
   */
  public Configuration keep(Configuration given) throws IOException {
    requireRight(given);
    return ledger.compute(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("the settings at the start of the server"),
        tx -> write(tx, given));
  }

  private Configuration write(Transaction tx, Configuration given) throws IOException {
    Configuration inForce = given.with(remembered(tx));
    for (Setting setting : inForce.settings()) {
      write(tx, setting, inForce.missingSecrets());
    }
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      Values values = settingValues(parameter.getValue(), ArchivedSettings.DEFAULT);
      put(tx, Catalog.SETTINGS, parameter.getKey(), values);
    }
    return inForce;
  }

  /**
   * Requires that no setting has a wrong value.
   *
   * @throws Configuration.Invalid if one has
   */
  public static void requireRight(Configuration configuration) {
    String wrong =
        configuration.findings().stream()
            .filter(finding -> finding.code().equals(Configuration.WRONG))
            .map(Finding::message)
            .collect(Collectors.joining("; "));
    if (!wrong.isEmpty()) {
      throw new Configuration.Invalid(wrong);
    }
  }

  private static ArchivedSettings remembered(Transaction tx) throws IOException {
    Map<String, Remembered> remembered = new HashMap<>();
    for (KnownSettings.Known known : KnownSettings.ALL) {
      tx.find(table(known), known.name())
          .ifPresent(row -> remembered.put(known.name(), ArchivedSettings.of(row)));
    }
    return new ArchivedSettings(remembered);
  }

  private static Table table(KnownSettings.Known known) {
    return known.kind() == SettingKind.FEATURE ? Catalog.FEATURE_FLAGS : Catalog.SETTINGS;
  }

  private static void write(Transaction tx, Setting setting, List<String> missingSecrets)
      throws IOException {
    Table table = table(setting.known());
    switch (setting.known().kind()) {
      case SECRET -> {
        if (setting.origin().equals(ArchivedSettings.ENVIRONMENT)
            || missingSecrets.contains(setting.name())) {
          put(tx, table, setting.name(), settingValues(null, setting.origin()));
        }
      }
      case FEATURE -> {
        if (!setting.origin().equals(ArchivedSettings.ADMIN)) {
          put(
              tx,
              table,
              setting.name(),
              Values.of(
                      Catalog.FeatureFlags.ENABLED,
                      SettingKind.isYes(Objects.requireNonNullElse(setting.value(), "")))
                  .and(Catalog.FeatureFlags.DETAILS, ArchivedSettings.details(setting.origin())));
        }
      }
      case PLACE, ADDRESS -> {
        Optional<Remembered> earlier =
            tx.find(table, setting.name())
                .map(ArchivedSettings::of)
                .filter(
                    remembered ->
                        remembered.wasGiven() && setting.origin().equals(ArchivedSettings.DEFAULT));
        Values values =
            earlier.isPresent()
                ? settingValues(earlier.get().value(), ArchivedSettings.EARLIER)
                : settingValues(setting.value(), setting.origin());
        put(tx, table, setting.name(), values);
      }
      case TEXT, COUNT, DAYS, YES_NO, ALWAYS_YES, PROVIDER ->
          put(tx, table, setting.name(), settingValues(setting.value(), setting.origin()));
    }
  }

  private static Values settingValues(@Nullable String value, String origin) {
    String kept = value == null ? null : Configuration.withoutPassword(value);
    return Values.of(Catalog.Settings.VALUE, kept).and(Catalog.Settings.ORIGIN, origin);
  }

  private static void put(Transaction tx, Table table, String name, Values values)
      throws IOException {
    if (tx.find(table, name).isPresent()) {
      tx.change(table, name, values);
    } else {
      Column<String> key =
          table == Catalog.SETTINGS ? Catalog.Settings.NAME : Catalog.FeatureFlags.NAME;
      tx.add(Row.in(table).set(key, name).build().with(values));
    }
  }
}
