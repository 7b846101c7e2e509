package org.thywill.simulation;

/**
 * The moment in which the machine loses power, seen from inside. An error rather than an exception,
 * so that no handler of failures takes it for one; it has no stack trace because tests throw it by
 * the million.
 */
public final class SimulatedCrash extends Error {
  SimulatedCrash(long operation) {
    super("crashed at operation " + operation + " of the simulated disk", null, false, false);
  }
}
