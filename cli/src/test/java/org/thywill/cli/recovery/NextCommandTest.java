package org.thywill.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.FindingExamples;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.Finding;
import org.thywill.archive.repair.ArchiveCopy;
import org.thywill.cli.ProgramRunner;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;

/**
 * The next command of every kind of finding, run as it is printed, changes something or says why
 * not, and leads to another one until there is nothing left to do.
 */
@Tag("slow")
class NextCommandTest {
  private static final int STEPS_MAX = 6;

  static List<FindingExamples.Example> examples() throws IOException {
    return FindingExamples.all().stream()
        .filter(example -> !example.code().equals("archive-in-use"))
        .toList();
  }

  private static Finding finding(FindingExamples.Example example) throws IOException {
    return example.look().at(new ArchiveFixture.Fixed(example.files())).stream()
        .filter(each -> each.code().equals(example.code()) && each.file().equals(example.file()))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
      }
    }
    files.keySet().removeIf(file -> file.endsWith(".lock"));
    return files;
  }

  /** The arguments of a printed command, with what a person fills in. */
  private static List<String> arguments(String next) {
    List<String> words = new ArrayList<>();
    for (String word : next.split(" ", -1)) {
      words.add(word.equals("TEXT") ? "as we found it" : word);
    }
    return words.subList(1, words.size());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void nextCommand_changesSomethingOrSaysWhyNot(
      FindingExamples.Example example, @TempDir Path folder) throws IOException {
    Finding finding = finding(example);
    if (finding.next().isEmpty()) {
      assertThat(finding.severity()).as(finding.toString()).isEqualTo(Finding.Severity.NOTE);
      return;
    }
    ProgramRunner program = new ProgramRunner(folder);
    for (Map.Entry<String, byte[]> file : example.files().entrySet()) {
      Path path = program.archive().resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    List<String> commands = new ArrayList<>(List.of(finding.next()));
    Map<String, String> before = files(folder);
    for (int step = 0; step < STEPS_MAX; step++) {
      String command = commands.getLast();
      if (command.startsWith("thywill serve")) {
        return; // It does not end; what it does at its start is tested by the ledger's tests.
      }
      List<String> words = arguments(command);
      // The examples are years old.
      List<String> options = new ArrayList<>(words.subList(1, words.size()));
      options.add("--clock-is-right");
      ProgramRunner.Run run = program.run(words.getFirst(), options.toArray(String[]::new));
      String output = run.out() + run.err();
      assertThat(run.exit()).as("%s: %s", command, output).isIn(0, 1, 3);
      if (!files(folder).equals(before)) {
        return;
      }
      String following = following(output, command);
      if (following.isEmpty() || commands.contains(following)) {
        assertThat(saysWhy(output))
            .as(
                "%s after %s %s says why it changes nothing: %s",
                command, finding, commands, output)
            .isTrue();
        return;
      }
      commands.add(following);
    }
    throw new AssertionError("no end after " + finding + ": " + commands);
  }

  @Test
  void copyHasAnotherHistory_theCommandsThatAreNamed_bringBothTogether(@TempDir Path folder)
      throws IOException {
    Path copy = folder.resolve("copy");
    ProgramRunner program =
        new ProgramRunner(folder, Map.of(Configuration.LOCATIONS, copy.toString()));
    program.playDemo();
    ArchiveCopy.write(new FileSystemDisk(program.archive()), new FileSystemDisk(copy));
    record(program.archive(), program.database(), "here");
    record(copy, folder.resolve("copy.db"), "there");
    ProgramRunner.Run report = program.run("recovery-report");
    assertThat(report.out()).contains("copy-forked", "Run: thywill join --from " + copy);
    List<String> commands = new ArrayList<>(List.of("thywill seal"));
    for (int step = 0; step < STEPS_MAX; step++) {
      List<String> words = arguments(commands.getLast());
      ProgramRunner.Run run =
          program.run(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new));
      String output = run.out() + run.err();
      if (commands.getLast().equals("thywill join --from " + copy)) {
        assertThat(run.exit()).as(output).isZero();
        break;
      }
      commands.add(following(output, commands.getLast()));
    }
    assertThat(commands)
        .containsExactly(
            "thywill seal",
            "thywill join --from " + copy + " --dry-run",
            "thywill join --from " + copy);
    assertThat(program.run("seal").exit()).as("the copy is joined").isZero();
    ProgramRunner.Run after = program.run("recovery-report", "--json");
    assertThat(after.out()).contains("joined up to change").doesNotContain("copy-forked");
    ProgramRunner.Run again = program.run("join", "--from", copy.toString());
    assertThat(again.out()).contains("There is nothing to join");
  }

  private static void record(Path archive, Path database, String id) throws IOException {
    new OperationLog(archive, database, InstantSource.system(), ProgressListener.NONE)
        .write(new OperationLog.Entry(id, OperationLog.REPAIR, "sound", "", ""));
  }

  /** The next command that an output names, other than the one that printed it. */
  private static String following(String output, String command) {
    return output
        .lines()
        .filter(line -> line.contains("Run: thywill ") || line.contains("Next: thywill "))
        .map(line -> line.substring(line.lastIndexOf(": thywill ") + 2).replaceFirst("\\.$", ""))
        .filter(next -> !next.equals(command))
        .findFirst()
        .orElse("");
  }

  /** Whether an output says that there is nothing to do, or what is lacking. */
  private static boolean saysWhy(String output) {
    return List.of("nothing to repair", "cannot be repaired", "nothing to accept", "As of ")
        .stream()
        .anyMatch(output::contains);
  }
}
