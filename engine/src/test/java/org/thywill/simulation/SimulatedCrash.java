package org.thywill.simulation;

/**
 * Thrown when the simulated machine loses power. It is an error, so that no handler of exceptions
 * catches it. It has no stack trace, because tests throw millions of them.
 */
public final class SimulatedCrash extends Error {
  SimulatedCrash(long operation) {
    super("crashed at operation " + operation + " of the simulated disk", null, false, false);
  }
}
