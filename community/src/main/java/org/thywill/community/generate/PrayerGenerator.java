package org.thywill.community.generate;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Makes of a request a prayer that others can pray. May be used by several threads at once. */
public interface PrayerGenerator extends AutoCloseable {
  /**
   * The prayer. It must not name the author, who may later choose to be unknown.
   *
   * @param notThis a prayer that was not what the author wanted; empty for none
   * @throws Failed if there is none; it says why, without a word of the request and without any
   *     secret
   */
  String prayerFor(String request, String notThis) throws Failed;

  /** What the archive says of where a prayer came from. */
  String name();

  /**
   * Who gets to read the request, as members know them; empty where it does not leave the program.
   */
  Optional<String> reader();

  /** Gives up whatever is under way. */
  @Override
  default void close() {}

  /** There is no prayer. */
  final class Failed extends IOException {
    private static final long serialVersionUID = 1L;
    private final Duration after;
    private final boolean mayPass;

    private Failed(String message, boolean mayPass, Duration after) {
      super(message);
      this.mayPass = mayPass;
      this.after = after;
    }

    /** For now: it is worth another try after a while. */
    public static Failed forNow(String message, Duration after) {
      return new Failed(message, true, after);
    }

    /** Until somebody changes something. */
    public static Failed untilMended(String message) {
      return new Failed(message, false, Duration.ZERO);
    }

    public boolean mayPass() {
      return mayPass;
    }

    public Duration after() {
      return after;
    }
  }
}
