package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The commands in the documents work, one after the other in one folder. Those of docs/RECOVERY.md
 * are run by {@link RecoveryDocumentTest}.
 */
@Tag("slow")
class DocumentsTest {
  private static final Pattern SHOWN_FILE =
      Pattern.compile("(?s)`(text_archives/[^`]+)`[^`]*?```\\n(.*?)```");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "README.md, 4",
    "docs/OPERATIONS.md, 4",
    "docs/EXERCISES.md, 13",
    "docs/IMPORT.md, 4"
  })
  void commandsOfADocument_work(String document, int atLeast)
      throws IOException, InterruptedException {
    Path root = Path.of("..").toRealPath();
    DocumentedCommands documented = new DocumentedCommands(folder);
    prepare(document);
    int run = 0;
    for (String command : DocumentedCommands.in(Files.readString(root.resolve(document)))) {
      if (command.startsWith("mvn ")) {
        continue; // the command that runs this test
      }
      documented.run(command);
      run++;
    }
    assertThat(run).isGreaterThanOrEqualTo(atLeast);
  }

  /** What README shows of two files are lines of the demonstration with the seed 1, cut at "…". */
  @Test
  void filesThatReadmeShows_areThoseOfTheDemonstration() throws IOException {
    ProgramRunner.Run demo =
        new ProgramRunner(folder)
            .raw("demo", "--seed", "1", "--dir", folder.resolve("demo").toString());
    assertThat(demo.exit()).as(demo.err()).isZero();
    String readme = Files.readString(Path.of("../README.md").toRealPath());
    List<MatchResult> shown = SHOWN_FILE.matcher(readme).results().toList();
    assertThat(shown).hasSize(2);
    for (MatchResult file : shown) {
      List<String> lines = Files.readAllLines(folder.resolve("demo").resolve(file.group(1)));
      for (String line : file.group(2).lines().filter(each -> !each.equals("…")).toList()) {
        assertThat(lines)
            .as(line)
            .anyMatch(
                each ->
                    line.endsWith("…")
                        ? each.startsWith(line.substring(0, line.length() - 1))
                        : each.equals(line));
      }
    }
  }

  /**
   * Makes what a reader of the document has: for the README the original's database, for IMPORT.md
   * all its files, for OPERATIONS.md a community, and nothing for the exercises.
   */
  private void prepare(String document) throws IOException {
    if (document.equals("README.md")) {
      Files.copy(SampleFiles.DATABASE, folder.resolve("thywill.db"));
    } else if (document.equals("docs/IMPORT.md")) {
      Files.createDirectory(folder.resolve("old"));
      Files.copy(SampleFiles.DATABASE, folder.resolve("old/thywill.db"));
      Path archives = SampleFiles.DATABASE.resolveSibling("archives");
      Files.copy(
          archives.resolve("sessions_backup.json"), folder.resolve("old/sessions_backup.json"));
      copy(archives.resolve("live"), folder.resolve("old/text_archives"));
    } else if (document.equals("docs/OPERATIONS.md")) {
      ProgramRunner.Run demo =
          new ProgramRunner(folder)
              .raw(
                  "demo",
                  "--dir",
                  folder.resolve("demo").toString(),
                  "--members",
                  "6",
                  "--prayers",
                  "8");
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
}
