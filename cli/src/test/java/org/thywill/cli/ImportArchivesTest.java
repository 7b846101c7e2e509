package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ImportArchivesTest {
  private static final Path ARCHIVES = SampleFiles.DATABASE.resolveSibling("archives");

  @TempDir Path folder;

  @Test
  void archives_imported_areSound_andRecoveredAsTheyWere() throws IOException {
    ProgramRunner program = new ProgramRunner(folder);
    String out =
        succeed(
            program.run(
                "import",
                "--from-archives",
                ARCHIVES.resolve("live").toString(),
                "--from-archives",
                ARCHIVES.resolve("export").toString(),
                "--html",
                program.path("report.html").toString()));
    assertThat(out)
        .contains(
            "Every line was understood.",
            "prayermark",
            "UTC, concluded from events that both clocks stamped",
            "Good to know: ",
            "52 × event",
            "warning moderation-not-stated")
        .doesNotContain("note event");
    String digest = succeed(program.run("digest"));
    assertThat(succeed(program.run("validate-archives"))).startsWith("Sound");
    Files.delete(program.database());
    succeed(program.run("recover"));
    assertThat(succeed(program.run("digest"))).isEqualTo(digest);
    assertThat(Files.readString(program.path("report.html")))
        .startsWith("<!DOCTYPE html>")
        .contains(
            "Every line was understood.",
            "marks <code>prayermark</code></td><td class=\"n\">186</td><td class=\"n\">742</td>",
            " prayers of which no file says whether they were flagged")
        .endsWith("</body>\n</html>\n");
    String again =
        succeed(
            program.run(
                "import", "--json", "--from-archives", ARCHIVES.resolve("live").toString()));
    assertThat(again)
        .contains(
            "\"rows\":0", "\"not_understood\":[]", "\"withheld\":", "\"dialects\":{\"live\":");
    assertThat(succeed(program.run("digest"))).isEqualTo(digest);
  }

  @Test
  void everyLayout_alone_isSound_andRecoveredToTheCell() throws IOException {
    List<Path> fixtures =
        new ArrayList<>(
            List.of(
                ARCHIVES.resolve("live"),
                ARCHIVES.resolve("export"),
                ARCHIVES.resolve("sessions_backup.json")));
    try (Stream<Path> dialects = Files.list(ARCHIVES.resolve("dialects"))) {
      dialects.sorted().forEach(fixtures::add);
    }
    for (Path fixture : fixtures) {
      prove(new ProgramRunner(Files.createTempDirectory(folder, "alone")), fixture);
    }
  }

  @Test
  void allLayouts_inOneTree_areSound_andRecoveredToTheCell_andTwiceIsOnce() throws IOException {
    Path tree = folder.resolve("old");
    try (Stream<Path> files = Files.walk(ARCHIVES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = tree.resolve(ARCHIVES.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    ProgramRunner program = new ProgramRunner(folder);
    prove(program, tree);
    String digest = succeed(program.run("digest"));
    assertThat(succeed(program.run("import", "--json", "--from-archives", tree.toString())))
        .contains("\"rows\":0", "\"not_understood\":[]");
    assertThat(succeed(program.run("digest"))).isEqualTo(digest);
  }

  /**
   * Imports, and checks that the archive is sound and that the database can be recovered from it.
   */
  private static void prove(ProgramRunner program, Path source) throws IOException {
    String out = succeed(program.run("import", "--from-archives", source.toString()));
    assertThat(out).as("%s", source).contains("Every line was understood.");
    Path imported = program.path("imported.db");
    Files.move(program.database(), imported);
    assertThat(succeed(program.run("validate-archives"))).as("%s", source).startsWith("Sound");
    succeed(program.run("recover"));
    assertThat(
            succeed(
                program.raw(
                    "compare", "--json", imported.toString(), program.database().toString())))
        .as("%s", source)
        .contains("\"equal\":true");
    String digest = succeed(program.raw("digest", "--db", imported.toString()));
    assertThat(succeed(program.run("digest"))).as("%s", source).isEqualTo(digest);
  }

  /** The page is read as XML, so names and contents of files must have stayed text. */
  @Test
  void page_namesEveryLineThatWasNotUnderstood_andIsHarmless() throws Exception {
    String hostile = "</code><script>alert(1)<_script>&\"\u0007.txt".replace('/', '_');
    Path tree = Files.createDirectories(folder.resolve("old"));
    Files.writeString(tree.resolve(hostile), "no file of the original");
    Files.writeString(
        tree.resolve("2025_03_users.txt"),
        """
        User Registrations for March 2025

        March 01 2025 at 10:00 - <b>Ada</b> joined directly
        whatever
        """);
    ProgramRunner program = new ProgramRunner(folder);
    succeed(
        program.run(
            "import",
            "--dry-run",
            "--from-archives",
            tree.toString(),
            "--html",
            program.path("report.html").toString()));
    String page = Files.readString(program.path("report.html"));
    Document parsed =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(page.substring("<!DOCTYPE html>\n".length()))));
    assertThat(parsed.getElementsByTagName("script").getLength()).isZero();
    assertThat(parsed.getDocumentElement().getTextContent())
        .contains(
            "2 lines or files were not understood.",
            "2025_03_users.txt:4",
            "<_code><script>alert(1)",
            "a dry run: nothing was written");
  }

  @Test
  void folderThatIsNoArchive_isRefused_andLeavesNothing() throws IOException {
    Path diary = Files.createDirectories(folder.resolve("diary"));
    Files.writeString(diary.resolve("today.txt"), "dear diary");
    ProgramRunner.Run refused =
        new ProgramRunner(folder).run("import", "--from-archives", diary.toString());
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("is no text archive of the original");
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(diary);
    }
  }

  @Test
  void dryRun_leavesNothing() throws IOException {
    succeed(
        new ProgramRunner(folder)
            .run("import", "--dry-run", "--from-archives", ARCHIVES.resolve("live").toString()));
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void wrongOffset_andMissingSource_areSaidBeforeAnythingIsRead() {
    ProgramRunner program = new ProgramRunner(folder);
    ProgramRunner.Run offset =
        program.run("import", "--from-archives", ARCHIVES.toString(), "--offset", "Nowhere");
    assertThat(offset.exit()).isEqualTo(2);
    assertThat(offset.err()).contains("--offset is no zone: Nowhere");
    ProgramRunner.Run without =
        program.run(
            "import", "--from-database", SampleFiles.DATABASE.toString(), "--offset", "+02:00");
    assertThat(without.exit()).isEqualTo(2);
    assertThat(without.err()).contains("--offset is for text archives");
    ProgramRunner.Run missing =
        program.run("import", "--from-archives", program.path("nothing").toString());
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err()).contains(program.path("nothing").toString());
  }

  private static String succeed(ProgramRunner.Run run) {
    assertThat(run.exit()).as(run.err()).isZero();
    return run.out();
  }
}
