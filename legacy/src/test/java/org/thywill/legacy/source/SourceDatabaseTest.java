package org.thywill.legacy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.legacy.MemoryCommunity;
import org.thywill.legacy.OriginalFile;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.LegacyException;

/** Reads databases without changing them, and refuses files that are none. */
class SourceDatabaseTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-09-28T12:00:00Z"));

  @TempDir Path folder;

  @Test
  void fileThatIsNoDatabase_isRefusedInOneSentence() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "dear diary");
    assertThatThrownBy(() -> run(file))
        .isInstanceOf(LegacyException.class)
        .hasMessage(file + " is not a SQLite database.");
    Path empty = Files.createFile(folder.resolve("empty.db"));
    assertThatThrownBy(() -> run(empty))
        .isInstanceOf(LegacyException.class)
        .hasMessage(empty + " is not a SQLite database.");
    Path none = folder.resolve("none.db");
    assertThatThrownBy(() -> run(none))
        .isInstanceOf(LegacyException.class)
        .hasMessage("There is no file " + none + ".");
    assertThat(none).doesNotExist();
  }

  @Test
  void databaseOfSomethingElse_isRefusedInOneSentence() throws Exception {
    Path file = folder.resolve("other.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE users (id)");
    }
    assertThatThrownBy(() -> run(file))
        .isInstanceOf(LegacyException.class)
        .hasMessageContaining("neither a table user nor a table prayer");
    assertThatThrownBy(
            () ->
                new LegacyImport(List.of(), CLOCK, new MemoryCommunity())
                    .withEmailDatabase(file)
                    .run())
        .isInstanceOf(LegacyException.class)
        .hasMessageContaining("user_email");
  }

  @Test
  void damagedDatabase_isRefusedInOneSentence() throws Exception {
    Path file = OriginalFile.fixture(folder, "sample.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);
    assertThatThrownBy(() -> run(file))
        .isInstanceOf(LegacyException.class)
        .hasMessageContaining("malformed");
  }

  @Test
  void databaseOfARunningServer_isReadWithItsWalAndLeftUntouched() throws Exception {
    Path file = folder.resolve("odd name %20#?.db");
    Files.copy(OriginalFile.fixture(folder, "sample.db"), file);
    try (Connection server =
            DriverManager.getConnection("jdbc:sqlite:" + SourceDatabase.uri(file));
        Statement statement = server.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.executeUpdate(
          "UPDATE user SET supporter_type = 'only in the wal' WHERE display_name = 'Miriam'");
      Path copy = Files.createDirectory(folder.resolve("copy"));
      for (String suffix : List.of("", "-wal")) {
        Files.copy(
            file.resolveSibling(file.getFileName() + suffix), copy.resolve("thywill.db" + suffix));
      }
      for (Path source : List.of(file, copy.resolve("thywill.db"))) {
        Map<String, String> before = state(source);
        MemoryCommunity community = run(source);
        assertThat(
                community
                    .find(Catalog.MEMBERS, "miriam")
                    .orElseThrow()
                    .get(Catalog.Members.SUPPORTER_TYPE))
            .contains("only in the wal");
        assertThat(state(source)).isEqualTo(before);
      }
      SourceDatabase open = SourceDatabase.open(file, folder.resolve("text_archives"));
      assertThat(scratchFolders()).as("its copy is beside the new archive").hasSize(1);
      open.close();
      assertThat(scratchFolders()).isEmpty();
    }
  }

  private List<Path> scratchFolders() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().contains("scratch")).toList();
    }
  }

  @Test
  void databaseInWalMode_withNothingBesideIt_isReadAndNothingAppearsBesideIt() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path file = own.resolve("thywill.db");
    Files.copy(OriginalFile.fixture(folder, "sample.db"), file);
    try (Connection server = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = server.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
    }
    Map<String, String> before = state(file);
    assertThat(before).hasSize(1);
    assertThat(run(file).rows(Catalog.MEMBERS)).hasSize(27);
    assertThat(state(file)).isEqualTo(before);
  }

  private static MemoryCommunity run(Path file) throws IOException {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    return community;
  }

  /**
   * Name → content and time of everything in the file's folder, but the server's own shared memory.
   */
  private static Map<String, String> state(Path file) throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> paths = Files.list(file.toAbsolutePath().getParent())) {
      for (Path path :
          paths
              .filter(Files::isRegularFile)
              .filter(path -> !path.toString().endsWith("-shm"))
              .toList()) {
        FileTime time = Files.getLastModifiedTime(path);
        state.put(
            String.valueOf(path.getFileName()),
            Arrays.hashCode(Files.readAllBytes(path)) + " " + time);
      }
    }
    return state;
  }
}
