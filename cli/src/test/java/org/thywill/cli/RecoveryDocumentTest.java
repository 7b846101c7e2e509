package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Row;
import org.thywill.cli.recovery.RecoveryExercise;
import org.thywill.community.access.Ids;
import org.thywill.community.demo.Demo;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.settings.Configuration;
import org.thywill.operations.settings.SettingsArchiver;
import org.thywill.progress.ProgressListener;

/**
 * The commands of docs/RECOVERY.md: a community is damaged as a section describes, the commands of
 * the section are run, and then nothing is missing.
 */
@Tag("slow")
class RecoveryDocumentTest {
  private static final Pattern GIVEN = Pattern.compile("<!-- given: (\\S+) -->");
  private static Path played = Path.of("");
  @TempDir Path folder;

  /** A section of the document. */
  record Section(String heading, String given, List<String> commands) {
    /** Whether a command of it resumes service, which ends all sessions. */
    boolean endsSessions() {
      return commands.stream().anyMatch(command -> command.startsWith("./thywill resume"));
    }

    @Override
    public String toString() {
      return heading;
    }
  }

  static Stream<Section> sections() throws IOException {
    List<Section> sections = new ArrayList<>();
    for (String part : Files.readString(Path.of("../docs/RECOVERY.md")).split("\n## ", -1)) {
      Matcher given = GIVEN.matcher(part);
      List<String> commands = DocumentedCommands.in(part);
      String kind = given.find() ? given.group(1) : "";
      assertThat(kind.isEmpty())
          .as("a section with commands says what was broken before: " + part)
          .isEqualTo(commands.isEmpty());
      if (!commands.isEmpty()) {
        sections.add(new Section(part.lines().findFirst().orElse(""), kind, commands));
      }
    }
    return sections.stream();
  }

  @BeforeAll
  static void play(@TempDir Path once) throws IOException {
    played = once;
    new Demo(
            once.resolve("text_archives"),
            once.resolve("community.db"),
            Demo.Options.DEFAULT.withMembers(6).withPrayers(8))
        .play(ProgressListener.NONE);
  }

  @Test
  void everySituation_hasASection() throws IOException {
    assertThat(sections().map(Section::given).filter(given -> !given.equals("nothing")))
        .containsExactly(
            "database-gone",
            "table-wrong",
            "file-damaged",
            "head-lost",
            "digest-wrong",
            "line-lost",
            "line-lost",
            "line-lost-for-good",
            "torn-journal",
            "clock-wrong",
            "configuration-lost",
            "roles-emptied",
            "machine-gone",
            "older-archive",
            "two-histories",
            "no-copy");
  }

  @ParameterizedTest
  @MethodSource("sections")
  void section_itsCommandsRun_andNothingIsMissing(Section section)
      throws IOException, InterruptedException, SQLException {
    copy(played.resolve("text_archives"), archive());
    Files.copy(played.resolve("community.db"), database());
    breakIt(section.given());
    DocumentedCommands commands = new DocumentedCommands(folder);
    for (String command : section.commands()) {
      commands.run(command);
    }
    ProgramRunner program = new ProgramRunner(folder);
    assertThat(program.run("validate-archives").exit()).isZero();
    ProgramRunner.Run compared =
        program.raw("compare", archive().toString(), database().toString());
    assertThat(compared.exit()).as(compared.out()).isZero();
    if (!section.given().equals("clock-wrong") && !section.given().equals("configuration-lost")) {
      compared =
          program.raw("compare", played.resolve("community.db").toString(), database().toString());
      boolean isLost = section.given().equals("line-lost-for-good");
      if (section.given().equals("two-histories")) {
        assertThat(compared.out())
            .as("what only the other one had is here")
            .contains("  feature_flags/there: (nothing) | a row");
      } else if (isLost || !section.endsSessions()) {
        assertThat(compared.exit()).as(compared.out()).isEqualTo(isLost ? 1 : 0);
      } else {
        assertThat(compared.out().lines())
            .as("only sessions that had not run out have ended")
            .allMatch(
                line ->
                    line.startsWith("Equal in every row")
                        || line.endsWith(" differences in sessions")
                        || line.matches("  sessions/sha256:[0-9a-f]{64}: a row \\| \\(nothing\\)"));
      }
    }
  }

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private void breakIt(String kind) throws IOException, SQLException {
    switch (kind) {
      case "nothing", "no-copy" -> {}
      case "database-gone" -> RecoveryExercise.LOST_DATABASE.begin(folder);
      case "table-wrong" -> sql("DROP TABLE role_assignments");
      case "roles-emptied" -> sql("DELETE FROM role_assignments");
      case "file-damaged" -> RecoveryExercise.DAMAGED_FILE.begin(folder);
      case "head-lost" -> {
        for (String head : List.of("journal/head.txt", "journal/head.copy.txt")) {
          Files.delete(archive().resolve(head));
        }
      }
      case "digest-wrong" -> {
        FileSystemDisk disk = new FileSystemDisk(archive());
        Head.read(disk).with(Digest.empty()).write(disk);
      }
      case "line-lost" -> RecoveryExercise.LOST_LINE.begin(folder);
      case "line-lost-for-good" -> {
        RecoveryExercise.LOST_LINE.begin(folder);
        ArchiveFolders.delete(folder.resolve("copy"));
      }
      case "torn-journal" ->
          Files.writeString(newestJournal(), "marks|2026-10-31T19", StandardOpenOption.APPEND);
      case "clock-wrong" -> {
        ArchiveFolders.delete(archive());
        Files.delete(database());
        new Demo(
                archive(),
                database(),
                Demo.Options.DEFAULT
                    .withMembers(3)
                    .withPrayers(2)
                    .withEnd(Instant.parse("2090-01-01T00:00:00Z")))
            .play(ProgressListener.NONE);
      }
      case "configuration-lost" -> {
        try (Ledger ledger =
            Ledger.open(archive(), database(), InstantSource.system(), ProgressListener.NONE)) {
          new SettingsArchiver(ledger, Ids.parameters())
              .keep(
                  new Configuration(
                      Map.of("PEER_APPROVAL_COUNT", "3", "THYWILL_SERVER_KEY", "an invented one"),
                      Map.of()));
        }
      }
      case "machine-gone" -> {
        Files.move(archive(), folder.resolve("copy"));
        Files.delete(database());
      }
      case "older-archive" -> {
        copy(archive(), folder.resolve("older"));
        record(archive(), "drill-of-the-newer-one");
        Files.move(archive(), folder.resolve("copy"));
        Files.move(folder.resolve("older"), archive());
      }
      case "two-histories" -> {
        copy(archive(), folder.resolve("copy"));
        record(archive(), "drill-here");
        try (Ledger ledger =
            Ledger.open(
                folder.resolve("copy"),
                folder.resolve("copy.db"),
                InstantSource.system(),
                ProgressListener.NONE)) {
          Row flag =
              Row.in(Catalog.FEATURE_FLAGS)
                  .set(Catalog.FeatureFlags.NAME, "there")
                  .set(Catalog.FeatureFlags.ENABLED, true)
                  .build();
          ledger.write(Change.Cause.by("anna"), transaction -> transaction.add(flag));
        }
      }
      default ->
          throw new AssertionError(
              "the document names an unknown way to break a community: " + kind);
    }
  }

  private void record(Path archive, String id) throws IOException {
    new OperationLog(archive, database(), InstantSource.system(), ProgressListener.NONE)
        .write(new OperationLog.Entry(id, OperationLog.REPAIR, "sound", "", ""));
  }

  private void sql(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private Path newestJournal() throws IOException {
    try (var files = Files.list(archive().resolve("journal"))) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("head"))
          .sorted()
          .toList()
          .getLast();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
