package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.legacy.exporter.LegacyExport;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.importer.TextArchiveOptions;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.SqliteValue;

/**
 * Compares the import of the sample's archives with the database that they were written from.
 *
 * <p>Each difference is listed here, with its reason.
 */
class TextSampleTest {
  private static final String TEXTS =
      "SELECT id, author_username, replace(text, char(13), ''), replace(ifnull(generated_prayer,"
          + " ''), char(13), ''), project_tag FROM prayer";
  private static final String MARKS =
      "SELECT prayer_id, username, substr(created_at, 1, 16) FROM prayermark";
  private static final String LOGS =
      "SELECT prayer_id, user_id, action, old_value, new_value, substr(created_at, 1, 16) FROM"
          + " prayer_activity_log";
  private static final String ATTRIBUTES =
      "SELECT prayer_id, attribute_name FROM prayer_attributes";
  // A valid token is kept as its hash, because no text says what it is for.
  private static final String MEMBERS =
      "SELECT display_name, substr(created_at, 1, 16), invited_by_username, "
          + "CASE invite_token_used WHEN 'c8d5e12af82c564d' THEN '%s' ELSE invite_token_used END FROM user"
              .formatted(ContentHash.ofSecret(new SqliteValue.Text("c8d5e12af82c564d")));
  private static final String SUPPORTERS =
      "SELECT display_name, is_supporter, substr(supporter_since, 1, 10), supporter_type,"
          + " welcome_message_dismissed FROM user";
  private static final String SESSIONS =
      "SELECT username, substr(created_at, 1, 16), substr(expires_at, 1, 16),"
          + " is_fully_authenticated FROM session";
  private static final String ROLES = "SELECT name FROM role";
  private static final String ASSIGNMENTS =
      "SELECT user_id, (SELECT name FROM role WHERE role.id = role_id), substr(granted_at, 1, 16),"
          + " granted_by FROM user_roles";
  private static final String APPLICATIONS = "SELECT * FROM membership_application";

  private static final Map<String, String> OTHERS =
      Map.of(
          "activity of prayers",
          LOGS,
          "security events",
          "SELECT event_type, user_id, ip_address, details, substr(created_at, 1, 16) FROM"
              + " securitylog",
          "sign-in requests",
          "SELECT user_id, status, device_info, substr(created_at, 1, 16), substr(expires_at, 1,"
              + " 16), approved_by_user_id FROM authenticationrequest",
          "invites",
          "SELECT token, created_by_user, usage_count, max_uses, used_by_user_id,"
              + " substr(expires_at, 1, 16) FROM invitetoken",
          "uses of invites",
          "SELECT invite_token_id, user_id, substr(claimed_at, 1, 16) FROM invite_token_usage",
          "notifications",
          "SELECT user_id, notification_type, is_read, substr(created_at, 1, 16) FROM"
              + " notification_state",
          "approvals",
          "SELECT approver_user_id, substr(created_at, 1, 16) FROM authapproval",
          "audit of sign-ins",
          "SELECT action, actor_user_id, actor_type, details, substr(created_at, 1, 16) FROM"
              + " authauditlog",
          "skips",
          "SELECT prayer_id, user_id, substr(created_at, 1, 16) FROM prayerskip",
          "changelog",
          "SELECT commit_id, friendly_description FROM changelogentry");
  private static final Path DIFFERENCES = TextSample.ARCHIVES.resolveSibling("differences");
  private static final int LISTED_MAX = 160;

  @TempDir Path folder;

  @Test
  void live_isTheDatabaseButForWhatItsWritersNeverWrote() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(TextSample.LIVE);
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.differences(folder, TEXTS)).isEmpty();
    // A mark from a rebuild of the database; no file has it.
    assertThat(sample.differences(folder, MARKS))
        .containsExactly(
            "- ea74a9ccb8e14f3efb592abefaaecdb0 | Siobhán O'Rourke | 2024-09-10 07:00");
    assertThat(sample.differences(folder, ATTRIBUTES))
        .containsExactlyInAnyOrder(
            // Set from scripts, which write to no file.
            "- 354e549945cb4c098d84127da4d9257d | note",
            "- 354e549945cb4c098d84127da4d9257d | pinned",
            "- a325add0614745526de6a6997c8df160 | daily_priority",
            // Set without an actor.
            "- 9f2b1d6cc16a423092528b73fe4e9b48 | flagged",
            // Made by a rebuild of the database.
            "- ea74a9ccb8e14f3efb592abefaaecdb0 | answer_date",
            "- ea74a9ccb8e14f3efb592abefaaecdb0 | answered");
    // A member that a rebuild of the database made from the first word of a name.
    assertThat(sample.differences(folder, MEMBERS))
        .containsExactly("- Tobias | 2024-09-10 07:00 | null | null");
    assertThat(sample.differences(folder, SESSIONS)).isEmpty();
    assertThat(sample.differences(folder, APPLICATIONS)).isEmpty();
    // Grants of roles are not written live, except for two of one member.
    assertThat(sample.query(folder, ASSIGNMENTS))
        .containsExactly(
            "Big Dave | deactivated | 2025-05-10 10:00 | Miriam",
            "Big Dave | user | 2025-06-10 10:00 | Miriam");
    assertThat(sample.query(folder, "SELECT name, permissions FROM role"))
        .containsExactly("deactivated | []", "user | []");
    assertThat(report.findingsByCode())
        .containsEntry("session-ended", 1L)
        .containsEntry("role-not-defined", 2L)
        .containsKey("moderation-not-stated");
  }

  @Test
  void export_isTheDatabaseButForWhatItsWritersLost() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.importTexts(TextSample.EXPORT);
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.differences(folder, TEXTS)).isEmpty();
    assertThat(sample.differences(folder, MARKS)).isEmpty();
    assertThat(sample.differences(folder, LOGS)).isEmpty();
    assertThat(sample.differences(folder, ATTRIBUTES)).isEmpty();
    assertThat(sample.differences(folder, MEMBERS)).isEmpty();
    assertThat(sample.differences(folder, SUPPORTERS)).isEmpty();
    assertThat(sample.differences(folder, SESSIONS)).isEmpty();
    assertThat(sample.differences(folder, ROLES)).isEmpty();
    assertThat(sample.differences(folder, ASSIGNMENTS)).isEmpty();
    assertThat(sample.query(folder, APPLICATIONS)).isEmpty(); // no export has them
    assertThat(report.texts().orElseThrow().offset()).startsWith("UTC, concluded");
  }

  /** Each other difference has its reason in {@code differences/live.txt} or {@code export.txt}. */
  @Test
  void whatElseDiffers_isWhatIsListed() throws Exception {
    for (Path source : List.of(TextSample.LIVE, TextSample.EXPORT)) {
      TextSample sample = new TextSample();
      sample.importTexts(source);
      Map<String, List<String>> listed = listed(source.getFileName() + ".txt");
      for (Map.Entry<String, String> others : OTHERS.entrySet()) {
        List<String> found =
            sample.differences(folder, others.getValue()).stream()
                .map(TextSampleTest::inOneLine)
                .toList();
        assertThat(found)
            .as("%s, %s", source, others.getKey())
            .containsExactlyInAnyOrderElementsOf(listed.getOrDefault(others.getKey(), List.of()));
      }
      assertThat(OTHERS.keySet()).containsAll(listed.keySet());
    }
  }

  private static Map<String, List<String>> listed(String file) throws IOException {
    Map<String, List<String>> listed = new TreeMap<>();
    String section = "";
    for (String line : Files.readAllLines(DIFFERENCES.resolve(file))) {
      if (line.startsWith("== ")) {
        section = line.substring(3);
      } else if (line.startsWith("- ") || line.startsWith("+ ")) {
        listed.computeIfAbsent(section, _ -> new ArrayList<>()).add(line);
      } else {
        assertThat(line).as("a reason, or nothing").matches("(# .*)?");
      }
    }
    return listed;
  }

  private static String inOneLine(String row) {
    String line = row.replace("\n", "\\n");
    return line.length() <= LISTED_MAX ? line : line.substring(0, LISTED_MAX) + "…";
  }

  @Test
  void liveAndExportAndBackup_together_areTheSameRowsOnce() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report =
        sample.importTexts(
            TextSample.LIVE,
            TextSample.EXPORT,
            TextSample.ARCHIVES.resolve("sessions_backup.json"));
    assertThat(report.rows()).isEqualTo(889);
    assertThat(sample.differences(folder, TEXTS)).isEmpty();
    assertThat(sample.differences(folder, MARKS)).isEmpty();
    assertThat(sample.differences(folder, ATTRIBUTES)).isEmpty();
    assertThat(
            sample.differences(
                folder,
                "SELECT username, created_at, expires_at, auth_request_id, device_info, ip_address"
                    + " FROM session"))
        .isEmpty();
    // A testimony longer than its column: the database lost it, the live file has it.
    assertThat(
            sample.differences(
                folder, "SELECT prayer_id, user_id, action FROM prayer_activity_log"))
        .isEmpty();
    assertThat(sample.differences(folder, LOGS))
        .hasSize(4)
        .allMatch(row -> row.contains("6fd1d388398d4a00c20a690580b41cfa | Priya S."));
  }

  @Test
  void imported_again_addsNothing() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(TextSample.LIVE, TextSample.EXPORT);
    long before = sample.community.size();
    assertThat(sample.importTexts(TextSample.LIVE, TextSample.EXPORT).rows()).isZero();
    assertThat(sample.importTexts(TextSample.EXPORT).rows()).isZero();
    assertThat(sample.importTexts(TextSample.LIVE).rows()).isZero();
    assertThat(sample.community.size()).isEqualTo(before);
  }

  @Test
  void export_importedAfterLive_addsOnlyWhatLiveLacked() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(TextSample.LIVE);
    sample.importTexts(TextSample.EXPORT);
    assertThat(sample.differences(folder, TEXTS)).isEmpty();
    assertThat(sample.differences(folder, MARKS)).isEmpty();
    assertThat(sample.differences(folder, ATTRIBUTES)).isEmpty();
    assertThat(
            sample.differences(
                folder,
                "SELECT prayer_id, user_id, action, substr(created_at, 1, 16) FROM"
                    + " prayer_activity_log"))
        .isEmpty();
    assertThat(sample.differences(folder, ASSIGNMENTS)).isEmpty();
    assertThat(sample.differences(folder, SESSIONS)).isEmpty();
  }

  @Test
  void databaseAndArchives_together_areTheDatabaseAndWhatItLacks() throws Exception {
    TextSample sample = new TextSample();
    Path database = OriginalFile.fixture(folder, "sample.db");
    ImportReport report =
        sample.importTexts(
            List.of(database),
            new TextArchiveOptions(List.of(TextSample.LIVE, TextSample.EXPORT), null, false));
    assertThat(report.rows()).isEqualTo(889);
    RoundTripContract.assertKept(database, exported(sample));
    assertThat(report.findingsByCode()).doesNotContainKey("differs-from-database");
  }

  @Test
  void databaseThatLacksRows_andDiffersInOne_isCompleted_andItsValuesAreTaken() throws Exception {
    Path database = OriginalFile.fixture(folder, "sample.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement change = connection.createStatement()) {
      assertThat(change.executeUpdate("DELETE FROM prayermark WHERE created_at >= '2025-01'"))
          .isPositive();
      assertThat(
              change.executeUpdate(
                  "UPDATE prayer SET project_tag = 'changed by hand' WHERE project_tag IS NOT"
                      + " NULL"))
          .isPositive();
      assertThat(
              change.executeUpdate(
                  "UPDATE prayer SET generated_prayer = NULL WHERE id ="
                      + " '01d24823890243a4b88be4b768ee92cb'"))
          .isEqualTo(1);
    }
    TextSample sample = new TextSample();
    ImportReport report =
        sample.importTexts(
            List.of(database),
            new TextArchiveOptions(List.of(TextSample.LIVE, TextSample.EXPORT), null, false));
    assertThat(sample.differences(folder, MARKS)).isEmpty();
    assertThat(
            sample.query(
                folder, "SELECT DISTINCT project_tag FROM prayer WHERE project_tag IS NOT NULL"))
        .containsExactly("changed by hand");
    assertThat(
            report.findings().stream()
                .filter(finding -> finding.code().equals("differs-from-database")))
        .isNotEmpty()
        .allMatch(
            finding ->
                finding.message().startsWith("prayer.project_tag differs from ")
                    && finding.line() > 0);
    // It may have been cleared on purpose.
    assertThat(
            sample.query(
                folder,
                "SELECT generated_prayer FROM prayer WHERE id ="
                    + " '01d24823890243a4b88be4b768ee92cb'"))
        .containsExactly("null");
    assertThat(
            report.findings().stream()
                .filter(finding -> finding.code().equals("empty-in-database")))
        .extracting(LegacyFinding::message)
        .containsExactlyInAnyOrder(
            "prayer.generated_prayer is empty at sample.db:prayer:19, and stays so",
            // The testimony that was longer than its column.
            "prayer_activity_log.new_value is empty at sample.db:prayer_activity_log:198, and stays"
                + " so",
            "prayer_activity_log.new_value is empty at sample.db:prayer_activity_log:199, and stays"
                + " so");
  }

  @Test
  void unmoderatedPrayers_areHiddenIfAsked() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(List.of(), new TextArchiveOptions(List.of(TextSample.LIVE), null, true));
    assertThat(sample.community.rows(Catalog.PRAYERS).values())
        .hasSize(61)
        .allMatch(prayer -> !prayer.has(Catalog.Prayers.MODERATION, "open"));
  }

  @Test
  void prayers_thatAFileSaysWereFlagged_stayHidden() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(TextSample.LIVE);
    assertThat(
            sample.community.rows(Catalog.PRAYERS).values().stream()
                .filter(row -> !row.has(Catalog.Prayers.MODERATION, "open"))
                .map(Row::key))
        .containsExactlyInAnyOrder(
            "42e4f95d86054c35357a45cfb40bcc73", "e6a01312223846090b12c819b02d36ba");
  }

  @Test
  void everyRow_namesItsFileAndLine() throws Exception {
    TextSample sample = new TextSample();
    sample.importTexts(TextSample.LIVE, TextSample.EXPORT);
    assertThat(sample.community.sources)
        .allMatch(source -> source.matches("(live|export)/.*\\.txt:[1-9][0-9]*"));
    assertThat(sample.community.sources)
        .contains(
            "live/prayers/2024/09/2024_09_04_prayer_at_0630.txt:1",
            "export/prayers/prayer_skips.txt:5");
  }

  private Path exported(TextSample sample) throws Exception {
    Path target = folder.resolve("exported.db");
    new LegacyExport(sample.community).allowingPowerfulNames().to(target);
    return target;
  }
}
