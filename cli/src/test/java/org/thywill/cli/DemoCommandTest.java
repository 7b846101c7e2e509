package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir Path folder;

  @Test
  void demo_losesItsDatabase_andGetsItBack() {
    Program program = new Program(folder);
    Path dir = program.path("demo");
    Program.Run run = program.raw("demo", "--dir", dir.toString(), "--members", "8", "--prayers", "12", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out()).contains("\"equal\":true", "\"command\":\"demo\"", "\"digest_before\":\"", "\"archive\":\"" + dir.resolve("text_archives"));
    assertThat(run.err()).contains("Both are equal");

    assertThat(program.raw("validate-archives", "--archive", dir.resolve("text_archives").toString()).exit()).isZero();
    assertThat(program.raw("compare", dir.resolve("text_archives").toString(), dir.resolve("community.db").toString()).exit()).isZero();
  }

  @Test
  void demo_intoAFolderThatIsThere_isRefusedAndWithReplacePutsItAside() {
    Program program = new Program(folder);
    Path dir = program.path("demo");
    assertThat(program.raw("demo", "--dir", dir.toString(), "--members", "3", "--prayers", "2").exit()).isZero();
    assertThat(program.raw("demo", "--dir", dir.toString(), "--members", "3", "--prayers", "2").exit()).isEqualTo(3);
    assertThat(program.raw("demo", "--dir", dir.toString(), "--members", "3", "--prayers", "2", "--replace").exit()).isZero();
    assertThat(program.path("demo.replaced-1")).isDirectory();
  }
}
