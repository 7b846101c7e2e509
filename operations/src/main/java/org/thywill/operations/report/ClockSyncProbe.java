package org.thywill.operations.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What this machine knows of itself. */
@FunctionalInterface
public interface ClockSyncProbe {
  /** Whether it keeps its clock right by the network; empty where it does not say. */
  Optional<Boolean> keepsItsClock();

  /**
   * Asks systemd, which asks the kernel, whichever time service runs. A machine without systemd
   * does not say.
   */
  ClockSyncProbe REAL =
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
          return switch (new String(
                  asked.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              .strip()) {
            case "yes" -> Optional.of(true);
            case "no" -> Optional.of(false);
            default -> Optional.empty();
          };
        } catch (IOException e) {
          return Optional.empty(); // there is no such program here
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Optional.empty();
        }
      };
}
