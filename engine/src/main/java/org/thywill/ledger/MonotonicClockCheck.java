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
  private final MachineClock clock;
  private final LongSupplier nanoTime;
  private final Instant startedAt;
  private final long startedNanos;

  MonotonicClockCheck(InstantSource clock, LongSupplier nanoTime) {
    this.clock = MachineClock.of(clock);
    this.nanoTime = nanoTime;
    this.startedAt = clock.instant();
    this.startedNanos = nanoTime.getAsLong();
  }

  /**
   * Requires a plausible time before anything is written to an archive.
   *
   * @param last the time of the last change
   * @throws StartRefusedException if the clock cannot be right
   */
  void requirePlausibleAfter(Instant last) throws StartRefusedException {
    clock.requirePlausibleAfter(last);
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
              + " minutes while the program ran. Check it, then start the program again");
    }
    return now;
  }
}
