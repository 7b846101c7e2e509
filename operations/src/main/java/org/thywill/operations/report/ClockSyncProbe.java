package org.thywill.operations.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds out whether a time service keeps the clock of this machine right. */
@FunctionalInterface
public interface ClockSyncProbe {
  /** Whether the clock is synchronized over the network; empty where the machine does not say. */
  Optional<Boolean> isSynchronized();

  /**
   * Asks systemd, which asks the kernel, whatever time service runs.
   *
   * <p>A machine without systemd, or one that does not answer within five seconds, does not say.
   */
  ClockSyncProbe SYSTEM =
      () -> {
        try {
          Process asked =
              new ProcessBuilder("timedatectl", "show", "--property=NTPSynchronized", "--value")
                  .redirectErrorStream(true)
                  .start();
          if (!asked.waitFor(5, TimeUnit.SECONDS)) {
            asked.destroyForcibly();
            return Optional.empty();
          }
          String answer =
              new String(asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
          return switch (answer) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            default -> Optional.empty();
          };
        } catch (IOException e) {
          return Optional.empty(); // There is no such program here.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Optional.empty();
        }
      };
}
