package org.thywill.legacy.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.legacy.MemoryCommunity;
import org.thywill.legacy.OriginalFile;
import org.thywill.legacy.importer.LegacyImport;
import org.thywill.legacy.schema.LegacyFinding;

/** Members whose names give rights in the original are found, and get other names. */
class PowerfulNamesTest {
  private static final long AT_MICROS = 1_700_000_000_000_000L;

  @TempDir Path folder;

  @Test
  void withoutPermission_isWrittenUnderAnotherName() throws Exception {
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community()).to(target);
    assertThat(query(target, "SELECT display_name FROM user ORDER BY 1"))
        .containsExactly("Admin", "admin (mary)", "system (tom)");
    assertThat(query(target, "SELECT author_username FROM prayer")).containsExactly("admin (mary)");
    assertThat(report.findings())
        .extracting(LegacyFinding::code, LegacyFinding::severity)
        .containsOnly(tuple("powerful-name", "warning"))
        .hasSize(2);
    assertThat(report.findings().getFirst().message())
        .contains("mary", "admin (mary)", "--allow-powerful-names");
  }

  @Test
  void withPermission_isWrittenAndFound() throws Exception {
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community()).allowingPowerfulNames().to(target);
    assertThat(query(target, "SELECT display_name FROM user ORDER BY 1"))
        .containsExactly("Admin", "admin", "system");
    assertThat(query(target, "SELECT author_username FROM prayer")).containsExactly("admin");
    assertThat(report.findings()).hasSize(2);
  }

  @Test
  void twoMembersOfAPowerfulName_getDifferentNames() throws Exception {
    MemoryCommunity community = community();
    community.put(member("john", "admin"));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(query(target, "SELECT display_name FROM user ORDER BY 1"))
        .containsExactly("Admin", "admin (john)", "admin (mary)", "system (tom)");
    assertThat(report.findings()).hasSize(3);
  }

  @Test
  void databaseWithMemberIds_aNewMemberNeverGetsAPowerfulId() throws Exception {
    MemoryCommunity community = new MemoryCommunity();
    new LegacyImport(
            List.of(OriginalFile.fixture(folder, "user-ids.db")),
            InstantSource.fixed(Instant.parse("2025-09-28T12:00:00Z")),
            community)
        .run();
    community.put(member("admin", "Admin"));
    community.put(member("mary", "admin"));
    Path target = folder.resolve("out.db");
    ExportReport report = new LegacyExport(community).to(target);
    assertThat(query(target, "SELECT display_name FROM user WHERE id = 'admin'"))
        .containsExactly("Miriam");
    assertThat(query(target, "SELECT display_name FROM user WHERE id IN ('mary', 'admin (admin)')"))
        .containsExactlyInAnyOrder("Admin", "admin (mary)");
    assertThat(report.findings())
        .filteredOn(finding -> finding.code().equals("powerful-name"))
        .hasSize(2);
  }

  private static MemoryCommunity community() {
    MemoryCommunity community = new MemoryCommunity();
    community.put(member("mary", "admin"));
    community.put(member("ann", "Admin"));
    community.put(member("tom", "system"));
    community.put(
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, "p1")
            .set(Catalog.Prayers.AUTHOR, "mary")
            .set(Catalog.Prayers.CREATED_AT, AT_MICROS)
            .set(Catalog.Prayers.TEXT, "please")
            .set(Catalog.Prayers.MODERATION, "open")
            .set(Catalog.Prayers.VISIBILITY, "members")
            .build());
    return community;
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

  private static List<String> query(Path file, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
