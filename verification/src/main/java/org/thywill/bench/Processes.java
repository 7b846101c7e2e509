package org.thywill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs as whole processes and measures what their users see: time on the clock, and the
 * most memory that they held.
 */
final class Processes {
  private static final long LOOK_MILLIS = 20;
  private static final long MINUTES_MAX = 15;

  private Processes() {}

  /**
   * One run.
   *
   * @param megabytes the most resident memory, as far as the system tells it
   */
  record Run(double seconds, long megabytes) {}

  /**
   * Runs a program that must succeed, when the disk has taken in what others wrote before: nobody
   * is to wait for another's writing.
   *
   * @param input what it reads; nothing if empty
   * @param output where its standard output goes; thrown away if empty
   * @throws IOException if it fails or takes longer than a quarter of an hour
   */
  static Run run(List<String> command, Optional<Path> input, Optional<Path> output)
      throws IOException, InterruptedException {
    if (new ProcessBuilder("sync").inheritIO().start().waitFor() != 0) {
      throw new IOException("sync failed");
    }
    Path errors = Files.createTempFile("bench", ".err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectInput(
          input
              .map(file -> ProcessBuilder.Redirect.from(file.toFile()))
              .orElse(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())));
      builder.redirectOutput(
          output
              .map(file -> ProcessBuilder.Redirect.to(file.toFile()))
              .orElse(ProcessBuilder.Redirect.DISCARD));
      builder.redirectError(errors.toFile());
      long began = System.nanoTime();
      Process process = builder.start();
      long kilobytes = 0;
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        kilobytes = Math.max(kilobytes, peak(process.pid()));
        if (System.nanoTime() - began > TimeUnit.MINUTES.toNanos(MINUTES_MAX)) {
          process.destroyForcibly();
          throw new IOException(
              command.getFirst() + " took longer than " + MINUTES_MAX + " minutes");
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
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

  /**
   * The most memory that a process has held so far, in kilobytes; 0 where the system does not tell,
   * or when the process is gone.
   */
  private static long peak(long pid) {
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
