package org.thywill.community.settings;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.thywill.catalog.Catalog;
import org.thywill.view.Query;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * Something that an admin can turn off for the whole community, and on again. Each is on until
 * somebody turns it off. What is off is not there: its pages are not found, and nothing leads to
 * them; the door alone stays, and says that nobody can ask.
 */
public enum Feature {
  /** Asking to sign in from a new device. */
  MULTI_DEVICE_AUTH,
  /** Strangers may apply to become members. */
  MEMBERSHIP_APPLICATIONS,
  /** Praying one prayer after the other. */
  PRAYER_MODE,
  /** The front page shows prayers that their authors share with everybody. */
  PUBLIC_PRAYERS,
  /** The community in figures. */
  STATISTICS,
  /** Signs behind the names of those who support the community. */
  SUPPORTER_BADGES,
  /** The page of what is new. */
  WHATS_NEW,
  /** The page that says how to give money. */
  GIVING,
  /** The page that tells how things go here. */
  HOW_IT_WORKS;

  /** The name by which it stands in the archive and in the environment. */
  public String setting() {
    return name() + "_ENABLED";
  }

  /** Whether this program has a feature of that name. */
  static boolean isKnown(String name) {
    return Arrays.stream(values()).anyMatch(feature -> feature.setting().equals(name));
  }

  public boolean isOn(RowLookup rows) throws IOException {
    return Settings.isOn(rows, setting(), true);
  }

  /** All that are on, read at once. */
  public static Set<Feature> thatAreOn(ViewReader view) throws IOException {
    Set<Feature> on = EnumSet.allOf(Feature.class);
    Query flags =
        Query.of(Catalog.FEATURE_FLAGS)
            .in(Catalog.FeatureFlags.NAME, Arrays.stream(values()).map(Feature::setting).toList());
    view.rows(flags).stream()
        .filter(row -> !row.is(Catalog.FeatureFlags.ENABLED))
        .forEach(off -> on.removeIf(feature -> feature.setting().equals(off.key())));
    return on;
  }
}
