package org.thywill.community.generate;

import java.util.Optional;

/** Generates a prayer for a request. Several threads can use it at once. */
public interface PrayerGenerator extends AutoCloseable {
  /**
   * Generates a prayer. It must not name the author, who may later choose to be anonymous.
   *
   * @param notThis a prayer that the author did not want; empty for none
   * @throws PrayerGenerationException if there is none
   */
  String prayerFor(String request, String notThis) throws PrayerGenerationException;

  /** The name of the generator in the archive. */
  String name();

  /**
   * The name of the service that reads the request, for members; empty if the request does not
   * leave the program.
   */
  Optional<String> reader();

  /** Stops what is running. Calls that wait for an answer fail. */
  @Override
  default void close() {}
}
