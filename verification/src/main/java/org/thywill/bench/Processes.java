package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs as processes, and measures their elapsed time and peak memory. */
final class Processes {
  private static final long POLL_MILLIS = 20;
  private static final long MINUTES_MAX = 15;

  private Processes() {}

  /**
   * The measurements of one run.
   *
   * @param seconds the elapsed time
   * @param megabytes the peak resident memory; 0 where the system does not report it
   */
  record Run(double seconds, long megabytes) {}

  /** Runs a program without input, and discards its output. */
  static Run run(List<String> command) throws IOException, InterruptedException {
    return run(command, null, null);
  }

  /**
   * Runs a program that must succeed. Earlier writes are flushed to the disk first, so that the
   * program does not wait for them.
   *
   * @param input the file for its standard input; null for none
   * @param output the file for its standard output; null to discard it
   * @throws IOException if it fails or takes longer than 15 minutes
   */
  static Run run(List<String> command, @Nullable Path input, @Nullable Path output)
      throws IOException, InterruptedException {
    if (new ProcessBuilder("sync").inheritIO().start().waitFor() != 0) {
      throw new IOException("sync failed");
    }
    Path errors = Files.createTempFile("bench", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectInput(
          ProcessBuilder.Redirect.from(
              input == null ? Path.of("/dev/null").toFile() : input.toFile()));
      builder.redirectOutput(
          output == null
              ? ProcessBuilder.Redirect.DISCARD
              : ProcessBuilder.Redirect.to(output.toFile()));
      builder.redirectError(errors.toFile());
      long startedNanos = System.nanoTime();
      Process process = builder.start();
      long kilobytes = 0;
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        kilobytes = Math.max(kilobytes, peakKilobytes(process.pid()));
        if (System.nanoTime() - startedNanos > TimeUnit.MINUTES.toNanos(MINUTES_MAX)) {
          process.destroyForcibly();
          throw new IOException(
              command.getFirst() + " took longer than " + MINUTES_MAX + " minutes");
        }
      }
      double seconds = (System.nanoTime() - startedNanos) / 1e9;
      if (process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command)
                + " ended with "
                + process.exitValue()
                + ": "
                + Files.readString(errors));
      }
      return new Run(seconds, kilobytes / 1024);
    } finally {
      Files.delete(errors);
    }
  }

  /** The peak memory of a process so far; 0 if the system does not report it or it has ended. */
  private static long peakKilobytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .findFirst()
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .orElse(0L);
    } catch (IOException e) {
      return 0;
    }
  }
}
