package org.thywill.community.generate;

import java.io.IOException;
import java.time.Duration;

/**
 * No prayer could be generated. The message says why, for the operator; it contains no word of the
 * request and no secret.
 */
public final class PrayerGenerationException extends IOException {
  private static final long serialVersionUID = 1L;
  private final boolean isTemporary;
  private final Duration retryAfter;

  private PrayerGenerationException(String message, boolean isTemporary, Duration retryAfter) {
    super(message);
    this.isTemporary = isTemporary;
    this.retryAfter = retryAfter;
  }

  /** A failure after which another try can succeed. */
  public static PrayerGenerationException temporary(String message, Duration retryAfter) {
    return new PrayerGenerationException(message, true, retryAfter);
  }

  /** A failure that lasts until the operator changes something. */
  public static PrayerGenerationException permanent(String message) {
    return new PrayerGenerationException(message, false, Duration.ZERO);
  }

  /** Whether another try can succeed. */
  public boolean isTemporary() {
    return isTemporary;
  }

  /** How long to wait before another try. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
