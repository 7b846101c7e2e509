package org.thywill.bench;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.thywill.ledger.Ledger;

/**
 * Takes one measurement of whichever build of the program is on the class path, and prints it.
 *
 * <p>{@code bench/compare} runs it with this build and with another one in turn. So it uses only
 * what both have: what has another type in the other build is found by its name.
 */
final class PairedMeasurement {
  private PairedMeasurement() {}

  /** Arguments: {@code writes FOLDER WRITERS}, or {@code start ARCHIVE DATABASE}. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    double result =
        switch (arguments[0]) {
          case "writes" -> DurableWrites.ledger(folder, Integer.parseInt(arguments[2]));
          case "start" -> startSeconds(folder, Path.of(arguments[2]));
          default -> throw new IllegalArgumentException("expected writes or start");
        };
    System.out.println(result);
  }

  private static double startSeconds(Path archive, Path database)
      throws IOException, ReflectiveOperationException {
    Method open =
        Arrays.stream(Ledger.class.getMethods())
            .filter(method -> method.getName().equals("open") && method.getParameterCount() == 4)
            .findFirst()
            .orElseThrow();
    Object noProgress = open.getParameterTypes()[3].getField("NONE").get(null);
    long startedNanos = System.nanoTime();
    Object ledger = open.invoke(null, archive, database, InstantSource.system(), noProgress);
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    ((Ledger) ledger).close();
    return seconds;
  }
}
