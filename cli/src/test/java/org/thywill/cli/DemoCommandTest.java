package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thywill.cli.recovery.RecoveryExercise;

class DemoCommandTest {
  @TempDir Path folder;

  @Test
  void demo_losesItsDatabase_andGetsItBack() {
    ProgramRunner program = new ProgramRunner(folder);
    Path dir = program.path("demo");
    ProgramRunner.Run run =
        program.raw("demo", "--dir", dir.toString(), "--members", "8", "--prayers", "12", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .contains(
            "\"equal\":true",
            "\"command\":\"demo\"",
            "\"digest_before\":\"",
            "\"archive\":\"" + dir.resolve("text_archives"));
    assertThat(run.err()).contains("Both are equal");

    assertThat(
            program
                .raw("validate-archives", "--archive", dir.resolve("text_archives").toString())
                .exit())
        .isZero();
    assertThat(
            program
                .raw(
                    "compare",
                    dir.resolve("text_archives").toString(),
                    dir.resolve("community.db").toString())
                .exit())
        .isZero();
  }

  @Test
  void demo_intoAFolderThatIsThere_isRefusedAndWithReplacePutsItAside() {
    ProgramRunner program = new ProgramRunner(folder);
    Path dir = program.path("demo");
    assertThat(
            program.raw("demo", "--dir", dir.toString(), "--members", "3", "--prayers", "2").exit())
        .isZero();
    assertThat(
            program.raw("demo", "--dir", dir.toString(), "--members", "3", "--prayers", "2").exit())
        .isEqualTo(3);
    assertThat(
            program
                .raw(
                    "demo",
                    "--dir",
                    dir.toString(),
                    "--members",
                    "3",
                    "--prayers",
                    "2",
                    "--replace")
                .exit())
        .isZero();
    assertThat(program.path("demo.replaced-1")).isDirectory();
  }

  @ParameterizedTest
  @EnumSource(RecoveryExercise.class)
  void exercise_begunAndNotDone_isNotRight(RecoveryExercise exercise) throws IOException {
    ProgramRunner program = new ProgramRunner(folder);
    String dir = program.path("demo").toString();
    assertThat(program.raw("demo", "--check", "--dir", program.path("nowhere").toString()).exit())
        .isEqualTo(3);
    ProgramRunner.Run begun =
        program.raw(
            "demo", "--dir", dir, "--members", "6", "--prayers", "8", "--break", exercise.label());
    assertThat(begun.exit()).as(begun.err()).isZero();
    assertThat(begun.out()).contains("Now it is broken on purpose: " + exercise.what() + ".");
    ProgramRunner.Run check = program.raw("demo", "--check", "--dir", dir, "--json");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains("\"right\":false");
    assertThat(check.err()).startsWith("Not yet.");
  }

  @Test
  void exercise_answeredByPuttingTheCopyInThePlaceOfTheArchive_isNotRight() throws IOException {
    ProgramRunner program = new ProgramRunner(folder);
    Path dir = program.path("demo");
    assertThat(
            program
                .raw(
                    "demo",
                    "--dir",
                    dir.toString(),
                    "--members",
                    "6",
                    "--prayers",
                    "8",
                    "--break",
                    "lost-line")
                .exit())
        .isZero();
    Files.move(dir.resolve("text_archives"), dir.resolve("away"));
    Files.move(dir.resolve("copy"), dir.resolve("text_archives"));
    ProgramRunner.Run check = program.raw("demo", "--check", "--dir", dir.toString());
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains("it was put back or edited, not repaired");
  }

  @Test
  void exercise_ofAnUnknownKind_isAWrongCommandLine() {
    ProgramRunner.Run run = new ProgramRunner(folder).raw("demo", "--break", "everything");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("expected one of lost-database, damaged-file, lost-line");
  }
}
