package org.thywill.bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code ./thywill serve} as a process; it ends with the program that started it. */
final class ServerProcess implements Closeable {
  private static final Pattern LISTENS = Pattern.compile("listens at (http://[^ ,]+?)[.,]? ");
  private static final Pattern LINK = Pattern.compile("(/join/[^ ]+)");
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final String address;
  private final Thread shutdownHook;

  private ServerProcess(Process process, String address) {
    this.process = process;
    this.address = address;
    this.shutdownHook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /**
   * The path of a link whose bearer becomes admin of a community without one.
   *
   * @throws IOException if the program gives none
   */
  static String adminLink(Path root, Path folder) throws IOException {
    Process process = start(root, folder, "admin-link");
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      return find(lines, LINK)
          .orElseThrow(() -> new IOException("thywill admin-link gave no link"));
    }
  }

  /**
   * Serves the community of a folder at a free port, and waits until it listens.
   *
   * @throws IOException if it ends before it listens
   */
  static ServerProcess start(Path root, Path folder) throws IOException {
    Process process =
        start(
            root,
            folder,
            "serve",
            "--port",
            "0",
            "--behind-proxy",
            "--base-url",
            "http://pray.example.org");
    Optional<String> address = find(process.inputReader(StandardCharsets.UTF_8), LISTENS);
    if (address.isEmpty()) {
      process.destroy();
      throw new IOException("thywill serve did not say where it listens");
    }
    return new ServerProcess(process, address.get());
  }

  private static Process start(Path root, Path folder, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(root.resolve("thywill").toString());
    builder.command().addAll(List.of(command));
    builder
        .command()
        .addAll(
            List.of(
                "--archive",
                folder.resolve("text_archives").toString(),
                "--db",
                folder.resolve("community.db").toString()));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }

  private static Optional<String> find(BufferedReader lines, Pattern pattern) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /** The number of the process. */
  long pid() {
    return process.pid();
  }

  /** The address of the server, without a slash at its end. */
  String address() {
    return address;
  }

  /**
   * Stops the server as an operator does, and waits until it has ended.
   *
   * @throws IOException if it does not end within 30 seconds
   */
  @Override
  public void close() throws IOException {
    process.destroy();
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("thywill serve did not stop within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while thywill serve was stopping", e);
    }
  }
}
