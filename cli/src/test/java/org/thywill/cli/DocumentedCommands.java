package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the commands of a document one by one in a folder, where {@code ./thywill} is this program.
 *
 * <p>Each must end with exit code 0, unless a comment after it says {@code # ends with exit code
 * N}. After {@code # says WORDS} it must print these words; "and" joins both.
 */
final class DocumentedCommands {
  private static final Pattern ENDS = Pattern.compile("#.*ends with exit code (\\d+)");
  private static final Pattern SAYS = Pattern.compile("#.*?says (.+)$");
  private final Path folder;

  DocumentedCommands(Path folder) throws IOException {
    this.folder = folder;
    Path launcher = folder.resolve("thywill");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '"
            + System.getProperty("java.class.path")
            + "' org.thywill.cli.Main \"$@\"\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  /** Runs a line of shell, and checks its exit code and output. */
  void run(String command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile());
    // What the program remembers of archives stays out of the home of the one who runs the test.
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    String output = Files.readString(folder.resolve("output"));
    Matcher ends = ENDS.matcher(command);
    assertThat(process.exitValue())
        .as(command + "\n" + output)
        .isEqualTo(ends.find() ? Integer.parseInt(ends.group(1)) : 0);
    Matcher says = SAYS.matcher(command);
    if (says.find()) {
      assertThat(output).as(command).contains(says.group(1));
    }
  }

  /** The lines of all code blocks that are marked as {@code sh}. */
  static List<String> in(String document) {
    List<String> commands = new ArrayList<>();
    boolean inside = false;
    for (String line : document.lines().toList()) {
      if (line.startsWith("```")) {
        inside = line.equals("```sh");
      } else if (inside && !line.isBlank()) {
        commands.add(line);
      }
    }
    return commands;
  }
}
