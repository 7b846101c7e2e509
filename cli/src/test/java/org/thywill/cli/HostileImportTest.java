package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values that no line of an archive has room for are refused before an import writes anything, and
 * in little memory.
 */
@Tag("slow")
class HostileImportTest {
  private static final String MEMORY = "-Xmx256m";

  @TempDir Path folder;
  private Path database;

  @BeforeEach
  void makeDatabase() throws SQLException {
    database = folder.resolve("original.db");
    execute(
        "CREATE TABLE user (display_name TEXT PRIMARY KEY, created_at TEXT)",
        "INSERT INTO user VALUES ('Ruth Amsel', '2025-03-01 08:00:00.000000')",
        "CREATE TABLE prayer (id TEXT PRIMARY KEY, author_username TEXT, text TEXT, created_at"
            + " TEXT)",
        "INSERT INTO prayer VALUES ('one', 'Ruth Amsel', 'short', '2025-03-02 08:00:00.000000')");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement all = connection.createStatement()) {
      for (String statement : statements) {
        all.execute(statement);
      }
    }
  }

  private String importing(String... sources) throws IOException, InterruptedException {
    String command =
        Stream.concat(
                Stream.of(
                    "import",
                    "--json",
                    "--archive",
                    folder.resolve("text_archives").toString(),
                    "--db",
                    folder.resolve("community.db").toString()),
                Stream.of(sources))
            .reduce((all, word) -> all + "\n" + word)
            .orElseThrow();
    String answer = ProgramRunner.runInSmallProcess(MEMORY, List.of(command)).getFirst();
    if (!answer.startsWith("0 ")) {
      assertThat(folder.resolve("text_archives")).doesNotExist();
      assertThat(folder.resolve("community.db")).doesNotExist();
    }
    return answer;
  }

  @Test
  void cellOfAHundredAndFiftyMegabytes_isNamedByTableRowAndColumn() throws Exception {
    execute(
        "INSERT INTO prayer VALUES ('two', 'Ruth Amsel',"
            + " replace(hex(zeroblob(75000000)), '0', 'y'), '2025-03-02 08:00:00.000000')");
    assertThat(importing("--from-database", database.toString()))
        .startsWith("3 {")
        .contains(
            "original.db: table prayer, row 2, column text: 150,000,000 bytes, and a line of an"
                + " archive has room for 16,777,216.")
        .doesNotContain("memory");
  }

  @Test
  void valuesThatOnlyTogetherAreTooLong_areRefusedToo() throws Exception {
    execute(
        "ALTER TABLE prayer ADD COLUMN generated_prayer TEXT",
        "INSERT INTO prayer VALUES ('two', 'Ruth Amsel', replace(hex(zeroblob(4500000)), '0', 'y'),"
            + " '2025-03-02 08:00:00.000000', replace(hex(zeroblob(4500000)), '0', 'z'))");
    assertThat(importing("--from-database", database.toString()))
        .startsWith("3 {")
        .contains("prayers two: text has 9,000,000 bytes in the archive, and its change 18,")
        .contains("a line has room for 16,773,120");
  }

  @Test
  void textOfTwentyFourMegabytes_inATextArchive_isRefused() throws Exception {
    Path month = Files.createDirectories(folder.resolve("source/prayers/2025/03"));
    Files.writeString(
        month.resolve("2025_03_04_prayer_at_0510.txt"),
        "Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Tom Birk\nSubmitted March 04 2025 at 05:10\n\n"
            + "Rain for the garden.\n".repeat(1_200_000)
            + "\nActivity:\n");
    assertThat(importing("--from-archives", folder.resolve("source").toString()))
        .startsWith("3 {")
        .contains(
            "column text: 25,199,999 bytes, and a line of an archive has room for 16,777,216.")
        .doesNotContain("memory");
  }
}
