package org.thywill.community.settings;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.view.ViewReader;

/**
 * A feature as admins see it.
 *
 * @param details what an admin wrote beside it; empty for nothing
 * @param meaning what it decides; empty for one that decides nothing here
 * @param mayBeTurned whether this program has it, and an admin can turn it on or off because the
 *     environment of the server does not
 */
public record FeatureView(
    String name, boolean enabled, String details, String meaning, boolean mayBeTurned) {

  /**
   * All features of the program and all others that have a row, such as imported ones, in the order
   * of their names. A feature of the program that has no row is on.
   */
  public static List<FeatureView> all(ViewReader view) throws IOException {
    Map<String, FeatureView> features = new TreeMap<>();
    for (Feature feature : Feature.values()) {
      String name = feature.setting();
      features.put(name, new FeatureView(name, true, "", meaning(name), true));
    }
    view.forEach(Catalog.FEATURE_FLAGS, row -> features.put(row.key(), of(row)));
    return List.copyOf(features.values());
  }

  private static FeatureView of(Row row) {
    return new FeatureView(
        row.key(),
        row.is(Catalog.FeatureFlags.ENABLED),
        row.get(Catalog.FeatureFlags.DETAILS).orElse(""),
        meaning(row.key()),
        Feature.isKnown(row.key()) && !ArchivedSettings.isHeldByEnvironment(row));
  }

  private static String meaning(String name) {
    return KnownSettings.find(name).map(KnownSettings.Known::meaning).orElse("");
  }
}
