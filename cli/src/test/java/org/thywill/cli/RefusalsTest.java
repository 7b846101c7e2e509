package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command cannot or must not do it refuses, with the right exit code, and writes nothing.
 */
class RefusalsTest {
  /** The seq of a change, and that of the last one of its transaction, which is another. */
  private static final Pattern FIRST_OF_SEVERAL =
      Pattern.compile("\\|(\\d+)\\|\\1-(?!\\1\\|)(\\d+)\\|");

  private final ProgramRunner program;

  RefusalsTest(@TempDir Path folder) throws IOException {
    program = new ProgramRunner(folder);
    program.playDemo();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(program.path("."))) {
      return all.filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(file -> !file.matches(".*(\\.lock|\\.db-wal|\\.db-shm|\\.db-stamp)"))
          .sorted()
          .toList();
    }
  }

  private ProgramRunner.Run run(List<String> line) {
    List<String> arguments = new ArrayList<>(line);
    return program.run(arguments.removeFirst(), arguments.toArray(String[]::new));
  }

  @Test
  void sourceThatIsMissing_isOfTheEnvironment_everywhere() throws IOException {
    String missing = program.path("nowhere").toString();
    List<String> before = files();
    for (List<String> line :
        List.of(
            List.of("import", "--replace", "--from-database", missing),
            List.of("import", "--replace", "--from-archives", missing),
            List.of("import", "--from-archives", missing),
            List.of("import", "--from-archives", missing, "--from-email-database", missing),
            List.of("compare", program.archive().toString(), missing),
            List.of("compare", missing, program.archive().toString()),
            List.of("test-recovery", "--from", missing),
            List.of("repair-archives", "--from", missing),
            List.of("recover", "--replace", "--overrides", missing))) {
      ProgramRunner.Run run = run(line);
      assertThat(run.exit()).as(line + run.err()).isEqualTo(4);
      assertThat(run.err()).as(line.toString()).contains(missing);
    }
    for (String command :
        List.of("validate-archives", "recover", "digest", "as-of", "seal", "resume")) {
      List<String> line =
          new ArrayList<>(List.of(command, "--archive", missing, "--db", missing + ".db"));
      if (command.equals("as-of")) {
        line.addAll(List.of("1", "members/anna"));
      }
      ProgramRunner.Run run = program.raw(line.toArray(String[]::new));
      assertThat(run.exit()).as(command + run.err()).isEqualTo(4);
    }
    ProgramRunner.Run export =
        program.raw("export-original", "--db", missing, "--to", program.path("s.db").toString());
    assertThat(export.exit()).as(export.err()).isEqualTo(4);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void fileInTheFolderOfTheArchive_isNeverWritten() throws IOException {
    Path inside = program.archive().resolve("system/out");
    Path newArchive = program.path("new_archives");
    Path source = program.path("original.db");
    assertThat(program.run("export-original", "--to", source.toString()).exit()).isZero();
    List<String> before = files();
    for (List<String> line :
        List.of(
            List.of("export-original", "--to", inside.toString()),
            List.of("recovery-report", "--html", inside.toString()),
            List.of("import", "--from-database", source.toString(), "--html", inside.toString()))) {
      ProgramRunner.Run run = run(line);
      assertThat(run.exit()).as(line + run.err()).isEqualTo(3);
      assertThat(run.err()).contains(inside + " would be a file of the archive. Name another");
    }
    for (List<String> line :
        List.of(
            List.of("demo", "--archive", program.archive().toString(), "--dir", inside.toString()),
            List.of(
                "recover", "--archive", program.archive().toString(), "--db", inside.toString()),
            List.of(
                "import",
                "--from-database",
                source.toString(),
                "--archive",
                newArchive.toString(),
                "--db",
                newArchive.resolve("community.db").toString()),
            List.of(
                "serve",
                "--port",
                "0",
                "--archive",
                newArchive.toString(),
                "--db",
                newArchive.resolve("community.db").toString()))) {
      ProgramRunner.Run run = program.raw(line.toArray(String[]::new));
      assertThat(run.exit()).as(line + run.err()).isEqualTo(3);
      assertThat(run.err()).contains(" would be a file of the archive. Name another file with --");
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void import_ofWhatIsNoArchiveOfTheOriginal_isRefused_andWritesNothing() throws IOException {
    Path empty = Files.createDirectories(program.path("empty"));
    Path notes = Files.writeString(program.path("notes.txt"), "dear diary");
    Path binary = Files.write(program.path("ls"), new byte[] {0x7f, 'E', 'L', 'F', 0, 1, -1, -2});
    List<String> before = files();
    for (Path source : List.of(empty, notes, binary)) {
      for (String archive : List.of("new_archives", "text_archives")) {
        String database = archive.equals("text_archives") ? "community.db" : "new.db";
        ProgramRunner.Run run =
            program.raw(
                "import",
                "--from-archives",
                source.toString(),
                "--archive",
                program.path(archive).toString(),
                "--db",
                program.path(database).toString(),
                "--json");
        assertThat(run.exit()).as(source + run.err()).isEqualTo(3);
        assertThat(run.out()).contains("\"status\":\"refused\"");
        assertThat(run.err()).contains("is no text archive of the original");
      }
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void demo_leavesNothingThatWasPutAside() throws IOException {
    Path dir = program.path("another");
    ProgramRunner.Run run =
        program.raw("demo", "--dir", dir.toString(), "--members", "4", "--prayers", "5");
    assertThat(run.exit()).as(run.err()).isZero();
    try (Stream<Path> all = Files.list(dir)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .contains("text_archives", "community.db")
          .isSubsetOf("text_archives", "community.db", "community.db-wal", "community.db-shm");
    }
  }

  @Test
  void fileThatIsALink_isNamedAsOne_byBothChecks() throws IOException {
    Path store = Files.createDirectories(program.path("store"));
    for (String name : List.of("users/2026_01_users.txt", "seals/2026_01.txt")) {
      Path file = program.archive().resolve(name);
      Path moved = Files.move(file, store.resolve(file.getFileName()));
      Files.createSymbolicLink(file, moved);
      for (List<String> line :
          List.of(List.of("validate-archives"), List.of("validate-archives", "--quick"))) {
        ProgramRunner.Run run = run(line);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out())
            .contains(name + ": is a symbolic link; expected a file")
            .doesNotContain(name + ": is missing");
      }
    }
  }

  @Test
  void recover_untilTheMiddleOfATransaction_saysWhereTheDatabaseEnds() throws IOException {
    Matcher first = FIRST_OF_SEVERAL.matcher(Files.readString(firstJournal()));
    assertThat(first.find()).isTrue();
    long seq = Long.parseLong(first.group(1));
    ProgramRunner.Run run = program.run("recover", "--replace", "--until", first.group(1));
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "Change %d is part of a transaction that ends with change %s; the last whole one before it ends with change %d."
                .formatted(seq, first.group(2), seq - 1));
  }

  private Path firstJournal() throws IOException {
    try (Stream<Path> all = Files.list(program.archive().resolve("journal"))) {
      return all.filter(file -> file.getFileName().toString().matches("2.*\\.txt"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void figures_areTheSameInEveryLanguageOfTheMachine() throws IOException, InterruptedException {
    List<String> line =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-Duser.language=de",
            "-Duser.country=DE",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "org.thywill.cli.Main",
            "recover",
            "--replace",
            "--archive",
            program.archive().toString(),
            "--db",
            program.database().toString());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).containsPattern("Recovered \\d+ rows from \\d+ changes in \\d+\\.\\d s\\.");
  }
}
