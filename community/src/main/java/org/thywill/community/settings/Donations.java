package org.thywill.community.settings;

import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.view.RowLookup;

/**
 * Where people can give money to the community. A setting that holds no well-formed name counts as
 * not set.
 *
 * @param paypal a PayPal user name without {@code @}, or null
 * @param venmo a Venmo handle without {@code @}, or null
 */
public record Donations(@Nullable String paypal, @Nullable String venmo) {
  private static final String PAYPAL_SETTING = "PAYPAL_USERNAME";
  private static final String VENMO_SETTING = "VENMO_HANDLE";
  private static final String WELL_FORMED = "@?[A-Za-z0-9._-]{1,60}";

  /** What the settings say. */
  public static Donations of(RowLookup rows) throws IOException {
    return new Donations(name(rows, PAYPAL_SETTING), name(rows, VENMO_SETTING));
  }

  /**
   * Whether the feature is on, and the settings name a recipient.
   *
   * @param on the features that are on
   */
  public static boolean isPossible(RowLookup rows, Set<Feature> on) throws IOException {
    return on.contains(Feature.GIVING) && of(rows).hasRecipient();
  }

  private boolean hasRecipient() {
    return paypal != null || venmo != null;
  }

  private static @Nullable String name(RowLookup rows, String setting) throws IOException {
    return Settings.value(rows, setting)
        .map(String::strip)
        .filter(name -> name.matches(WELL_FORMED))
        .map(name -> name.startsWith("@") ? name.substring(1) : name)
        .orElse(null);
  }
}
