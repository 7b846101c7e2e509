package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rarer layouts, each with a small archive. */
class TextDialectsTest {
  private static final Path DIALECTS = TextSample.ARCHIVES.resolve("dialects");

  @TempDir Path folder;

  @Test
  void recordsThatRanTogether_areCut() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.take(DIALECTS.resolve("run-together"));
    assertThat(report.tables()).containsEntry("session", 5L);
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
  }

  @Test
  void exportsOf5July_areRead() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.take(DIALECTS.resolve("database_exports"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.ask(folder, "SELECT name, permissions FROM role")).containsExactly("admin | [\"*\"]", "greeter | [\"welcome.users\"]");
    assertThat(sample.ask(folder, "SELECT username, device_info FROM session")).containsExactly("Miriam | Firefox on Linux", "Pat|Kim | Lang=de|beta",
        "Tobias Lindqvist | null");
    // Whoever's name could be cut in several ways is no member.
    assertThat(sample.ask(folder, "SELECT display_name FROM user")).containsExactly("Miriam", "Tobias Lindqvist");
  }

  @Test
  void communityExport_andTheTextsOfItsTime_areOneCommunity() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.take(DIALECTS.resolve("community_export.zip"), DIALECTS.resolve("june"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(report.tables()).containsEntry("prayer", 3L).containsEntry("role", 1L).containsEntry("user_roles", 1L);
    assertThat(sample.ask(folder, "SELECT author_username, created_at FROM prayer WHERE project_tag = 'health'"))
        .containsExactly("Tobias Lindqvist | 2025-06-15 06:30:00.000009");
  }

  @Test
  void plannedLayouts_areRead() throws Exception {
    TextSample sample = new TextSample();
    ImportReport report = sample.take(DIALECTS.resolve("planned"));
    assertThat(report.texts().orElseThrow().unread()).isEmpty();
    assertThat(sample.ask(folder, "SELECT user_id, status, expires_at FROM authenticationrequest WHERE status = 'pending'"))
        .containsExactly("Ada Vale | pending | 2024-01-15 11:30:00.000000");
    assertThat(sample.ask(folder, "SELECT event_type, details FROM securitylog")).containsExactly("failed_login | wrong code", "rate_limit_hit | 3_attempts_in_hour");
    assertThat(sample.ask(folder, "SELECT user_id, granted_by, name FROM user_roles JOIN role ON role.id = role_id")).containsExactly("Ben Oak | Ada Vale | moderator");
    assertThat(sample.ask(folder, "SELECT display_name FROM user")).isEmpty();
  }

  @Test
  void monthlyMarks_doNotDoubleThoseOfThePrayer_butEqualLinesOfOneFileStay() throws Exception {
    TextSample sample = new TextSample();
    sample.take(DIALECTS.resolve("satellites"));
    assertThat(sample.ask(folder, "SELECT username, created_at FROM prayermark")).containsExactly("Old Tom | 2025-02-09 07:02:00.000000",
        "Old Tom | 2025-02-09 07:02:00.000000");
  }

  @Test
  void offset_movesWhatTheServersClockStamped_whereTheColumnIsInUtc() throws Exception {
    Path file = folder.resolve("tree/prayers/2025/02/2025_02_09_prayer_at_0640.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, """
        Prayer 0f3a6c1d9b7e42558a90d1c2b3e4f506 by Marta Vogel
        Submitted February 09 2025 at 06:40

        For rain.

        Activity:
        July 09 2025 at 07:02 - Marta Vogel marked this prayer as answered
        """);
    TextSample sample = new TextSample();
    ImportReport report = sample.take(List.of(), new Texts(List.of(folder.resolve("tree")), Optional.of(ZoneId.of("Europe/Berlin")), false));
    assertThat(sample.ask(folder, "SELECT attribute_name, attribute_value, created_at FROM prayer_attributes")).containsExactly(
        "answer_date | 2025-07-09T07:02:00.000000 | 2025-07-09 05:02:00.000000", "answered | true | 2025-07-09 05:02:00.000000");
    assertThat(sample.ask(folder, "SELECT created_at FROM prayer")).containsExactly("2025-02-09 06:40:00.000000");
    assertThat(report.texts().orElseThrow().offset()).isEqualTo("Europe/Berlin, as given");
  }
}
