package org.thywill.simulation;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Seeds of random tests, new ones every time and printed, so that one setting brings a failure
 * back; and how long such tests go on.
 */
public final class Seeds {
  private static final String PROPERTY = "thywill.seed";
  private static final String SCALE = "thywill.scale";
  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private Seeds() {}

  /** The seed of a test: the one that is set as {@code -Dthywill.seed}, else a random one. */
  public static long seed(String test) {
    Long set = Long.getLong(PROPERTY);
    long seed = set == null ? FACTORY.create().nextLong() : set;
    System.out.println(
        "seed of " + test + ": " + seed + " (repeat with -D" + PROPERTY + "=" + seed + ")");
    return seed;
  }

  /**
   * How often a test repeats what it tries this often in every build: as many times more as {@code
   * -Dthywill.scale} says.
   */
  public static int times(int base) {
    return Math.multiplyExact(base, Integer.getInteger(SCALE, 1));
  }

  /**
   * Says on the output how often a row of the programme was tried; {@code ./prove} collects these
   * lines.
   */
  public static void proved(int row, long count, String what) {
    System.out.println("row " + row + ": " + count + " " + what);
  }

  /** A generator with the {@link #seed} of a test. */
  public static RandomGenerator random(String test) {
    return random(seed(test));
  }

  /** The generator of a seed: the same numbers on every machine. */
  public static RandomGenerator random(long seed) {
    return FACTORY.create(seed);
  }
}
