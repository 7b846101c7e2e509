package org.thywill.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.archive.check.FindingExamples;
import org.thywill.cli.ProgramRunner;

/**
 * Changes that are lost for good are accepted with a reason, and every later check reports them.
 */
class AcceptGapCommandTest {
  private final ProgramRunner program;

  AcceptGapCommandTest(@TempDir Path folder) throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private static Map<Path, String> files(Path archive) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (var all = Files.walk(archive)) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(file -> !file.endsWith(".lock")).toList()) {
        files.put(archive.relativize(file), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  /** Damages the first line of a log in all files, deletes all parities; returns the line's seq. */
  private String lose(String log) throws IOException {
    Map<Path, String> files = files(program.archive());
    String line =
        files.entrySet().stream()
            .filter(file -> file.getKey().toString().endsWith(log))
            .findFirst()
            .orElseThrow()
            .getValue()
            .lines()
            .filter(each -> each.contains("|added|"))
            .findFirst()
            .orElseThrow();
    String spoiled = line.substring(0, line.length() - 1) + (line.endsWith("0") ? "1" : "0");
    for (Map.Entry<Path, String> file : files.entrySet()) {
      Path path = program.archive().resolve(file.getKey());
      if (path.toString().endsWith("_parity.txt")) {
        Files.delete(path);
      } else if (file.getValue().contains(line)) {
        Files.writeString(
            path, file.getValue().replace(line, spoiled), StandardCharsets.ISO_8859_1);
      }
    }
    Matcher seq = Pattern.compile("\\|added\\|(\\d+)\\|").matcher(line);
    assertThat(seq.find()).isTrue();
    return seq.group(1);
  }

  @Test
  void lostChange_isAcceptedWithAReason_andTheArchiveIsSoundButNeverSilent() throws IOException {
    String seq = lose("_marks.txt");
    Map<Path, String> damaged = files(program.archive());
    assertThat(program.run("validate-archives").exit()).isEqualTo(1);

    ProgramRunner.Run done =
        program.run("accept-gap", seq, "--reason", "the disk of March; no copy has it", "--json");
    assertThat(done.exit()).as(done.out() + done.err()).isZero();
    assertThat(done.out())
        .contains(
            "\"accepted\":[\"" + seq + "\"]",
            "\"sound\":true",
            "\"accepted_gaps\":1",
            "\"code\":\"gap-accepted\"",
            "change "
                + seq
                + " is lost for good, as an operator has accepted; it may have changed marks");
    assertThat(files(program.path(program.archive().getFileName() + ".before-gap-1")))
        .as("what was there is kept")
        .isEqualTo(damaged);

    assertSoundWithOneGap();
    ProgramRunner.Run recovered = program.run("recover", "--replace");
    assertThat(recovered.exit()).as(recovered.out() + recovered.err()).isZero();
    assertThat(recovered.out() + recovered.err())
        .contains(
            "change "
                + seq
                + " is lost for good, as an operator has accepted; the database was made without",
            ": the one that the archive recorded.");
    assertThat(program.run("resume").exit()).isZero();
    assertSoundWithOneGap();
    assertThat(
            program
                .run("compare", program.archive().toString(), program.database().toString())
                .exit())
        .isZero();
    assertThat(
            files(program.archive()).entrySet().stream()
                .filter(file -> file.getKey().startsWith("operations"))
                .map(Map.Entry::getValue))
        .anyMatch(
            text ->
                text.contains("|gap|accepted|" + seq + "|")
                    && text.contains("the disk of March; no copy has it"));

    lose("_users.txt");
    assertThat(program.run("validate-archives").exit())
        .as("what is lost later is found as ever")
        .isEqualTo(1);
  }

  /** Earlier programs wrote such lines where a database had been changed by hand. */
  @ParameterizedTest
  @ValueSource(strings = {"row-added-twice", "row-absent"})
  void lineThatDoesNotFitTheRowsBefore_isAccepted_andTheCommunityCanBeRecovered(
      String code, @TempDir Path folder) throws IOException {
    ProgramRunner poisoned = new ProgramRunner(folder);
    FindingExamples.Example example =
        FindingExamples.all().stream()
            .filter(each -> each.code().equals(code))
            .findFirst()
            .orElseThrow();
    for (Map.Entry<String, byte[]> file : example.files().entrySet()) {
      Path path = poisoned.archive().resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    assertThat(poisoned.run("recover").exit()).isEqualTo(3);
    ProgramRunner.Run checked = poisoned.run("validate-archives", "--json");
    Matcher next =
        Pattern.compile("thywill (accept-gap (\\d+) --reason) TEXT").matcher(checked.out());
    assertThat(next.find()).as(checked.out()).isTrue();
    String seq = next.group(2);
    ProgramRunner.Run other =
        poisoned.run("accept-gap", "1", "--reason", "by mistake", "--clock-is-right");
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.err()).contains("not contradicting: 1. What is contradicting: " + seq);

    ProgramRunner.Run done =
        poisoned.run("accept-gap", seq, "--reason", "changed by hand", "--clock-is-right");
    assertThat(done.exit()).as(done.out() + done.err()).isZero();
    assertThat(done.out()).contains("Accepted although they contradict others: " + seq);
    assertThat(poisoned.run("validate-archives").out()).startsWith("Sound: ");
    ProgramRunner.Run recovered = poisoned.run("recover");
    assertThat(recovered.exit()).as(recovered.out() + recovered.err()).isZero();
    assertThat(
            files(poisoned.archive()).entrySet().stream()
                .filter(file -> file.getKey().startsWith("operations"))
                .map(Map.Entry::getValue))
        .anyMatch(
            text ->
                text.contains("|contradiction|accepted|" + seq + "|")
                    && text.contains("changed by hand"));
  }

  private void assertSoundWithOneGap() {
    ProgramRunner.Run checked = program.run("validate-archives");
    assertThat(checked.exit()).as(checked.out() + checked.err()).isZero();
    assertThat(checked.out()).startsWith("Sound, one accepted gap:");
    assertThat(program.run("repair-archives").out())
        .contains("Sound, one accepted gap: there is nothing to repair.");
  }

  @Test
  void whatIsNotLost_orNotAllThatIs_isRefused_andNothingIsTouched() throws IOException {
    Map<Path, String> sound = files(program.archive());
    assertThat(program.run("accept-gap", "3", "--reason", "why not").err())
        .contains("no change is lost, so there is nothing to accept");
    assertThat(files(program.archive())).isEqualTo(sound);

    String mark = lose("_marks.txt");
    String prayer = lose("_prayers.txt");
    Map<Path, String> damaged = files(program.archive());
    List<String> both =
        Integer.parseInt(mark) < Integer.parseInt(prayer)
            ? List.of(mark, prayer)
            : List.of(prayer, mark);
    ProgramRunner.Run one = program.run("accept-gap", mark, "--reason", "gone");
    assertThat(one.exit()).isEqualTo(3);
    assertThat(one.err())
        .contains(
            "also lost: " + prayer,
            "thywill accept-gap " + String.join(" ", both) + " --reason TEXT");
    ProgramRunner.Run other = program.run("accept-gap", mark, prayer, "1", "--reason", "gone");
    assertThat(other.exit()).isEqualTo(3);
    assertThat(other.err()).contains("not lost: 1. What is lost: " + String.join(", ", both));
    assertThat(program.run("accept-gap", mark).exit()).as("without a reason").isEqualTo(2);
    assertThat(program.run("accept-gap", mark, "--reason", " ").exit()).isEqualTo(2);
    assertThat(program.run("accept-gap", "5-4", "--reason", "gone").exit()).isEqualTo(2);
    assertThat(program.run("accept-gap", "all", "--reason", "gone").err())
        .contains("expected the number of a change such as 17, or 19-22, found all");
    assertThat(files(program.archive())).isEqualTo(damaged);
  }
}
