package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.text.TextArchives;
import org.thywill.legacy.text.merge.TextReport;

/** The less common layouts, each with a small archive. */
class TextDialectsTest {
  private static final Path DIALECTS = TextSample.ARCHIVES.resolve("dialects");

  @TempDir Path folder;

  @Test
  void recordsThatRanTogether_areSplit() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(DIALECTS.resolve("run-together"));
    assertThat(report.tables()).containsEntry("session", 5L);
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
  }

  @Test
  void exportsOf5July_areRead() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(DIALECTS.resolve("database_exports"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.query(folder, "SELECT name, permissions FROM role"))
        .containsExactly("admin | [\"*\"]", "greeter | [\"welcome.users\"]");
    assertThat(sample.query(folder, "SELECT username, device_info FROM session"))
        .containsExactly(
            "Miriam | Firefox on Linux", "Pat|Kim | Lang=de|beta", "Tobias Lindqvist | null");
    // A name that could be split in several ways is not a member's.
    assertThat(sample.query(folder, "SELECT display_name FROM user"))
        .containsExactly("Miriam", "Tobias Lindqvist");
  }

  @Test
  void communityExport_andTheTextsOfItsTime_areOneCommunity() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report =
        sample.importTexts(DIALECTS.resolve("community_export.zip"), DIALECTS.resolve("june"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(report.tables())
        .containsEntry("prayer", 3L)
        .containsEntry("role", 1L)
        .containsEntry("user_roles", 1L);
    assertThat(
            sample.query(
                folder,
                "SELECT author_username, created_at FROM prayer WHERE project_tag = 'health'"))
        .containsExactly("Tobias Lindqvist | 2025-06-15 06:30:00.000009");
  }

  /** The lines, comments and file names are those of the original's reconstruction plan. */
  @Test
  void sampleLinesOfTheReconstructionPlan_areImported() throws Exception {
    write(
        "auth/2024_01_auth_requests.txt",
        """
        # auth_requests.txt
        2024-01-15T10:30:00Z|user_123|device_info|ip_address|pending|expires_2024-01-15T11:30:00Z
        2024-01-15T10:45:00Z|user_456|device_info|ip_address|approved|approver_789
        """);
    write(
        "auth/2024_01_security_events.txt",
        """
        # security_events.txt \s
        2024-01-15T09:15:00Z|failed_login|user_123|ip_address|details
        2024-01-15T09:16:00Z|rate_limit_hit|user_123|ip_address|3_attempts_in_hour
        """);
    write(
        "roles/role_definitions.txt",
        """
        # role_definitions.txt
        admin|full_system_access|can_delete_users,can_access_admin_panel,can_moderate_content
        moderator|content_moderation|can_moderate_content,can_flag_content
        """);
    write(
        "roles/2024_01_role_assignments.txt",
        """
        # role_assignments.txt
        2024-01-15T08:00:00Z|user_123|admin|assigned_by_system|initial_setup
        2024-01-15T10:30:00Z|user_456|moderator|assigned_by_user_123|community_growth
        """);
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(folder.resolve("tree"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(report.texts().orElseThrow().dialects().getOrDefault("tree", Map.of()).keySet())
        .containsExactly(
            "planned assignments of roles",
            "planned definitions of roles",
            "planned security events",
            "planned sign-in requests");
    assertThat(
            sample.query(
                folder,
                "SELECT created_at, user_id, device_info, ip_address, status, expires_at,"
                    + " approved_by_user_id FROM authenticationrequest WHERE status = 'pending'"))
        .containsExactly(
            "2024-01-15 10:30:00.000000 | user_123 | device_info | ip_address | pending |"
                + " 2024-01-15 11:30:00.000000 | null");
    assertThat(
            sample.query(
                folder,
                "SELECT created_at, user_id, device_info, ip_address, status, approved_by_user_id"
                    + " FROM authenticationrequest WHERE status = 'approved'"))
        .containsExactly(
            "2024-01-15 10:45:00.000000 | user_456 | device_info | ip_address | approved | 789");
    assertThat(
            sample.query(
                folder,
                "SELECT created_at, event_type, user_id, ip_address, details FROM securitylog"))
        .containsExactly(
            "2024-01-15 09:15:00.000000 | failed_login | user_123 | ip_address | details",
            "2024-01-15 09:16:00.000000 | rate_limit_hit | user_123 | ip_address |"
                + " 3_attempts_in_hour");
    assertThat(sample.query(folder, "SELECT name, description, permissions FROM role"))
        .containsExactly(
            "admin | full_system_access | [\"can_delete_users\", \"can_access_admin_panel\","
                + " \"can_moderate_content\"]",
            "moderator | content_moderation | [\"can_moderate_content\", \"can_flag_content\"]");
    assertThat(
            sample.query(
                folder,
                "SELECT granted_at, user_id, granted_by, name FROM user_roles JOIN role ON role.id"
                    + " = role_id"))
        .containsExactly(
            "2024-01-15 08:00:00.000000 | user_123 | null | admin",
            "2024-01-15 10:30:00.000000 | user_456 | user_123 | moderator");
    assertThat(sample.community.reasons)
        .anyMatch(reason -> reason.endsWith("remark: initial_setup"))
        .anyMatch(reason -> reason.endsWith("remark: community_growth"));
  }

  @Test
  void tablesOfTheReconstructionPlan_withNamesOfMembers_areRead() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(DIALECTS.resolve("planned"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(
            sample.query(
                folder,
                "SELECT user_id, status, expires_at FROM authenticationrequest WHERE status ="
                    + " 'pending'"))
        .containsExactly("Ada Vale | pending | 2024-01-15 11:30:00.000000");
    assertThat(sample.query(folder, "SELECT event_type, details FROM securitylog"))
        .containsExactly("failed_login | wrong code", "rate_limit_hit | 3_attempts_in_hour");
    assertThat(
            sample.query(
                folder,
                "SELECT user_id, granted_by, name FROM user_roles JOIN role ON role.id = role_id"))
        .containsExactly("Ben Oak | Ada Vale | moderator");
    assertThat(sample.query(folder, "SELECT display_name FROM user")).isEmpty();
  }

  /** The original had the code that writes these layouts, but never called it. */
  @Test
  void layoutsThatWereNeverCalled_areRead() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(DIALECTS.resolve("never-called"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(
            sample.query(folder, "SELECT name, permissions, is_system_role, created_by FROM role"))
        .containsExactly(
            "admin | [\"*\"] | 1 | null", "greeter | [\"welcome.users\"] | 0 | Ada Vale");
    assertThat(
            sample.query(
                folder,
                "SELECT token, created_by_user, usage_count, used_by_user_id, expires_at FROM"
                    + " invitetoken"))
        .containsExactly(
            "0f1e2d3c4b5a6978 | Ada Vale | 1 | Ben Oak | 2025-03-01 08:00:00.000000",
            "a1b2c3d4e5f60718 | Ada Vale | 0 | null | 2025-04-20 08:00:00.000000");
    assertThat(
            sample.query(
                folder,
                "SELECT username, device_info, ip_address, created_at, is_fully_authenticated FROM"
                    + " session"))
        .containsExactly("Ben Oak | Firefox on Linux | 192.0.2.7 | 2025-03-19 07:00:00.000001 | 1");
    assertThat(
            sample.query(
                folder,
                "SELECT attribute_name, attribute_value, created_by FROM prayer_attributes"))
        .containsExactly("answered | true | Ben Oak");
    assertThat(sample.query(folder, "SELECT user_id, created_at FROM prayerskip"))
        .containsExactly("Ada Vale | 2025-03-20 08:01:00.000000");
    assertThat(
            sample.query(
                folder,
                "SELECT author_username, text, generated_prayer, project_tag, created_at FROM"
                    + " prayer"))
        .containsExactly(
            "Ada Vale | For rain on the fields. | Lord, send rain. | null | 2025-03-20"
                + " 08:00:00.000000",
            "Ben Oak | For a safe journey. | null | travel | 2025-03-21 09:30:15.000004");
    // A notification, a change of a role and a feature flag have no table.
    assertThat(report.findingsByCode())
        .containsEntry("no-column", 3L)
        .containsEntry("property-not-carried", 2L);
  }

  @Test
  void everyLayout_hasAFixture() throws Exception {
    Set<String> seen = new TreeSet<>();
    for (Path source : fixtures()) {
      new TextSample()
          .importTexts(source)
          .texts()
          .orElseThrow()
          .dialects()
          .values()
          .forEach(layouts -> seen.addAll(layouts.keySet()));
    }
    assertThat(seen).containsAll(TextArchives.layouts()).doesNotContain("not recognised");
  }

  /** All archives at once give as many rows as each of their communities separately. */
  @Test
  void allLayouts_inOneTree_giveTheRowsThatEachGivesSeparately() throws Exception {
    Map<String, Long> separate = new TreeMap<>();
    List<List<Path>> communities =
        List.of(
            List.of(TextSample.LIVE, TextSample.EXPORT, DIALECTS.resolve("run-together")),
            List.of(DIALECTS.resolve("june"), DIALECTS.resolve("community_export.zip")),
            List.of(DIALECTS.resolve("database_exports")),
            List.of(DIALECTS.resolve("planned")),
            List.of(DIALECTS.resolve("never-called")),
            List.of(DIALECTS.resolve("satellites")));
    for (List<Path> community : communities) {
      new TextSample()
          .importTexts(community.toArray(Path[]::new))
          .tables()
          .forEach((table, rows) -> separate.merge(table, rows, Long::sum));
    }
    ImportReport together = new TextSample().importTexts(TextSample.ARCHIVES);
    for (String table :
        List.of(
            "prayer",
            "prayermark",
            "prayerskip",
            "prayer_activity_log",
            "session",
            "membership_application",
            "changelogentry",
            "notification_state")) {
      assertThat(together.tables().get(table)).as(table).isEqualTo(separate.get(table));
    }
    assertThat(together.tables()).containsEntry("prayermark", 188L).containsEntry("prayer", 67L);
  }

  private static List<Path> fixtures() throws IOException {
    try (Stream<Path> dialects = Files.list(DIALECTS)) {
      return Stream.concat(
              Stream.of(
                  TextSample.LIVE,
                  TextSample.EXPORT,
                  TextSample.ARCHIVES.resolve("sessions_backup.json")),
              dialects)
          .toList();
    }
  }

  @Test
  void zipWithinAFolder_isRead_butNoneWithinAZip_andADamagedOneIsReported() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree"));
    Files.copy(DIALECTS.resolve("community_export.zip"), tree.resolve("old.zip"));
    Files.writeString(tree.resolve("no.zip"), "no ZIP at all");
    byte[] whole = Files.readAllBytes(DIALECTS.resolve("community_export.zip"));
    Files.write(tree.resolve("cut.zip"), Arrays.copyOf(whole, whole.length / 2));
    try (ZipOutputStream nest =
        new ZipOutputStream(Files.newOutputStream(tree.resolve("nest.zip")))) {
      nest.putNextEntry(new ZipEntry("deeper/old.zip"));
      nest.write(whole);
    }
    TextSample separate = new TextSample();
    ImportReport expected = separate.importTexts(DIALECTS.resolve("community_export.zip"));
    ImportReport report = new TextSample().importTexts(tree);
    assertThat(report.tables()).isEqualTo(expected.tables());
    assertThat(report.texts().orElseThrow().findings())
        .filteredOn(finding -> finding.code().equals("zip-not-read"))
        .extracting(TextReport.Finding::file)
        .containsExactlyInAnyOrder("tree/no.zip", "tree/cut.zip", "tree/nest.zip/deeper/old.zip");
  }

  /** A file of 65 MiB that is 65 KiB packed, and a prayer whose path points out of the ZIP file. */
  @Test
  void bombInAZip_isReported_andTheOtherFilesAreImported() throws Exception {
    Path zip = folder.resolve("old.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("prayers/"));
      out.putNextEntry(new ZipEntry("prayers/bomb.txt"));
      for (int i = 0; i < 65; i++) {
        out.write(new byte[1 << 20]);
      }
      out.putNextEntry(new ZipEntry("../../prayers\\2025\\02\\2025_02_09_prayer_at_0640.txt"));
      out.write(
          "Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel\nSubmitted February 09 2025 at 06:40\n\nFor rain.\n\nActivity:\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    TextSample sample = new TextSample();
    TextReport report = sample.importTexts(zip).texts().orElseThrow();
    assertThat(sample.query(folder, "SELECT text, text_file_path FROM prayer"))
        .containsExactly("For rain. | text_archives/prayers/2025/02/2025_02_09_prayer_at_0640.txt");
    assertThat(report.unread())
        .containsExactly(
            new TextReport.UnreadLine(
                "old.zip/prayers/bomb.txt",
                1,
                "more than 64 MiB, which is the most that is read of a file in a ZIP; unpack the"
                    + " ZIP, and name the folder instead"));
  }

  @Test
  void zipThatCannotBeRead_andIsTheSource_isRefused() throws Exception {
    byte[] whole = Files.readAllBytes(DIALECTS.resolve("community_export.zip"));
    Path cut = Files.write(folder.resolve("cut.zip"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> new TextSample().importTexts(cut))
        .isInstanceOf(LegacyException.class)
        .hasMessageStartingWith("cut.zip is cut short, damaged, or encrypted");
  }

  @Test
  void monthlyMarks_doNotDoubleThoseOfThePrayer_butEqualLinesOfOneFileStay() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(DIALECTS.resolve("satellites"));
    assertThat(sample.query(folder, "SELECT username, created_at FROM prayermark"))
        .containsExactly(
            "Old Tom | 2025-02-09 07:02:00.000000", "Old Tom | 2025-02-09 07:02:00.000000");
  }

  @Test
  void offset_movesWhatTheServersClockStamped_whereTheColumnIsInUtc() throws Exception {
    Path file = folder.resolve("tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        """
        Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel
        Submitted February 09 2025 at 06:40

        For rain.

        Activity:
        July 09 2025 at 07:02 - Marta Vogel marked this prayer as answered
        """);
    TextSample sample = new TextSample();
    ImportReport report =
        sample.importTexts(
            List.of(),
            new TextArchiveOptions(
                List.of(folder.resolve("tree")), ZoneId.of("Europe/Berlin"), false));
    assertThat(
            sample.query(
                folder,
                "SELECT attribute_name, attribute_value, created_at FROM prayer_attributes"))
        .containsExactly(
            "answer_date | 2025-07-09T07:02:00.000000 | 2025-07-09 05:02:00.000000",
            "answered | true | 2025-07-09 05:02:00.000000");
    assertThat(sample.query(folder, "SELECT created_at FROM prayer"))
        .containsExactly("2025-02-09 06:40:00.000000");
    assertThat(report.texts().orElseThrow().offset()).isEqualTo("Europe/Berlin, as given");
  }

  @Test
  void hoursThatWereTwiceOrNever_areNamed_withTheTimeThatIsTaken() throws Exception {
    write(
        "prayers/2025/02/2025_02_09_prayer_at_0640.txt",
        """
        Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel
        Submitted February 09 2025 at 06:40

        For rain.

        Activity:
        March 30 2025 at 02:30 - Marta Vogel archived this prayer
        October 26 2025 at 02:30 - Marta Vogel marked this prayer as answered
        October 26 2025 at 03:00 - Marta Vogel restored this prayer
        """);
    ImportReport report =
        new TextSample()
            .importTexts(
                List.of(),
                new TextArchiveOptions(
                    List.of(folder.resolve("tree")), ZoneId.of("Europe/Berlin"), false));
    assertThat(
            report.findings().stream()
                .filter(finding -> finding.code().startsWith("hour-"))
                .map(
                    finding ->
                        finding.severity()
                            + " "
                            + finding.code()
                            + " "
                            + finding.line()
                            + " "
                            + finding.message()))
        .containsExactly(
            "warning hour-never 7 2025-03-30 02:30 never was in Europe/Berlin, whose clocks were"
                + " put forward over it; 2025-03-30 01:30:00.000000 UTC is taken",
            "warning hour-twice 8 2025-10-26 02:30 was twice in Europe/Berlin, whose clocks were"
                + " put back over it; the first time, 2025-10-26 00:30:00.000000 UTC, is taken");
  }

  @Test
  void links_areFollowed_andThoseThatLeadNowhereOrBack_areNamed() throws Exception {
    Path store = Files.createDirectories(folder.resolve("store"));
    Files.writeString(
        Files.createDirectories(store.resolve("02")).resolve("2025_02_09_prayer_at_0640.txt"),
        """
        Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel
        Submitted February 09 2025 at 06:40

        For rain.
        """);
    Path tree = Files.createDirectories(folder.resolve("tree/prayers/2025"));
    Files.createSymbolicLink(tree.resolve("02"), store.resolve("02"));
    Files.createSymbolicLink(tree.resolve("03"), store.resolve("nowhere"));
    Files.createSymbolicLink(tree.resolve("back"), folder.resolve("tree"));
    Path link = Files.createSymbolicLink(folder.resolve("archives"), folder.resolve("tree"));
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(link);
    assertThat(sample.query(folder, "SELECT text FROM prayer")).containsExactly("For rain.");
    assertThat(report.texts().orElseThrow().unread())
        .extracting(line -> line.file() + " " + line.why())
        .containsExactly(
            "archives/prayers/2025/03 a link that leads nowhere",
            "archives/prayers/2025/back a link to a folder that it is in");
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve("tree").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
