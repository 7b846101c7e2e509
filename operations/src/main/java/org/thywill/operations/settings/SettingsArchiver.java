package org.thywill.operations.settings;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.operations.settings.ArchivedSettings.Remembered;
import org.thywill.operations.settings.Configuration.Setting;

/**
 * Takes the settings in force to the archive at the start of a server, as changes like all others:
 * values with where they came from, features as flags, secrets by name only. What has not changed
 * since the last start leaves no trace. Admins' own changes are kept by the community when they are
 * made.
 */
public final class SettingsArchiver {
  private final Ledger ledger;
  private final Map<String, String> parameters;

  /**
   * For one community.
   *
   * @param parameters of the program that are no settings but decide what it makes, such as how
   *     long a token is
   */
  public SettingsArchiver(Ledger ledger, Map<String, String> parameters) {
    this.ledger = ledger;
    this.parameters = Map.copyOf(new TreeMap<>(parameters));
  }

  /**
   * Keeps them, and gives the settings that are in force from now on.
   *
   * @throws Configuration.Invalid if one that was given is wrong; then nothing was kept
   */
  public Configuration keep(Configuration given) throws IOException {
    requireRight(given);
    return ledger.compute(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("the settings at the start of the server"),
        tx -> {
          Configuration now = given.with(remembered(tx));
          for (Setting setting : now.settings()) {
            keep(tx, setting, now.missingSecrets());
          }
          for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            put(
                tx,
                Catalog.SETTINGS,
                parameter.getKey(),
                settingRow(Optional.of(parameter.getValue()), ArchivedSettings.DEFAULT));
          }
          return now;
        });
  }

  private static void requireRight(Configuration configuration) {
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
      tx.find(home(known), known.name())
          .ifPresent(row -> remembered.put(known.name(), ArchivedSettings.of(row)));
    }
    return new ArchivedSettings(remembered);
  }

  private static Table home(KnownSettings.Known known) {
    return known.kind() == SettingKind.FEATURE ? Catalog.FEATURE_FLAGS : Catalog.SETTINGS;
  }

  private static void keep(Transaction tx, Setting setting, List<String> missingSecrets)
      throws IOException {
    Table home = home(setting.known());
    Optional<Row> before = tx.find(home, setting.name());
    switch (setting.known().kind()) {
      case SECRET -> {
        if (setting.origin().equals(ArchivedSettings.ENVIRONMENT)
            || missingSecrets.contains(setting.name())) {
          put(tx, home, setting.name(), settingRow(Optional.empty(), setting.origin()));
        }
      }
      case FEATURE -> {
        if (!setting.origin().equals(ArchivedSettings.ADMIN)) {
          put(
              tx,
              home,
              setting.name(),
              Map.of(
                  "enabled",
                  SettingKind.isYes(setting.value().orElse("")),
                  "details",
                  ArchivedSettings.details(setting.origin())));
        }
      }
      case PLACE, ADDRESS -> {
        boolean isRemembered =
            setting.origin().equals(ArchivedSettings.DEFAULT)
                && before.map(ArchivedSettings::of).filter(Remembered::wasGiven).isPresent();
        put(
            tx,
            home,
            setting.name(),
            isRemembered
                ? settingRow(before.get().text("value"), ArchivedSettings.EARLIER)
                : settingRow(setting.value(), setting.origin()));
      }
      case TEXT, COUNT, DAYS, YES_NO, ALWAYS_YES, PROVIDER ->
          put(tx, home, setting.name(), settingRow(setting.value(), setting.origin()));
    }
  }

  private static Map<String, @Nullable Object> settingRow(Optional<String> value, String origin) {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("value", value.map(Configuration::withoutPassword).orElse(null));
    values.put("origin", origin);
    return values;
  }

  private static void put(
      Transaction tx, Table table, String name, Map<String, @Nullable Object> values)
      throws IOException {
    if (tx.find(table, name).isPresent()) {
      tx.change(table, name, values);
    } else {
      tx.add(Row.in(table).set("name", name).build().with(values));
    }
  }
}
