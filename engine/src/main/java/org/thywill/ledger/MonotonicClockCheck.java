package org.thywill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that notices when it is set ahead while the program runs: against a counter of
 * nanoseconds that nobody can set. What would be written then might be filed under a wrong month
 * for good, so it is refused until the operator has looked.
 */
final class MonotonicClockCheck implements InstantSource {
  private static final Duration LEAP = Duration.ofHours(1);
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Instant startedAt;
  private final long startedNanos;

  MonotonicClockCheck(InstantSource clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.startedAt = clock.instant();
    this.startedNanos = nanoTime.getAsLong();
  }

  /**
   * The time.
   *
   * @throws ConstraintViolationException if the clock is an hour or more ahead of what has passed
   */
  @Override
  public Instant instant() {
    Instant now = clock.instant();
    Duration ahead =
        Duration.between(startedAt.plusNanos(nanoTime.getAsLong() - startedNanos), now);
    if (ahead.compareTo(LEAP) > 0) {
      throw new ConstraintViolationException(
          "the clock leapt ahead by "
              + ahead.toMinutes()
              + " minutes; check it, then start the program again: that is taken as your word that"
              + " it is right");
    }
    return now;
  }
}
