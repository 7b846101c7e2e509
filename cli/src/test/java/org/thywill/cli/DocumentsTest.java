package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands in the documents are run as they stand there, in order, in a folder where a community lives: as a shell with {@code ./thywill} in
 * place of the launcher. Each must end well, except those of which the document says otherwise.
 */
class DocumentsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"README.md, 4", "docs/RECOVERY.md, 9", "docs/OPERATIONS.md, 4", "docs/IMPORT.md, 4"})
  void commandsOfADocument_work(String document, int atLeast) throws IOException, InterruptedException {
    Path root = Path.of("..").toRealPath();
    writeLauncher();
    prepare(document);
    int run = 0;
    for (String command : commands(Files.readString(root.resolve(document)))) {
      if (command.startsWith("mvn ")) {
        continue; // the command that runs this test
      }
      Process process = new ProcessBuilder("bash", "-c", command).directory(folder.toFile()).redirectErrorStream(true)
          .redirectOutput(folder.resolve("output").toFile()).start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      String output = Files.readString(folder.resolve("output"));
      int expected = command.startsWith("./thywill compare community.db before.db") ? 1 : 0;
      assertThat(process.exitValue()).as(document + ": " + command + "\n" + output).isEqualTo(expected);
      run++;
    }
    assertThat(run).isGreaterThanOrEqualTo(atLeast);
  }

  /** The README begins with nothing but the original's database, an import with what is left of the original; the others are read by somebody who has a community. */
  private void prepare(String document) throws IOException {
    if (document.equals("README.md")) {
      Files.copy(Samples.DATABASE, folder.resolve("thywill.db"));
    } else if (document.equals("docs/IMPORT.md")) {
      Files.createDirectory(folder.resolve("old"));
      Files.copy(Samples.DATABASE, folder.resolve("old/thywill.db"));
      Path archives = Samples.DATABASE.resolveSibling("archives");
      Files.copy(archives.resolve("sessions_backup.json"), folder.resolve("old/sessions_backup.json"));
      copy(archives.resolve("live"), folder.resolve("old/text_archives"));
    } else {
      Program.Run demo = new Program(folder).raw("demo", "--dir", folder.resolve("demo").toString(), "--members", "6", "--prayers", "8");
      assertThat(demo.exit()).as(demo.err()).isZero();
      Files.move(folder.resolve("demo/text_archives"), folder.resolve("text_archives"));
      Files.move(folder.resolve("demo/community.db"), folder.resolve("community.db"));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private void writeLauncher() throws IOException {
    Path launcher = folder.resolve("thywill");
    Files.writeString(launcher, "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' --enable-native-access=ALL-UNNAMED -cp '"
        + System.getProperty("java.class.path") + "' org.thywill.cli.Main \"$@\"\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
  }

  /** The lines of all blocks that are marked as shell. */
  private static List<String> commands(String document) {
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
