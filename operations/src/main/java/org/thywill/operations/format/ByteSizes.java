package org.thywill.operations.format;

import java.util.Locale;

/** Sizes as people read them. */
public final class ByteSizes {
  private static final long THOUSAND = 1_000;
  private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

  private ByteSizes() {}

  /** In the largest decimal unit of which there is at least one, such as {@code 4.2 MB}. */
  public static String of(long bytes) {
    if (bytes < THOUSAND) {
      return bytes + " bytes";
    }
    double number = bytes;
    int unit = -1;
    while (number >= THOUSAND && unit < UNITS.length - 1) {
      number /= THOUSAND;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", number, UNITS[unit]);
  }
}
