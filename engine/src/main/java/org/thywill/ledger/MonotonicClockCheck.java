package org.thywill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock that refuses to go on when it was set ahead while the program ran. It compares the clock
 * with a counter of nanoseconds that cannot be set. Changes could otherwise be filed in a wrong
 * month for good.
 */
final class MonotonicClockCheck implements InstantSource {
  private static final Duration LEAP_MAX = Duration.ofHours(1);
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
   * @throws ConstraintViolationException if the clock is more than an hour ahead of the time that
   *     has passed
   */
  @Override
  public Instant instant() {
    Instant now = clock.instant();
    Duration ahead =
        Duration.between(startedAt.plusNanos(nanoTime.getAsLong() - startedNanos), now);
    if (ahead.compareTo(LEAP_MAX) > 0) {
      throw new ConstraintViolationException(
          "the clock leapt ahead by "
              + ahead.toMinutes()
              + " minutes; check it, then start the program again: that is taken as your word that"
              + " it is right");
    }
    return now;
  }
}
