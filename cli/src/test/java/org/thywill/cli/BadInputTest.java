package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.archive.disk.ArchiveLock;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;

/** Bad input gets one sentence and the exit code of the contract, and changes nothing. */
class BadInputTest {
  @TempDir Path folder;
  private ProgramRunner program;

  @BeforeEach
  void foundACommunity() throws IOException {
    program = new ProgramRunner(folder);
    Ledger.found(program.archive(), "c0ffee", InstantSource.system());
    Ledger.open(
            program.archive(), program.database(), InstantSource.system(), ProgressListener.NONE)
        .close();
  }

  private Map<String, String> everything() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var paths = Files.walk(folder)) {
      for (Path path :
          paths.filter(Files::isRegularFile).filter(path -> !path.endsWith(".lock")).toList()) {
        files.put(
            folder.relativize(path).toString(),
            new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private void refuses(ProgramRunner.Run run, int exit, String sentence) {
    assertThat(run.exit()).as(run.err()).isEqualTo(exit);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(sentence);
  }

  @Test
  void recover_targetExists_isRefused() throws IOException {
    Map<String, String> before = everything();
    refuses(program.run("recover"), 3, "--replace");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void recover_foreignFolder_isRefused() throws IOException {
    Files.createDirectory(program.path("holiday"));
    Files.writeString(program.path("holiday").resolve("photo.txt"), "sea");
    Map<String, String> before = everything();
    refuses(
        program.raw(
            "recover",
            "--archive",
            program.path("holiday").toString(),
            "--db",
            program.path("new.db").toString()),
        3,
        "not the folder of an archive");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void recover_noFolder_saysSo() throws IOException {
    Map<String, String> before = everything();
    refuses(
        program.raw(
            "recover",
            "--archive",
            program.path("nowhere").toString(),
            "--db",
            program.path("new.db").toString()),
        4,
        "no archive there");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void recover_newerFormat_isRefused() throws IOException {
    for (String name : List.of("archive.txt", "archive.copy.txt")) {
      Path file = program.archive().resolve(name);
      String text = Files.readString(file).replace("format|1-draft", "format|7");
      String body = text.substring(0, text.lastIndexOf("check|") + 6);
      CRC32 crc = new CRC32();
      crc.update(body.getBytes(StandardCharsets.UTF_8));
      Files.writeString(file, body + "%08x\n".formatted(crc.getValue()));
    }
    Map<String, String> before = everything();
    refuses(program.run("recover", "--replace"), 3, "format 7");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void recover_whileAnotherWrites_isRefused() throws IOException {
    try (Ledger ledger =
        Ledger.open(
            program.archive(), program.database(), InstantSource.system(), ProgressListener.NONE)) {
      assertThat(ledger.findings()).isEmpty();
      refuses(program.run("recover", "--replace"), 3, "another process holds the archive");
    }
  }

  /** The folder beside the archive belongs to the process that rewrites it. */
  @Test
  void rewriting_whileAnotherRewrites_takesNothingFromIt() throws IOException {
    Path begun = program.path("text_archives.retelling");
    Files.createDirectories(begun);
    Files.writeString(begun.resolve("archive.txt"), "half of it");
    try (ArchiveLock _ = ArchiveLock.acquire(program.archive(), "2026-03-04T05:06:07Z")) {
      for (List<String> words :
          List.of(List.of("1", "--reason", "lost"), List.of("--digest", "--reason", "wrong"))) {
        refuses(
            program.run("accept-gap", words.toArray(String[]::new)),
            3,
            "another process holds the archive");
      }
      refuses(
          program.run("correct-times", "--reason", "ahead"),
          3,
          "another process holds the archive");
      assertThat(begun.resolve("archive.txt")).hasContent("half of it");
    }
  }

  @Test
  void recover_damagedHeads_saysWhatIsNotProven() throws IOException {
    for (String head : List.of("journal/head.txt", "journal/head.copy.txt")) {
      Files.writeString(program.archive().resolve(head), "rubbish\n");
    }
    ProgramRunner.Run run = program.run("recover", "--replace");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out() + run.err()).contains("journal/head.txt", "Not proven");
    assertThat(program.archive().resolve("journal/head.txt")).hasContent("rubbish");
  }

  @Test
  void recover_folderOfTheDatabaseCannotBeMade_fails() throws IOException {
    Files.writeString(program.path("file"), "in the way");
    Map<String, String> before = everything();
    ProgramRunner.Run run =
        program.raw(
            "recover",
            "--archive",
            program.archive().toString(),
            "--db",
            program.path("file").resolve("x/new.db").toString());
    refuses(run, 4, "file");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void import_fileThatIsNotSqlite_isRefused() throws IOException {
    Files.writeString(program.path("notes.txt"), "Dear diary, ".repeat(2000));
    Map<String, String> before = everything();
    refuses(
        program.raw(
            "import",
            "--from-database",
            program.path("notes.txt").toString(),
            "--archive",
            program.path("new").toString(),
            "--db",
            program.path("new.db").toString()),
        3,
        "notes.txt");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void import_intoAForeignFolder_isRefused() throws IOException {
    Files.createDirectory(program.path("holiday"));
    Files.writeString(program.path("holiday").resolve("photo.txt"), "sea");
    Map<String, String> before = everything();
    refuses(
        program.raw(
            "import",
            "--from-database",
            SampleFiles.DATABASE.toString(),
            "--archive",
            program.path("holiday").toString(),
            "--db",
            program.path("new.db").toString()),
        3,
        "holiday");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void import_databaseExistsWithoutArchive_isRefused() throws IOException {
    Map<String, String> before = everything();
    refuses(
        program.raw(
            "import",
            "--from-database",
            SampleFiles.DATABASE.toString(),
            "--archive",
            program.path("new").toString(),
            "--db",
            program.database().toString()),
        3,
        "--replace");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void exportOriginal_targetExists_isRefused() throws IOException {
    Files.writeString(program.path("there.db"), "precious");
    Map<String, String> before = everything();
    refuses(
        program.run("export-original", "--to", program.path("there.db").toString()),
        3,
        "--replace");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void exportOriginal_ontoTheDatabaseItself_isRefused() throws IOException {
    Map<String, String> before = everything();
    refuses(
        program.run("export-original", "--replace", "--to", program.database().toString()),
        3,
        "community.db");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void exportOriginal_intoAnArchive_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(program.path("link"), program.archive());
    Map<String, String> before = everything();
    for (Path to :
        List.of(
            program.archive().resolve("out.db"),
            program.archive().resolve("journal/out.db"),
            program.archive().resolve("new/folder/out.db"),
            link.resolve("out.db"))) {
      refuses(
          program.run("export-original", "--to", to.toString()),
          3,
          "would be a file of the archive. Name another file with --to");
      refuses(
          program.raw(
              "export-original",
              "--archive",
              program.path("other").toString(),
              "--db",
              program.database().toString(),
              "--to",
              to.toString()),
          3,
          "would be a file of the archive. Name another file with --to");
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void timeWithoutAZone_isRefused_andAsksForOne() throws IOException {
    Map<String, String> before = everything();
    refuses(
        program.run("recover", "--replace", "--until", "2026-03-01T10:30"),
        2,
        "--until: 2026-03-01T10:30 has no zone; write 2026-03-01T10:30Z for UTC");
    refuses(
        program.run("as-of", "2026-03-01 10:30:00", "members/mary"),
        2,
        "TIME: 2026-03-01 10:30:00 has no zone");
    refuses(program.run("recover", "--replace", "--until", "2026-03-01T25:30"), 2, "expected");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void postgresql_isRefusedInOneSentence() {
    refuses(program.raw("digest", "--db", "postgresql://user@host/name"), 2, "PostgreSQL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recover --until never",
        "recover --only kitchen",
        "as-of never x",
        "nonsense",
        "recover --frob",
        "compare one",
        "export-original",
        "import",
        "demo --members many",
        "demo --members 0"
      })
  void wrongCommandLine_exits2(String line) {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    ProgramRunner.Run run = program.raw(words.toArray(String[]::new));
    assertThat(run.exit()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("thywill");
  }

  @Test
  void failure_withJson_isStillOneObject() {
    ProgramRunner.Run run = program.run("recover", "--json");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .contains(
            "\"command\":\"recover\"", "\"status\":\"refused\"", "\"exit\":3", "\"findings\":[]");
  }

  @Test
  void failure_afterAValueThatIsACommandsName_namesTheCommandThatRan() {
    String database = program.path("none.db").toString();
    ProgramRunner.Run run = program.raw("--archive", "demo", "--db", database, "--json", "digest");
    assertThat(run.exit()).as(run.err()).isEqualTo(4);
    assertThat(run.out()).startsWith("{\"command\":\"digest\",");
  }

  @Test
  void wrongCommandLine_afterAValueThatIsACommandsName_namesTheCommandThatWasMeant() {
    ProgramRunner.Run run = program.raw("--archive", "demo", "--json", "digest", "--frob");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("thywill: Unknown option: '--frob'. Run: thywill digest --help\n");
    assertThat(run.out()).startsWith("{\"command\":\"digest\",");
  }

  @Test
  void archiveDisabled_isRefused() {
    ProgramRunner.Run run =
        new ProgramRunner(folder, Map.of("TEXT_ARCHIVE_ENABLED", "false")).raw("config");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("the text is the community's memory");
  }
}
