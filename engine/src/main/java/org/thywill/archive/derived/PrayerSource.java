package org.thywill.archive.derived;

import java.io.IOException;

/** Lists all prayers that are present; implemented by the view. */
@FunctionalInterface
public interface PrayerSource {
  /** Gives each prayer to the sink, in no particular order. */
  void forEach(Sink sink) throws IOException;

  /** Receives the prayers. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a prayer.
     *
     * @param addedAtMicros the time of the change that added it, in microseconds since 1970
     */
    void prayer(String id, long addedAtMicros) throws IOException;
  }
}
