package org.thywill.legacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.importer.TextArchiveOptions;

/**
 * The text archives of the invented community of {@code sample.db}, and a community to import into.
 */
final class TextSample {
  static final Path ARCHIVES = Path.of("src/test/resources/org/thywill/legacy/archives");
  static final Path LIVE = ARCHIVES.resolve("live");
  static final Path EXPORT = ARCHIVES.resolve("export");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse(RoundTripContract.NOW));

  final MemoryCommunity community = new MemoryCommunity();

  /** Imports text archives into the community, which may have rows already. */
  ImportReport importTexts(Path... sources) throws IOException {
    return importTexts(List.of(), new TextArchiveOptions(List.of(sources), null, false));
  }

  ImportReport importTexts(List<Path> databases, TextArchiveOptions texts) throws IOException {
    LegacyImport run = new LegacyImport(databases, CLOCK, community.startNextImport()).with(texts);
    return (community.size() == 0
            ? run
            : run.into(
                community,
                target -> new LegacyExport(community).allowingPowerfulNames().to(target)))
        .run();
  }

  /** Exports the community and runs a query: one text for each row, sorted. */
  List<String> query(Path folder, String sql) throws IOException, SQLException {
    Path file = Files.createTempDirectory(folder, "back").resolve("back.db");
    new LegacyExport(community).allowingPowerfulNames().to(file);
    return askFile(file, sql);
  }

  static List<String> askFile(Path database, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          cells.add(String.valueOf(rows.getString(i)));
        }
        found.add(String.join(" | ", cells));
      }
    }
    found.sort(null);
    return found;
  }

  /**
   * Compares the community with {@code sample.db}: missing rows with a minus, surplus ones with a
   * plus.
   */
  List<String> differences(Path folder, String sql) throws IOException, SQLException {
    List<String> missing =
        new ArrayList<>(
            askFile(
                OriginalFile.fixture(Files.createTempDirectory(folder, "sample"), "sample.db"),
                sql));
    List<String> surplus = new ArrayList<>(query(folder, sql));
    List<String> both = new ArrayList<>(missing);
    List<String> differences = new ArrayList<>();
    for (String row : both) {
      if (surplus.remove(row)) {
        missing.remove(row);
      }
    }
    missing.forEach(row -> differences.add("- " + row));
    surplus.forEach(row -> differences.add("+ " + row));
    return differences;
  }
}
