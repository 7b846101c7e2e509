package org.thywill.community.settings;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.thywill.catalog.Catalog;
import org.thywill.view.Query;
import org.thywill.view.RowLookup;
import org.thywill.view.ViewReader;

/**
 * A part of the program that an admin can turn off and on for the whole community.
 *
 * <p>Each is on until an admin turns it off, as its setting says. The pages of a feature that is
 * off are not found, and no page links to them. The sign-in page is the exception: it stays, and
 * says that signing in is off.
 */
public enum Feature {
  /** Asking to sign in from a new device. */
  MULTI_DEVICE_AUTH,
  /** Visitors may apply to become members. */
  MEMBERSHIP_APPLICATIONS,
  /** Praying one prayer after the other. */
  PRAYER_MODE,
  /** The front page shows prayers that their authors share with everybody. */
  PUBLIC_PRAYERS,
  /** The page of statistics. */
  STATISTICS,
  /** Badges after the names of supporters. */
  SUPPORTER_BADGES,
  /** The page of what is new. */
  WHATS_NEW,
  /** The page that says how to give money. */
  GIVING,
  /** The page that explains how the community works. */
  HOW_IT_WORKS;

  /** The name of its setting in the archive and in the environment. */
  public String setting() {
    return name() + "_ENABLED";
  }

  /** Whether this program has a feature of that name. */
  static boolean isKnown(String name) {
    return Arrays.stream(values()).anyMatch(feature -> feature.setting().equals(name));
  }

  /** Whether it is on. */
  public boolean isOn(RowLookup rows) throws IOException {
    return Settings.isOn(rows, setting());
  }

  /** The features that are on, read at once. */
  public static Set<Feature> thatAreOn(ViewReader view) throws IOException {
    Query flags =
        Query.of(Catalog.FEATURE_FLAGS)
            .in(Catalog.FeatureFlags.NAME, Arrays.stream(values()).map(Feature::setting).toList());
    Map<String, Boolean> set = new HashMap<>();
    view.rows(flags).forEach(row -> set.put(row.key(), row.is(Catalog.FeatureFlags.ENABLED)));
    Set<Feature> on = EnumSet.noneOf(Feature.class);
    for (Feature feature : values()) {
      if (set.getOrDefault(feature.setting(), Settings.isOnByDefault(feature.setting()))) {
        on.add(feature);
      }
    }
    return on;
  }
}
