package org.thywill.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Digest;
import org.thywill.cli.ProgramRunner;

/** No file that is lost, foreign or wrong leaves an operator without a command that leads on. */
class LostControlFilesCommandTest {
  private final Path folder;
  private final ProgramRunner program;

  LostControlFilesCommandTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private void delete(String... files) throws IOException {
    for (String file : files) {
      Files.delete(program.archive().resolve(file));
    }
  }

  private void requireEndsWell() {
    ProgramRunner.Run repair = program.run("repair-archives", "--apply");
    assertThat(repair.exit()).as(repair.out() + repair.err()).isZero();
    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).as(check.out()).isZero();
    ProgramRunner.Run recover = program.run("recover", "--replace");
    assertThat(recover.exit()).as(recover.out() + recover.err()).isZero();
    assertThat(recover.out()).contains("the one that the archive recorded");
  }

  @Test
  void bothHeadsAreLost_everyCommandLeadsOn() throws IOException {
    delete("journal/head.txt", "journal/head.copy.txt");
    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out() + check.err()).contains("Not proven", "repair-archives --apply");
    ProgramRunner.Run recover = program.run("recover", "--replace");
    assertThat(recover.exit()).as(recover.err()).isEqualTo(1);
    assertThat(recover.out()).contains("Recovered", "no head is left that proves it");
    ProgramRunner.Run accept = program.run("accept-gap", "1", "--reason", "x");
    assertThat(accept.exit()).isEqualTo(3);
    assertThat(accept.err()).contains("no change is lost", "repair-archives --apply");
    requireEndsWell();
    assertThat(program.run("test-recovery").exit()).isZero();
  }

  @Test
  void theJournalFolderAndTheIdentityAreLost_theArchiveIsMadeAgain() throws IOException {
    try (var files = Files.list(program.archive().resolve("journal"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    delete("journal", "archive.txt", "archive.copy.txt");
    ProgramRunner.Run recover = program.run("recover", "--dry-run");
    assertThat(recover.exit()).as(recover.out() + recover.err()).isEqualTo(1);
    assertThat(recover.out() + recover.err())
        .contains("is lost with this file", "thywill repair-archives --apply");
    requireEndsWell();
  }

  @Test
  void aFolderIsInThePlaceOfAFile_theRepairMovesItAside() throws IOException {
    for (String file : List.of("archive.txt", "journal/head.txt")) {
      delete(file);
      Files.createDirectories(program.archive().resolve(file).resolve("inner"));
      Files.writeString(program.archive().resolve(file).resolve("inner/note.txt"), "mine");
      ProgramRunner.Run check = program.run("validate-archives");
      assertThat(check.exit()).as(check.err()).isEqualTo(1);
      assertThat(check.out() + check.err()).contains("is a folder; expected a file");
      requireEndsWell();
      assertThat(program.archive().resolve(file)).isRegularFile();
    }
  }

  @Test
  void aFileIsInThePlaceOfAFolder_theRepairMovesItAside() throws IOException {
    Path roles = program.archive().resolve("roles");
    try (var files = Files.list(roles)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(roles);
    Files.writeString(roles, "a note");
    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).as(check.err()).isEqualTo(1);
    requireEndsWell();
    assertThat(roles).isDirectory();
  }

  @Test
  void onlyTheRecordedDigestDisagrees_theDatabaseIsBuilt_andTheDigestAcceptedWithAReason()
      throws IOException {
    FileSystemDisk disk = new FileSystemDisk(program.archive());
    Head head = Head.read(disk);
    head.with(Digest.empty()).write(disk);

    ProgramRunner.Run check = program.run("validate-archives");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out() + check.err()).contains("thywill accept-gap --digest --reason TEXT");
    ProgramRunner.Run recover = program.run("recover", "--replace");
    assertThat(recover.exit()).as(recover.err()).isEqualTo(1);
    assertThat(recover.out()).contains("not the one that the archive recorded");

    assertThat(program.run("accept-gap", "--reason", "x").exit()).isEqualTo(2);
    assertThat(program.run("accept-gap", "--digest", "1", "--reason", "x").exit()).isEqualTo(2);
    ProgramRunner.Run accept =
        program.run("accept-gap", "--digest", "--reason", "the old program counted wrong");
    assertThat(accept.exit()).as(accept.err()).isZero();
    assertThat(accept.out()).contains("Accepted: digest " + head.digest().hex(), "Sound");
    ProgramRunner.Run again = program.run("accept-gap", "--digest", "--reason", "x");
    assertThat(again.exit()).isEqualTo(3);
    assertThat(again.err()).contains("there is nothing to accept");
    try (var files = Files.list(program.archive().resolve("operations"))) {
      assertThat(
              files.map(
                  file -> {
                    try {
                      return Files.readString(file);
                    } catch (IOException e) {
                      return e.toString();
                    }
                  }))
          .anyMatch(
              text ->
                  text.contains("|digest|accepted|was ")
                      && text.contains("the old program counted wrong"));
    }
    requireEndsWell();
  }

  @Test
  void placesOfTheConfiguration_areUsedWithoutBeingNamed() throws IOException {
    Path copy = folder.resolve("copy");
    copy(program.archive(), copy);
    Path log;
    try (var files = Files.list(program.archive().resolve("users"))) {
      log = files.sorted().findFirst().orElseThrow();
    }
    String was = Files.readString(log);
    String line = was.lines().filter(each -> each.contains("|added|")).findFirst().orElseThrow();
    spoil(program.archive(), line);
    assertThat(program.run("repair-archives").out()).contains("cannot be repaired");
    ProgramRunner placed =
        new ProgramRunner(
            folder,
            Map.of("ARCHIVE_LOCATIONS", folder.resolve("none") + "," + copy + "," + folder));
    ProgramRunner.Run repair = placed.run("repair-archives", "--apply");
    assertThat(repair.exit()).as(repair.out() + repair.err()).isZero();
    assertThat(Files.readString(log)).isEqualTo(was);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Damages a line wherever it is, and deletes the parities. */
  private static void spoil(Path archive, String line) throws IOException {
    try (var files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String wanted =
            new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (file.toString().endsWith("_parity.txt")) {
          Files.delete(file);
        } else if (text.contains(wanted)) {
          Files.writeString(
              file,
              text.replace(wanted, wanted.substring(0, wanted.length() - 1) + "x"),
              StandardCharsets.ISO_8859_1);
        }
      }
    }
  }
}
