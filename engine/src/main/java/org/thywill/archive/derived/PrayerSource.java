package org.thywill.archive.derived;

import java.io.IOException;

/** Knows all prayers that are present. The view does. */
@FunctionalInterface
public interface PrayerSource {
  void forEach(Each each) throws IOException;

  /** Takes a prayer. */
  @FunctionalInterface
  interface Each {
    /**
     * Takes note.
     *
     * @param addedAt the time of the change that added it, in microseconds since 1970
     */
    void prayer(String id, long addedAt) throws IOException;
  }
}
