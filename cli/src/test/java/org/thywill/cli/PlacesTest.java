package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.repair.ArchiveCopy;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.demo.Demo;
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

  @Test
  void olderArchiveIsPutBack_withoutDatabaseOrPlaces_theMachineRemembers() throws IOException {
    ProgramRunner machine =
        new ProgramRunner(folder, Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
    addFlag(program.archive(), program.database(), "lost");
    assertExitZero(machine.run("resume"));
    ArchiveFolders.delete(program.archive());
    Files.delete(program.database());
    Files.move(copy, program.archive());

    ProgramRunner.Run recovered = machine.run("recover");
    assertExitZero(recovered);
    assertThat(recovered.out()).contains("archive-older");
    ProgramRunner.Run refused = machine.run("resume");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err())
        .contains(
            "but on this machine it went up to change",
            "an older copy was put in its place",
            "--from COPY --apply",
            "--older --reason TEXT");
    assertThat(machine.run("resume", "--older").exit()).isEqualTo(2);
    assertExitZero(machine.run("resume", "--older", "--reason", "the newer one burned"));
    assertThat(Files.readString(newestOperations()))
        .contains("|older|written|this archive ends with change", "|the newer one burned|");
    assertExitZero(machine.run("resume"));
    assertExitZero(machine.run("validate-archives"));
  }

  @Test
  void anotherHistoryIsPutInPlace_orNothingCanBeRemembered() throws IOException {
    ProgramRunner machine =
        new ProgramRunner(folder, Map.of("XDG_STATE_HOME", folder.resolve("state").toString()));
    addFlag(program.archive(), program.database(), "here");
    assertExitZero(machine.run("resume"));
    for (String flag : List.of("there", "there too", "and there")) {
      addFlag(copy, folder.resolve("copy.db"), flag);
    }
    ArchiveFolders.delete(program.archive());
    Files.delete(program.database());
    Files.move(copy, program.archive());
    ProgramRunner.Run refused = machine.run("seal");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("is not the one that this machine has known");

    for (Map<String, String> forgetful :
        List.of(
            Map.<String, String>of(),
            Map.of("XDG_STATE_HOME", "relative", "HOME", ""),
            Map.of("XDG_STATE_HOME", "/dev/null"))) {
      assertExitZero(new ProgramRunner(folder, forgetful).run("seal"));
    }
  }

  @Test
  void timesWereCorrected_anOldCopyIsBehind_untilItHasSomethingOfItsOwn() throws IOException {
    ArchiveFolders.delete(program.archive());
    Files.delete(program.database());
    ArchiveFolders.delete(copy);
    new Demo(
            program.archive(),
            program.database(),
            Demo.Options.DEFAULT
                .withMembers(3)
                .withPrayers(2)
                .withEnd(Instant.parse("2090-01-01T00:00:00Z")))
        .play(ProgressListener.NONE);
    ArchiveCopy.write(new FileSystemDisk(program.archive()), new FileSystemDisk(copy));
    assertExitZero(program.run("correct-times", "--reason", "the battery was empty"));
    assertThat(placesSaid()).contains(" on by correct-times; copy the archive there again.");
    assertExitZero(program.run("seal"));
    assertThat(program.run("recovery-report").out())
        .contains("is from before this archive was rewritten from change ")
        .doesNotContain("copy-forked");
    ProgramRunner.Run joined = program.run("join", "--from", copy.toString());
    assertThat(joined.out()).contains("There is nothing to join");

    try (Ledger ledger =
        Ledger.openAt(
            copy,
            folder.resolve("copy.db"),
            InstantSource.fixed(Instant.parse("2090-02-01T00:00:00Z")),
            ProgressListener.NONE)) {
      ledger.write(
          Change.Cause.by("anna"),
          transaction ->
              transaction.add(
                  Row.in(Catalog.FEATURE_FLAGS)
                      .set(Catalog.FeatureFlags.NAME, "there")
                      .set(Catalog.FeatureFlags.ENABLED, true)
                      .build()));
    }
    assertThat(program.run("seal").err()).contains("two histories from change");
  }

  @Test
  void placeIsGone_itIsSaidWhenItWasLastSeen() throws IOException {
    ProgramRunner machine =
        new ProgramRunner(
            folder,
            Map.of(
                Configuration.LOCATIONS,
                copy.toString(),
                "XDG_STATE_HOME",
                folder.resolve("state").toString()));
    assertExitZero(machine.run("seal"));
    Files.move(copy, folder.resolve("unplugged"));
    for (int i = 0; i < 2; i++) {
      ProgramRunner.Run refused = machine.run("seal");
      assertThat(refused.exit()).isEqualTo(3);
      assertThat(refused.err())
          .containsPattern(
              "is not there \\(last seen with change \\d+ at 20\\d\\d-\\d\\d-\\d\\dT[0-9:]+Z\\)");
    }
  }

  private static void assertExitZero(ProgramRunner.Run run) {
    assertThat(run.exit()).as(run.out() + run.err()).isZero();
  }
}
