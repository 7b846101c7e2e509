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
 * Runs the commands of a document as they stand there, one by one, in a folder: as a shell with
 * {@code ./thywill} in place of the launcher. Each must end with exit code 0, unless the remark
 * behind it says {@code # ends with exit code N}, and say the words that the remark gives ({@code #
 * says WORDS}, or both parted by "and").
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

  void run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
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

  /** The lines of all blocks that are marked as shell. */
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
