package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportArchivesTest {
  private static final Path ARCHIVES = Samples.DATABASE.resolveSibling("archives");

  @TempDir Path folder;

  @Test
  void archives_imported_areSound_andRecoveredAsTheyWere() throws IOException {
    Program program = new Program(folder);
    String out = succeed(program.run("import", "--from-archives", ARCHIVES.resolve("live").toString(), "--from-archives", ARCHIVES.resolve("export").toString(),
        "--html", program.path("report.html").toString()));
    assertThat(out).contains("Every line was understood.", "prayermark", "UTC, concluded from events that both clocks stamped");
    String digest = succeed(program.run("digest"));
    assertThat(succeed(program.run("validate-archives"))).startsWith("Sound");
    Files.delete(program.database());
    succeed(program.run("recover"));
    assertThat(succeed(program.run("digest"))).isEqualTo(digest);
    assertThat(Files.readString(program.path("report.html"))).startsWith("<!DOCTYPE html>").contains("<td>prayermark</td><td class=\"n\">742</td>").endsWith("</body></html>\n");
    String again = succeed(program.run("import", "--json", "--from-archives", ARCHIVES.resolve("live").toString()));
    assertThat(again).contains("\"rows\":0", "\"not_understood\":[]", "\"withheld\":", "\"dialects\":{\"live\":");
    assertThat(succeed(program.run("digest"))).isEqualTo(digest);
  }

  @Test
  void dryRun_leavesNothing() throws IOException {
    succeed(new Program(folder).run("import", "--dry-run", "--from-archives", ARCHIVES.resolve("live").toString()));
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void wrongOffset_andMissingSource_areSaidBeforeAnythingIsRead() {
    Program program = new Program(folder);
    Program.Run offset = program.run("import", "--from-archives", ARCHIVES.toString(), "--offset", "Nowhere");
    assertThat(offset.exit()).isEqualTo(2);
    assertThat(offset.err()).contains("--offset is no zone: Nowhere");
    Program.Run missing = program.run("import", "--from-archives", program.path("nothing").toString());
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("nothing to import from");
  }

  private static String succeed(Program.Run run) {
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }
}
