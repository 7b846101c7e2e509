package org.thywill.legacy.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.legacy.MemoryCommunity;
import org.thywill.legacy.OriginalFile;
import org.thywill.legacy.TestDatabase;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.SkippedItem;

/** Exports communities that were imported, changed, or never imported. */
class LegacyExportTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2025-09-28T12:00:00Z"));
  private static final long AT_MICROS =
      Timestamps.micros(Instant.parse("2026-01-02T03:04:05.000006Z"));

  @TempDir Path folder;

  @Test
  void communityThatNeverWasTheOriginals_isWrittenInItsLastLayout() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    community.put(member("mary", "Mary"));
    community.put(
        Row.in(Catalog.ROLES)
            .set(Catalog.Roles.NAME, "admin")
            .set(Catalog.Roles.PERMISSIONS, "*")
            .set(Catalog.Roles.IS_SYSTEM_ROLE, true)
            .set(Catalog.Roles.CREATED_AT, AT_MICROS)
            .build());
    community.put(
        Row.in(Catalog.ROLE_ASSIGNMENTS)
            .set(Catalog.RoleAssignments.ID, "g1")
            .set(Catalog.RoleAssignments.MEMBER, "mary")
            .set(Catalog.RoleAssignments.ROLE, "admin")
            .set(Catalog.RoleAssignments.GRANTED_BY, "system")
            .set(Catalog.RoleAssignments.GRANTED_AT, AT_MICROS)
            .build());
    community.put(prayer("p1", "mary").with(Values.of(Catalog.Prayers.MODERATION, "hidden")));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(report.rows()).isEqualTo(4);
    assertThat(report.tables())
        .hasSize(18)
        .containsEntry("prayer", 1L)
        .containsEntry("session", 0L);
    assertThat(
            query(
                target,
                "SELECT display_name, created_at, welcome_message_dismissed, is_supporter FROM"
                    + " user"))
        .containsExactly("Mary|2026-01-02 03:04:05.000006|0|0");
    assertThat(
            query(
                target,
                "SELECT author_username, flagged, safety_score, safety_flags, subject_category FROM"
                    + " prayer"))
        .containsExactly("Mary|1|1.0|[]|general");
    assertThat(
            query(
                target,
                "SELECT user_id, r.name, r.permissions, granted_by FROM user_roles JOIN role r ON"
                    + " r.id = role_id"))
        .containsExactly("Mary|admin|[\"*\"]|system");
    assertThat(
            query(
                target,
                "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY"
                    + " name"))
        .containsExactly("idx_invitetoken_used_by", "idx_user_invite_token", "idx_user_invited_by");
  }

  @Test
  void rowsThatChangedAfterTheImport_areWrittenAsTheyAre() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      database
          .row("user", "display_name", "Ann", "created_at", "2025-01-01T00:00:00")
          .row("user", "display_name", "Bob", "created_at", "2025-01-02");
      database
          .row("prayer", "id", "p1", "author_username", "Ann", "text", "x", "flagged", 7)
          .row("prayer", "id", "p2", "author_username", "nobody", "text", "y");
      database
          .run("ALTER TABLE prayer ADD COLUMN is_featured BOOLEAN NOT NULL DEFAULT FALSE")
          .run("UPDATE prayer SET is_featured = 1 WHERE id = 'p1'");
    }
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(file), CLOCK, community).run();
    community.put(
        community
            .find(Catalog.MEMBERS, "ann")
            .orElseThrow()
            .with(Values.of(Catalog.Members.DISPLAY_NAME, "Anna")));
    community.put(
        community
            .find(Catalog.PRAYERS, "p1")
            .orElseThrow()
            .with(Values.of(Catalog.Prayers.MODERATION, "open")));
    community.put(
        community
            .find(Catalog.PRAYERS, "p2")
            .orElseThrow()
            .with(Values.of(Catalog.Prayers.TEXT, "z")));
    community.put(prayer("p3", "ann"));
    community.put(
        Row.in(Catalog.EMAIL_ADDRESSES)
            .set(Catalog.EmailAddresses.ID, "e1")
            .set(Catalog.EmailAddresses.MEMBER, "bob")
            .set(Catalog.EmailAddresses.EMAIL_ENCRYPTED, "gAAAA")
            .set(Catalog.EmailAddresses.IS_VERIFIED, true)
            .set(Catalog.EmailAddresses.ADDED_AT, AT_MICROS)
            .build());
    Path target = folder.resolve("out.db");
    new LegacyExport(community).to(target);
    assertThat(query(target, "SELECT display_name, created_at FROM user ORDER BY 1"))
        .containsExactly("Anna|2025-01-01T00:00:00", "Bob|2025-01-02");
    assertThat(
            query(
                target,
                "SELECT id, author_username, text, flagged, is_featured FROM prayer ORDER BY 1"))
        .containsExactly("p1|Anna|x|0|1", "p2|nobody|z||0", "p3|Anna|please|0|0");
    assertThat(query(target, "SELECT user_id, email_verified FROM user_email"))
        .containsExactly("Bob|1");
  }

  @Test
  void communityWithMemberIds_givesNewMembersAnIdThatReferencesMeet() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(List.of(OriginalFile.fixture(folder, "user-ids.db")), CLOCK, community).run();
    community.put(member("newcomer", "New Comer"));
    community.put(prayer("p9", "newcomer"));
    Path target = folder.resolve("out.db");
    new LegacyExport(community).to(target);
    assertThat(
            query(
                target,
                "SELECT u.display_name FROM prayer p JOIN user u ON u.id = p.author_id WHERE p.id ="
                    + " 'p9'"))
        .containsExactly("New Comer");
    assertThat(query(target, "SELECT count(*) FROM prayer p JOIN user u ON u.id = p.author_id"))
        .containsExactly("4");
  }

  @Test
  void twoMembersOfOneName_getDifferentNames() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    community.put(member("mary", "Mary"));
    community.put(member("mary_2", "Mary"));
    community.put(prayer("p1", "mary_2"));
    Path target = folder.resolve("out.db");
    new LegacyExport(community).to(target);
    assertThat(query(target, "SELECT display_name FROM user ORDER BY 1"))
        .containsExactly("Mary", "Mary (mary_2)");
    assertThat(query(target, "SELECT author_username FROM prayer"))
        .containsExactly("Mary (mary_2)");
  }

  @Test
  void names_thatDifferOnlyInCaseOrBlanks_areDifferentMembers() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      for (String name : List.of("Mary Johnson", "mary  johnson", "MARY JOHNSON", "system", "")) {
        database
            .row("user", "display_name", name)
            .row("prayer", "id", "of " + name, "author_username", name);
      }
      database.row("invitetoken", "token", "t", "created_by_user", "nobody at all");
    }
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(file), CLOCK, community).run();
    assertThat(community.rows(Catalog.MEMBERS).keySet())
        .containsExactlyInAnyOrder(
            "mary_johnson", "mary_johnson_2", "mary_johnson_3", "system_2", "member_1");
    assertThat(
            community
                .find(Catalog.PRAYERS, "of mary  johnson")
                .orElseThrow()
                .get(Catalog.Prayers.AUTHOR))
        .contains("mary_johnson_2");
    assertThat(
            community.find(Catalog.PRAYERS, "of system").orElseThrow().get(Catalog.Prayers.AUTHOR))
        .contains("system_2");
    assertThat(report.findingsByCode()).containsEntry("dangling-reference", 1L);
  }

  @Test
  void virtualTablesAndGeneratedColumns_areReportedAsNotCarried() throws Exception {
    Path file = folder.resolve("thywill.db");
    try (TestDatabase database = new TestDatabase(file)) {
      database
          .run("CREATE VIRTUAL TABLE prayer_fts USING fts5(text)")
          .run("INSERT INTO prayer_fts VALUES ('x')");
      database
          .run("CREATE TABLE computed (a, b AS (a * 2))")
          .run("INSERT INTO computed VALUES (21)")
          .run("ANALYZE");
    }
    MemoryCommunity community = new MemoryCommunity();
    ImportReport report = new LegacyImport(List.of(file), CLOCK, community).run();
    assertThat(report.notCarried())
        .extracting(SkippedItem::what)
        .contains("table prayer_fts", "table prayer_fts_data", "column computed.b");
    Path target = folder.resolve("out.db");
    new LegacyExport(community).to(target);
    assertThat(query(target, "SELECT a, b FROM computed")).containsExactly("21|42");
    assertThat(query(target, "SELECT name FROM sqlite_master WHERE name LIKE 'prayer_fts%'"))
        .isEmpty();
  }

  @Test
  void targetThatExists_isRefusedAndUnchanged() throws Exception {
    Path target = Files.writeString(folder.resolve("out.db"), "precious");
    assertThatThrownBy(() -> new LegacyExport(new MemoryCommunity()).to(target))
        .isInstanceOf(LegacyException.class)
        .hasMessageContaining("there already");
    assertThat(target).hasContent("precious");
    new LegacyExport(new MemoryCommunity()).replacing().to(target);
    assertThat(query(target, "SELECT count(*) FROM user")).containsExactly("0");
    assertThat(folder.toFile().list()).containsExactly("out.db");
  }

  private static Row member(String handle, String name) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, name)
        .set(Catalog.Members.CREATED_AT, AT_MICROS)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  private static Row prayer(String id, String author) {
    return Row.in(Catalog.PRAYERS)
        .set(Catalog.Prayers.ID, id)
        .set(Catalog.Prayers.AUTHOR, author)
        .set(Catalog.Prayers.CREATED_AT, AT_MICROS)
        .set(Catalog.Prayers.TEXT, "please")
        .set(Catalog.Prayers.MODERATION, "open")
        .set(Catalog.Prayers.VISIBILITY, "members")
        .build();
  }

  private static List<String> query(Path file, String sql) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(rows.getString(i)));
        }
        lines.add(String.join("|", cells));
      }
    }
    return lines;
  }
}
