package org.thywill.community.access;

import org.jspecify.annotations.Nullable;

/**
 * The device that a request comes from.
 *
 * <p>Visitors choose these texts. So only the first characters are kept, and unpaired surrogates
 * are replaced.
 *
 * @param description what it says of itself, such as the User-Agent of a browser, or null
 * @param address its IP address, or null
 */
public record Device(@Nullable String description, @Nullable String address) {
  private static final int LENGTH_MAX = 500;
  private static final int REPLACEMENT = 0xFFFD;

  /** A device of which nothing is known. */
  public static final Device UNKNOWN = new Device(null, null);

  public Device {
    description = description == null ? null : sanitized(description);
    address = address == null ? null : sanitized(address);
  }

  private static String sanitized(String text) {
    StringBuilder sanitized = new StringBuilder();
    text.codePoints()
        .limit(LENGTH_MAX)
        .forEach(
            codePoint ->
                sanitized.appendCodePoint(
                    Character.getType(codePoint) == Character.SURROGATE ? REPLACEMENT : codePoint));
    return sanitized.toString();
  }
}
