package org.thywill.simulation;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Seeds of random tests, which are printed so that a failure can be repeated; and how many runs
 * tests make.
 */
public final class Seeds {
  private static final String PROPERTY = "thywill.seed";
  private static final String SCALE = "thywill.scale";
  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private Seeds() {}

  /** The seed of a test: that of {@code -Dthywill.seed}, or a random one. Prints it. */
  public static long seed(String test) {
    Long set = Long.getLong(PROPERTY);
    long seed = set == null ? FACTORY.create().nextLong() : set;
    System.out.println(
        "seed of " + test + ": " + seed + " (repeat with -D" + PROPERTY + "=" + seed + ")");
    return seed;
  }

  /** The number of runs of a test: its base, multiplied by {@code -Dthywill.scale}. */
  public static int times(int base) {
    return Math.multiplyExact(base, Integer.getInteger(SCALE, 1));
  }

  /**
   * Prints how often a row of the test programme was tried; {@code ./prove} collects these lines.
   */
  public static void proved(int row, long count, String what) {
    proved(Integer.toString(row), count, what);
  }

  /** As {@link #proved(int, long, String)}, for a row that has a name. */
  public static void proved(String row, long count, String what) {
    System.out.println("row " + row + ": " + count + " " + what);
  }

  /** A generator with the {@link #seed} of a test. */
  public static RandomGenerator random(String test) {
    return random(seed(test));
  }

  /** A generator with a seed, which gives the same numbers on every machine. */
  public static RandomGenerator random(long seed) {
    return FACTORY.create(seed);
  }
}
