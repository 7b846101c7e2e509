package org.thywill.simulation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the program in its own process, with the classes of the test. */
public final class ProgramProcess implements AutoCloseable {
  private static final int SECONDS_MAX = 60;
  private final Process process;
  private final BufferedReader out;
  private final List<String> said = new ArrayList<>();

  private ProgramProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * Runs a command on the archive {@code text_archives} and the database {@code community.db} of a
   * folder.
   */
  public static ProgramProcess start(Path folder, String command, String... arguments)
      throws IOException {
    return start(folder, Map.of(), command, arguments);
  }

  /** As {@link #start(Path, String, String...)}, with variables of the environment. */
  public static ProgramProcess start(
      Path folder, Map<String, String> environment, String command, String... arguments)
      throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.thywill.cli.Main",
                command,
                "--archive",
                folder.resolve("text_archives").toString(),
                "--db",
                folder.resolve("community.db").toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    // What it remembers of archives stays out of the home of the one who runs the test.
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    builder.environment().putAll(environment);
    return new ProgramProcess(builder.start());
  }

  /**
   * Reads the output until a line matches a pattern.
   *
   * @return the first group of the match
   * @throws AssertionError if the output ends before
   */
  public String awaits(Pattern wanted) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.add(line);
      Matcher found = wanted.matcher(line);
      if (found.find()) {
        return Objects.requireNonNull(found.group(1));
      }
    }
    throw new AssertionError("the program ended, with the output: " + String.join("\n", said));
  }

  /** The lines of output that were read so far. */
  public List<String> said() {
    return List.copyOf(said);
  }

  /**
   * Waits until the program has ended, which must be with status 0.
   *
   * @return its whole output
   */
  public String ends() throws IOException, InterruptedException {
    said.addAll(out.readAllLines());
    String all = String.join("\n", said);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("the program did not end with status 0; its output: " + all);
    }
    return all;
  }

  /**
   * Stops the program as systemd does.
   *
   * @return the rest of its output
   */
  public String stops() throws IOException, InterruptedException {
    process.toHandle().destroy(); // Process.destroy would close the output
    String rest = String.join("\n", out.readAllLines());
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new AssertionError("the program did not stop; its output: " + rest);
    }
    return rest;
  }

  /** Kills the program as {@code kill -9} does, and waits until it has ended. */
  public void dies() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
