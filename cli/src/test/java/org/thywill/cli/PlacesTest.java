package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;

/** An archive that lacks what a copy has is not written to, and gets it from there. */
class PlacesTest {
  @TempDir Path folder;
  private ProgramRunner program;
  private Path copy;

  PlacesTest(@TempDir Path folder) {
    program = new ProgramRunner(folder);
    copy = folder;
  }

  @BeforeEach
  void found() throws IOException {
    copy = folder.resolve("copy");
    program =
        new ProgramRunner(folder, Map.of(Configuration.LOCATIONS, copy + ", " + folder + "/none"));
    program.playDemo();
    try (var files = Files.walk(program.archive())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(program.archive().relativize(file).toString()));
      }
    }
  }

  private static void addFlag(Path archive, Path database, String name) throws IOException {
    try (Ledger ledger =
        Ledger.open(archive, database, InstantSource.system(), ProgressListener.NONE)) {
      Row flag =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, name)
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      ledger.write(Change.Cause.by("anna"), transaction -> transaction.add(flag));
    }
  }

  @Test
  void copyIsAhead_nothingIsWritten_untilTheArchiveHasItsChanges() throws IOException {
    addFlag(copy, folder.resolve("copy.db"), "there");
    for (String command :
        new String[] {
          "resume",
          "admin-link",
          "seal",
          "correct-times --reason ahead",
          "accept-gap --digest --reason wrong"
        }) {
      String[] words = command.split(" ", -1);
      ProgramRunner.Run refused = program.run(words[0], Arrays.copyOfRange(words, 1, words.length));
      assertThat(refused.exit()).as(command + refused.err()).isEqualTo(3);
      assertThat(refused.err())
          .contains(
              "has 1 change that this archive lacks",
              "by anna",
              "Run: thywill repair-archives --from " + copy + " --apply");
    }
    ProgramRunner.Run recovered = program.run("recover", "--dry-run");
    assertThat(recovered.exit()).as(recovered.err()).isZero();
    assertThat(recovered.out() + recovered.err()).contains("has 1 change that this archive lacks");
    ProgramRunner.Run plan = program.run("repair-archives", "--from", copy.toString());
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("Can be extended: changes ");
    ProgramRunner.Run done =
        program.run("repair-archives", "--from", copy.toString(), "--apply", "--json");
    assertThat(done.exit()).as(done.out()).isZero();
    assertThat(done.out()).contains("\"extended\"");
    ProgramRunner.Run again = program.run("repair-archives", "--from", copy.toString(), "--apply");
    assertThat(again.out()).contains("there is nothing to repair");
    assertThat(program.raw("compare", copy.toString(), program.database().toString()).exit())
        .isZero();
    assertThat(program.run("resume").exit()).isZero();
  }

  @Test
  void copyHasAnotherHistory_nothingIsWritten() throws IOException {
    addFlag(copy, folder.resolve("copy.db"), "there");
    addFlag(program.archive(), program.database(), "here");
    ProgramRunner.Run refused = program.run("admin-link");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err())
        .contains(
            "two histories from change",
            "Run: thywill join --from " + copy + " --dry-run",
            "Two servers have written");
    ProgramRunner.Run drill = program.run("test-recovery");
    assertThat(drill.err() + drill.out()).contains("the report of this drill was not archived");
    Files.move(copy, folder.resolve("other"));
    assertExitZero(new ProgramRunner(folder).run("resume"));
  }

  @Test
  void noPlaceIsReached_everyCommandThatWritesRefuses_untilTheOperatorSaysSo() throws IOException {
    Files.move(copy, folder.resolve("unplugged"));
    Files.createDirectory(copy); // as the folder of a disk that is not mounted
    for (String command :
        new String[] {
          "resume",
          "admin-link",
          "seal",
          "correct-times --reason ahead",
          "accept-gap 1 --reason wrong",
          "join --from " + folder.resolve("unplugged")
        }) {
      String[] words = command.split(" ", -1);
      ProgramRunner.Run refused = program.run(words[0], Arrays.copyOfRange(words, 1, words.length));
      assertThat(refused.exit()).as(command + refused.err()).isEqualTo(3);
      assertThat(refused.err())
          .contains(
              "none of the places that ARCHIVE_LOCATIONS names can be reached",
              copy + " holds no archive",
              folder + "/none is not there",
              "--alone --reason TEXT");
    }
    ProgramRunner.Run wordless = program.run("admin-link", "--alone");
    assertThat(wordless.exit()).as(wordless.err()).isEqualTo(2);
    assertExitZero(program.run("resume", "--alone", "--reason", "the disk is at the shop"));
    assertThat(Files.readString(newestOperations()))
        .contains("|alone|written|none of the places", "|the disk is at the shop|");
    ProgramRunner.Run recovered = program.run("recover", "--dry-run", "--json");
    assertThat(recovered.exit()).as(recovered.err()).isZero();
    assertThat(recovered.out()).contains("\"state\":\"unreachable\"", "copy-unreachable");

    ArchiveFolders.delete(copy);
    Files.move(folder.resolve("unplugged"), copy);
    long before = Files.size(newestOperations());
    assertExitZero(program.run("resume", "--alone", "--reason", "out of habit"));
    assertThat(Files.size(newestOperations())).as("a place answers").isEqualTo(before);
  }

  private Path newestOperations() throws IOException {
    try (var files = Files.list(program.archive().resolve("operations"))) {
      return files.sorted().toList().getLast();
    }
  }

  @Test
  void whatAPlaceIs_isSaidByRecover() throws IOException {
    assertThat(placesSaid()).contains("The copy " + copy + " has the same changes.");
    addFlag(copy, folder.resolve("copy.db"), "there");
    addFlag(copy, folder.resolve("copy.db"), "there too");
    assertThat(placesSaid())
        .contains("The copy " + copy + " goes 2 changes further than this archive.");
    addFlag(program.archive(), program.database(), "here");
    assertThat(placesSaid()).contains("The copy " + copy + " has another history from change ");
  }

  private String placesSaid() {
    ProgramRunner.Run run = program.run("recover", "--dry-run");
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }

  @Test
  void archiveIsMissing_andACopyIsThere_noCommunityIsFounded() throws IOException {
    ArchiveFolders.delete(program.archive());
    Files.delete(program.database());
    ProgramRunner.Run refused = program.run("serve", "--port", "0");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("cp -a " + copy + " " + program.archive());
    assertThat(program.archive()).doesNotExist();
  }

  @Test
  void databaseIsNewerThanTheArchive_theRefusalNamesTheWaysOut() throws IOException {
    addFlag(program.archive(), program.database(), "lost");
    Files.move(program.archive(), folder.resolve("newer"));
    Files.move(copy, program.archive());
    ProgramRunner.Run refused = new ProgramRunner(folder).run("resume");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err())
        .contains(
            "the database is newer",
            "--from COPY --apply",
            "Run: thywill recover --replace --older");
    assertExitZero(program.run("recover", "--replace", "--older"));
    assertExitZero(new ProgramRunner(folder).run("resume"));
  }

  @Test
  void copyIsBehind_orDamaged_isNoHindrance() throws IOException {
    addFlag(program.archive(), program.database(), "here");
    assertExitZero(program.run("resume"));
    Files.writeString(copy.resolve("journal/head.txt"), "");
    Files.writeString(copy.resolve("journal/head.copy.txt"), "");
    assertExitZero(program.run("resume"));
  }

  private static void assertExitZero(ProgramRunner.Run run) {
    assertThat(run.exit()).as(run.out() + run.err()).isZero();
  }
}
