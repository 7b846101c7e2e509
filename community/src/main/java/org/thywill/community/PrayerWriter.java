package org.thywill.community;

/** Makes of a request a prayer that others can pray. */
@FunctionalInterface
public interface PrayerWriter {
  /** The prayer. It must not name the author, who may later choose to be unknown. */
  String prayerFor(String request);
}
