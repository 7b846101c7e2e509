package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.legacy.exporter.ExportReport;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;

/** The fixtures come back from an import and an export as they were, except for secrets. */
class LegacyRoundTripTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse(RoundTripContract.NOW));

  @TempDir Path folder;

  @Test
  void sample_importedAndExported_isEqualToTheByteButForSecrets() throws Exception {
    Path sample = OriginalFile.fixture(folder, "sample.db");
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(sample), CLOCK, community).run();
    RoundTripContract.assertKept(sample, export(community));
    assertThat(report.rows())
        .isEqualTo(report.tables().values().stream().mapToLong(Long::longValue).sum());
    assertThat(report.tables())
        .containsEntry("prayer", 61L)
        .containsEntry("prayer_activity_log", 248L)
        .hasSize(18);
    assertThat(report.withheld())
        .containsEntry("session.id", 51L)
        .containsEntry("invitetoken.token", 4L)
        .containsKey("authenticationrequest.verification_code");
    assertThat(report.unknownTables()).isEmpty();
    assertThat(report.unknownColumns()).isEmpty();
    assertThat(report.notCarried()).isEmpty();
    assertThat(report.findingsByCode()).containsKey("dangling-reference");
    assertThat(community.sources).contains("sample.db:prayer", "sample.db:user");
  }

  /** The original compares tokens as they are, so a hash would be a token there. */
  @Test
  void exportedHashes_areNamed_withTheStatementsThatEndThem() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(OriginalFile.fixture(folder, "sample.db")), CLOCK, community).run();
    Path target = folder.resolve("exported.db");
    ExportReport report = new LegacyExport(community).to(target);
    String message =
        report.findings().stream()
            .filter(finding -> finding.code().equals("hash-for-token"))
            .findFirst()
            .orElseThrow()
            .message();
    assertThat(message).startsWith("4 links and 51 sessions are written with hashes");
    try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + target);
        Statement statement = database.createStatement()) {
      for (String sql : message.substring(message.indexOf("DELETE FROM")).split(";", -1)) {
        statement.execute(sql.strip());
      }
      try (ResultSet open =
          statement.executeQuery(
              "SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM invitetoken WHERE"
                  + " token LIKE 'sha256:%' AND expires_at > '"
                  + RoundTripContract.NOW.replace('T', ' ')
                  + "')")) {
        assertThat(open.next()).isTrue();
        assertThat(open.getInt(1)).isZero();
      }
    }
  }

  @Test
  void sampleAndEmail_importedTogether_areExportedIntoOneDatabase() throws Exception {
    Path sample = OriginalFile.fixture(folder, "sample.db");
    Path email = OriginalFile.fixture(folder, "email.db");
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(
            List.of(sample), InstantSource.fixed(Instant.parse("2025-10-02T10:00:30Z")), community)
        .withEmailDatabase(email)
        .run();
    Path target = export(community);
    OriginalFile back = OriginalFile.read(target, (_, _, value) -> value);
    OriginalFile before = OriginalFile.read(email, (_, _, value) -> value);
    assertThat(back.tables.get("user_email")).isEqualTo(before.tables.get("user_email"));
    assertThat(back.schema).containsAll(before.schema);
    assertThat(community.rows(Catalog.EMAIL_ADDRESSES).values())
        .extracting(row -> row.require(Catalog.EmailAddresses.MEMBER))
        .containsExactlyInAnyOrder("zoë", "miriam");
  }

  @Test
  void databaseWithMemberIds_importedAndExported_isEqual() throws Exception {
    Path source = OriginalFile.fixture(folder, "user-ids.db");
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(source), CLOCK, community).run();
    RoundTripContract.assertKept(source, export(community));
    assertThat(report.dialects())
        .containsEntry("user-ids.db", "members by id, before 30 June 2025");
    assertThat(report.unknownColumns())
        .containsExactlyInAnyOrder(
            "user.religious_preference", "user.prayer_style", "prayer.target_audience");
    assertThat(report.findingsByCode())
        .doesNotContainKey("value-not-read")
        .doesNotContainKey("time-not-read");
    assertThat(community.rows(Catalog.PRAYERS).values())
        .allSatisfy(prayer -> assertThat(prayer.get(Catalog.Prayers.AUTHOR)).isPresent());
    assertThat(community.rows(Catalog.INVITES).values())
        .allSatisfy(invite -> assertThat(invite.get(Catalog.Invites.MAX_USES)).contains(1L));
    // A reference by the member's id is exact, so it needs no legacy value.
    assertThat(community.rows(Catalog.LEGACY_VALUES).values())
        .extracting(row -> row.require(Catalog.LegacyValues.LEGACY_COLUMN))
        .doesNotContain("author_id", "user_id", "used");
  }

  @Test
  void databaseOfJuly2025_importedAndExported_isEqual() throws Exception {
    Path source = OriginalFile.fixture(folder, "july-2025.db");
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(source), CLOCK, community).run();
    RoundTripContract.assertKept(source, export(community));
  }

  @Test
  void exported_importedAgain_givesTheSameRows() throws Exception {
    MemoryCommunity first = new MemoryCommunity();
    new LegacyImport(List.of(OriginalFile.fixture(folder, "sample.db")), CLOCK, first).run();
    MemoryCommunity second = new MemoryCommunity();
    new LegacyImport(List.of(export(first)), CLOCK, second).run();
    for (Table table : Catalog.TABLES) {
      if (table != Catalog.LEGACY_VALUES && table != Catalog.AUTH_REQUESTS) {
        assertThat(second.rows(table)).as(table.name()).isEqualTo(first.rows(table));
      }
    }
  }

  @Test
  void sample_importedTwiceIntoOneCommunity_addsNothingTheSecondTime() throws Exception {
    for (String name : List.of("sample.db", "user-ids.db")) {
      Path source = OriginalFile.fixture(folder, name);
      MemoryCommunity community = new MemoryCommunity();
      new LegacyImport(List.of(source), CLOCK, community).run();
      long before = community.size();
      ImportReport again =
          new LegacyImport(List.of(source), CLOCK, community.startNextImport())
              .into(community, target -> new LegacyExport(community).to(target))
              .run();
      assertThat(community.size()).isEqualTo(before);
      assertThat(again.rows()).isZero();
    }
  }

  @Test
  void sample_asTwoFilesOfOneImport_isImportedOnce() throws Exception {
    Path source = OriginalFile.fixture(folder, "sample.db");
    Path copy = Files.copy(source, folder.resolve("copy.db"));
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(source, copy), CLOCK, community).run();
    RoundTripContract.assertKept(source, export(community));
    assertThat(report.findingsByCode()).containsEntry("already-there", report.rows());
  }

  @Test
  void rows_areAddedInTheOrderOfTheirTimes() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(OriginalFile.fixture(folder, "sample.db")), CLOCK, community).run();
    List<Row> added = community.addedRows;
    Row firstMember =
        added.stream().filter(row -> row.table() == Catalog.MEMBERS).findFirst().orElseThrow();
    assertThat(firstMember.key()).isEqualTo("miriam");
    List<Long> timesOfPrayers =
        added.stream()
            .filter(row -> row.table() == Catalog.PRAYERS)
            .map(row -> row.require(Catalog.Prayers.CREATED_AT))
            .toList();
    assertThat(timesOfPrayers).isSorted();
  }

  private Path export(MemoryCommunity community) throws Exception {
    Path target = folder.resolve("exported-" + System.identityHashCode(community) + ".db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(report.notCarried()).isEmpty();
    return target;
  }
}
