package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.SqliteValue;

/** What is inferred from texts, what is not, and how the reason of each row says so. */
class TextTrustTest {
  private static final String WITHOUT_ID =
      """
      Prayer temp by Marta Vogel
      Submitted February 09 2025 at 06:40

      For rain.

      Activity:
      February 09 2025 at 07:02 - Old Tom prayed this prayer
      """;

  @TempDir Path folder;

  private final TextSample sample = new TextSample();

  @Test
  void prayerThatLostItsId_hasItBack_fromTheActivityOfTheMemberAndMinute() throws Exception {
    write("prayers/2025/02/2025_02_09_prayer_at_0640.txt", WITHOUT_ID);
    write(
        "activity/activity_2025_02.txt",
        """
        Activity for February 2025


        February 09 2025
        06:40 - Old Tom submitted prayer p0
        06:40 - Marta Vogel submitted prayer p1 (travel)
        06:41 - Marta Vogel submitted prayer p2
        07:02 - Old Tom prayed for prayer p1
        """);
    ImportReport report = importTexts();
    assertThat(sample.query(folder, "SELECT id, text FROM prayer"))
        .containsExactly("p1 | For rain.");
    assertThat(sample.query(folder, "SELECT prayer_id, username FROM prayermark"))
        .containsExactly("p1 | Old Tom");
    assertThat(findings(report, "id-found"))
        .containsExactly(
            "tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt:1 the file lost the prayer's id; it"
                + " is p1, as the activity of that minute says");
    assertThat(findings(report, "prayer-lost"))
        .containsExactly(
            "tree/activity/activity_2025_02.txt:5 prayer p0 was submitted, but no file has its"
                + " text",
            "tree/activity/activity_2025_02.txt:7 prayer p2 was submitted, but no file has its"
                + " text");
  }

  @Test
  void prayerThatLostItsId_andThatNoFileNames_hasANewOne_andAFinding() throws Exception {
    write("prayers/2025/02/2025_02_09_prayer_at_0640.txt", WITHOUT_ID);
    ImportReport report = importTexts();
    String id = sample.community.only(Catalog.PRAYERS).key();
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(sample.query(folder, "SELECT prayer_id, username FROM prayermark"))
        .containsExactly(id + " | Old Tom");
    assertThat(findings(report, "id-made"))
        .containsExactly(
            "tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt:1 the file lost the prayer's id,"
                + " and no other file has it; it has a new one");
    assertThat(importTexts().rows()).as("the same one next time").isZero();
  }

  @Test
  void markersAndHeadersWithinTexts_comeThroughWhole() throws Exception {
    String text =
        """
        Activity:
        Project: mine
        Prayer 7 by nobody
        Generated Prayer:


          blanks at both ends \s
        """;
    String generated =
        """

        Generated Prayer:
        Activity:
        March 01 2025 at 10:00 - Old Tom prayed this prayer

        Amen.
        """;
    write(
        "prayers/2025/03/2025_03_01_prayer_at_0900.txt",
        "Prayer p1 by Old Tom\nSubmitted March 01 2025 at 09:00\n\n"
            + text
            + "\n\nGenerated Prayer:\n"
            + generated
            + "\n\n"
            + "Activity:\n"
            + "March 01 2025 at 10:00 - Old Tom added testimony: Activity:\n"
            + "Generated Prayer:\n\n"
            + "the last line\n"
            + "March 01 2025 at 10:01 - Old Tom prayed this prayer\n");
    ImportReport report = importTexts();
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    Row prayer = sample.community.only(Catalog.PRAYERS);
    assertThat(prayer.get(Catalog.Prayers.TEXT)).contains(text);
    assertThat(prayer.get(Catalog.Prayers.GENERATED_PRAYER)).contains(generated);
    assertThat(sample.query(folder, "SELECT attribute_value FROM prayer_attributes"))
        .containsExactly("Activity:\nGenerated Prayer:\n\nthe last line");
    assertThat(sample.query(folder, "SELECT username FROM prayermark")).containsExactly("Old Tom");
  }

  @Test
  void everyRow_saysWhereItComesFrom_andWhichValuesAreToTheMinuteOrInferred() throws Exception {
    write(
        "users/2025_01_users.txt",
        """
        User Registrations for January 2025

        January 01 2025 at 10:00 - Marta Vogel joined directly
        """);
    write("prayers/2025/02/2025_02_09_prayer_at_0640.txt", WITHOUT_ID.replace("temp", "p1"));
    write(
        "auth/2025_02_security_events.txt",
        """
        Security Events for February 2025
        Format: timestamp|event_type|user_id|ip_address|user_agent|details

        2025-02-09T06:00:00.123456|login|Marta Vogel|192.0.2.1|agent|words
        """);
    importTexts();
    assertThat(sample.community.causes)
        .containsExactlyInAnyOrder(
            "members tree/users/2025_01_users.txt:3 import; to the minute: created_at; inferred:"
                + " is_supporter, welcome_message_dismissed",
            "prayers tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt:1 import; to the minute:"
                + " created_at; inferred: categorization_method, flagged, safety_flags,"
                + " safety_score, specificity_confidence, specificity_type, subject_category",
            "marks tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt:7 import; to the minute:"
                + " created_at; inferred: id, text_file_path",
            "activity tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt:7 import; to the minute:"
                + " created_at; inferred: id, text_file_path",
            "security_events tree/auth/2025_02_security_events.txt:4 import; inferred: id");
  }

  @Test
  void idsAndNames_withAnyControlCharacter_areCarriedWhole() throws Exception {
    StringBuilder sessions =
        new StringBuilder(
            """
            Sessions for March 2025 (exported March 01 2025 at 10:00)
            Format: created_at|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated

            """);
    Set<String> expected = new HashSet<>();
    for (char c = 0; c < ' '; c++) {
      if (c != '\n' && !Character.isWhitespace(c) || c >= 0x1c) {
        sessions
            .append("March 01 2025 at 10:00|id")
            .append(c)
            .append("x|Marta")
            .append(c)
            .append("Vogel|March 15 2125 at 10:00|Firefox|192.0.2.1|yes\n");
        expected.add(
            ContentHash.ofSecret(new SqliteValue.Text("id" + c + "x")) + " | Marta" + c + "Vogel");
      }
    }
    write("sessions/2025_03_sessions.txt", sessions.toString());
    assertThat(importTexts().texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.query(folder, "SELECT id, username FROM session"))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void sessionThatAnyFileSaysWasEnded_staysEnded() throws Exception {
    String sessions =
        "Format:"
            + " created_at|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated\n\n";
    String record =
        "March 01 2025 at 10:00|%s|Marta Vogel|March 15 2125 at 10:00|Firefox|192.0.2.1|yes\n";
    write(
        "sessions/2025_03_sessions.txt",
        "Sessions for March 2025 (exported March 01 2025 at 10:00)\n"
            + sessions
            + record.formatted("s1")
            + record.formatted("s2")
            + record.formatted("s3"));
    write(
        "export/sessions/2025_03_sessions.txt",
        "Sessions for March 2025 (exported March 02 2025 at 10:00)\n"
            + sessions
            + "\n"
            + record.formatted("s1")
            + record.formatted("s2"));
    write(
        "auth/2025_03_security_events.txt",
        """
        Security Events for March 2025
        Format: timestamp|event_type|user_id|ip_address|user_agent|details

        2025-03-03T10:00:00.000001|session_deleted|Marta Vogel|None|agent|session_id=s1, reason=logout
        """);
    write(
        "system/event_log/session_events_2025_03.txt",
        "2025-03-04T10:00:00.000001+00:00 - Session s3 deleted for user Marta Vogel\n");
    ImportReport report = importTexts();
    assertThat(sample.query(folder, "SELECT username, device_info FROM session"))
        .containsExactly("Marta Vogel | Firefox");
    assertThat(sample.community.only(Catalog.SESSIONS).key())
        .isEqualTo(ContentHash.ofSecret(new SqliteValue.Text("s2")));
    assertThat(findings(report, "session-ended"))
        .hasSize(2)
        .allMatch(finding -> finding.endsWith("it stays ended, and its row is not carried"));
  }

  @Test
  void applicants_failedSignIns_andNamesThatCouldBeSplitInSeveralWays_areNoMembers_andGetNoRole()
      throws Exception {
    write(
        "membership_applications/a1.txt",
        """
        MEMBERSHIP APPLICATION
        ======================

        Application ID: a1
        Submitted: 2025-09-17T10:00:16.367016
        IP Address: Unknown

        USERNAME: Applicant

        ESSAY/MOTIVATION:
        Please

        CONTACT INFO: None provided

        STATUS: pending
        """);
    write(
        "auth/2025_02_security_events.txt",
        """
        Security Events for February 2025
        Format: timestamp|event_type|user_id|ip_address|user_agent|details

        2025-02-09T06:00:00.123456|failed_login|Stranger|192.0.2.1|agent|unknown name
        """);
    write(
        "auth/2025_02_auth_requests.txt",
        """
        Authentication Requests for February 2025
        Format: timestamp|user_id|device_info|ip_address|status|details

        2025-02-01T08:00:15.871593|Asker|phone|192.0.2.200|pending|
        """);
    write(
        "sessions/2025_03_sessions.txt",
        """
        Sessions for March 2025 (exported March 01 2025 at 10:00)
        Format: created_at|session_id|username|expires_at|device_info|ip_address|is_fully_authenticated

        March 01 2025 at 10:00|s1|Pat|Kim|March 15 2025 at 10:00|a|b|192.0.2.1|yes
        """);
    write(
        "prayers/2025/02/2025_02_09_prayer_at_0640.txt",
        "Prayer p1 by Unknown\nSubmitted February 09 2025 at 06:40\n\nFor rain.\n\nActivity:\n");
    importTexts();
    assertThat(sample.query(folder, "SELECT display_name FROM user")).isEmpty();
    assertThat(sample.query(folder, "SELECT * FROM user_roles")).isEmpty();
    assertThat(sample.query(folder, "SELECT username FROM membership_application"))
        .containsExactly("Applicant");
    assertThat(sample.query(folder, "SELECT user_id FROM authenticationrequest"))
        .containsExactly("Asker");
  }

  private static List<String> findings(ImportReport report, String code) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code))
        .map(finding -> finding.file() + ":" + finding.line() + " " + finding.message())
        .toList();
  }

  private ImportReport importTexts() throws IOException {
    return sample.importTexts(folder.resolve("tree"));
  }

  private void write(String path, String text) throws IOException {
    Path file = folder.resolve("tree").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
