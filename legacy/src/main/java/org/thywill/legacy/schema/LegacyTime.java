package org.thywill.legacy.schema;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.catalog.Timestamps;

/**
 * Reads and writes times as the original does: {@code 2024-01-15 10:30:00.000000}, without a zone.
 *
 * <p>The reader also accepts a {@code T} between date and time, a fraction of any length or none,
 * and a zone. A time without a zone is in UTC.
 */
public final class LegacyTime {
  /** The time that stands for "without end", which the original cannot express. */
  static final String NEVER = format(Timestamps.LATEST);

  private static final Pattern SHAPE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)["
              + " T](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,18}))?(?:Z|([+-])(\\d\\d):?(\\d\\d))?",
          Pattern.DOTALL);
  private static final long MINUTE_MICROS = 60_000_000L;
  private static final int LENGTH = 26;

  private LegacyTime() {}

  /** The original's spelling of microseconds since 1970. */
  public static String format(long micros) {
    return Timestamps.format(micros).replace('T', ' ').substring(0, LENGTH);
  }

  /** Microseconds since 1970, or empty if the text is no time. */
  public static OptionalLong parse(String text) {
    if (text.length() < 19 || text.length() > 44) {
      return OptionalLong.empty();
    }
    if (text.length() == LENGTH && text.charAt(10) == ' ') {
      OptionalLong usual = canonical(text.substring(0, 10), text.substring(11));
      if (usual.isPresent()) {
        return usual;
      }
    }
    Matcher found = SHAPE.matcher(text);
    if (!found.matches()) {
      return OptionalLong.empty();
    }
    String fraction = found.group(3) == null ? "" : found.group(3);
    OptionalLong local =
        canonical(found.group(1), found.group(2) + "." + (fraction + "000000").substring(0, 6));
    if (local.isEmpty() || found.group(4) == null) {
      return local;
    }
    int minutes = Integer.parseInt(found.group(5)) * 60 + Integer.parseInt(found.group(6));
    long micros =
        local.getAsLong() - (found.group(4).equals("-") ? -minutes : minutes) * MINUTE_MICROS;
    return Timestamps.isInRange(micros) ? OptionalLong.of(micros) : OptionalLong.empty();
  }

  private static OptionalLong canonical(String date, String time) {
    try {
      return OptionalLong.of(Timestamps.parse(date + "T" + time + "Z"));
    } catch (IllegalArgumentException e) {
      return OptionalLong.empty();
    }
  }
}
