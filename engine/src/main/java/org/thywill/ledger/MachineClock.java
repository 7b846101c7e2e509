package org.thywill.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clock of the machine, which is judged before anything is written by it.
 *
 * <p>Changes are filed by the clock, and their times never fall. A change under a clock that is
 * years ahead would be in a wrong month for good, and so would all changes after it.
 */
public final class MachineClock implements InstantSource {
  /** How far the clock may be behind what is known to have happened. */
  static final Duration BEHIND_MAX = Duration.ofHours(6);

  /** The longest time without a change that needs no word of the operator. */
  static final Duration PAUSE_MAX = Duration.ofDays(366);

  /** The longest time after its build for which a program founds communities. */
  static final Duration PROGRAM_AGE_MAX = Duration.ofDays(10 * 366);

  private static final String ANYWAY =
      ". Set the clock; or, if it is right, run the same command with --clock-is-right";

  private final InstantSource clock;
  private final @Nullable Instant builtAt;
  private final boolean isRight;

  /**
   * A clock with what is known of it.
   *
   * @param builtAt when the program was built; null if that is not known
   * @param isRight whether the operator says that the clock is right, whatever it shows
   */
  public MachineClock(InstantSource clock, @Nullable Instant builtAt, boolean isRight) {
    this.clock = clock;
    this.builtAt = builtAt;
    this.isRight = isRight;
  }

  /** A clock as one that is judged; of any other clock nothing else is known. */
  public static MachineClock of(InstantSource clock) {
    return clock instanceof MachineClock known ? known : new MachineClock(clock, null, false);
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  /**
   * Requires a plausible time before an archive is founded, about which nothing else is known.
   *
   * @throws StartRefusedException if the clock is before the build of the program, or years after
   */
  public void requirePlausible() throws StartRefusedException {
    Instant now = clock.instant();
    if (isRight || builtAt == null) {
      return;
    }
    requireAfterBuild(now);
    if (now.isAfter(builtAt.plus(PROGRAM_AGE_MAX))) {
      throw new StartRefusedException(
          shown(now) + ", many years after this program was built (" + builtAt + ")" + ANYWAY);
    }
  }

  /**
   * Requires a plausible time before an archive is written.
   *
   * @param last the time of its last change
   * @throws StartRefusedException if the clock is before the build of the program, or too far from
   *     the last change
   */
  public void requirePlausibleAfter(Instant last) throws StartRefusedException {
    Instant now = clock.instant();
    if (isRight) {
      return;
    }
    requireAfterBuild(now);
    if (now.isBefore(last.minus(BEHIND_MAX))) {
      throw new StartRefusedException(
          shown(now)
              + ", "
              + distance(now, last)
              + " before the last change ("
              + last
              + "). Set the clock. If it is right, the last change has a wrong time, which thywill"
              + " correct-times sets right. Run: thywill recovery-report");
    }
    if (now.isAfter(last.plus(PAUSE_MAX))) {
      throw new StartRefusedException(
          shown(now)
              + ", "
              + distance(last, now)
              + " after the last change ("
              + last
              + ")"
              + ANYWAY);
    }
  }

  private void requireAfterBuild(Instant now) throws StartRefusedException {
    if (builtAt != null && now.isBefore(builtAt)) {
      throw new StartRefusedException(
          shown(now) + ", before this program was built (" + builtAt + ")" + ANYWAY);
    }
  }

  private static String shown(Instant now) {
    return "the clock of this machine shows " + now.truncatedTo(ChronoUnit.SECONDS);
  }

  private static String distance(Instant from, Instant to) {
    long hours = Duration.between(from, to).toHours();
    return hours < 48 ? hours + " hours" : hours / 24 + " days";
  }
}
