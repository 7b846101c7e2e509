package org.thywill.community.prayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.prayer.Statistics.Series;

/** What the community is told of itself in figures. */
class StatisticsTest {
  @TempDir Path folder;

  private static Statistics counted(CommunityFixture village) throws IOException {
    return Statistics.count(village.view(), village.clock.instant());
  }

  @Test
  void placeWhereNobodyIsYet_hasNothingToCount() throws IOException {
    try (CommunityFixture village = CommunityFixture.empty(folder)) {
      Statistics none = counted(village);
      assertThat(none.open() + none.prayedFor() + none.answered()).isZero();
      assertThat(Series.values())
          .allSatisfy(
              series -> {
                assertThat(none.perDay(series)).isEmpty();
                assertThat(none.total(series)).isZero();
              });
    }
  }

  @Test
  void hiddenPrayer_isNoRequestAnyMore_butThatItWasPrayedStays() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String answered = village.ask("ben");
      String archived = village.ask("ben");
      String hidden = village.ask("ben");
      village.ask("ben");
      for (String prayer : new String[] {answered, hidden, hidden, archived}) {
        village.prayers.markPrayed("anna", prayer, "");
      }
      village.prayers.praise("ben", answered, "It rained.");
      village.prayers.praise("ben", answered, "And rained.");
      village.prayers.praise("ben", hidden, "");
      village.prayers.archive("ben", archived);
      village.moderation.hide("anna", hidden, "names somebody");
      Statistics counted = counted(village);
      assertThat(counted.total(Series.REQUESTS)).isEqualTo(3);
      assertThat(counted.open()).isEqualTo(2);
      assertThat(counted.prayedFor()).isEqualTo(2);
      assertThat(counted.answered()).isEqualTo(1);
      assertThat(counted.total(Series.MARKS)).isEqualTo(4);
      assertThat(counted.total(Series.NEW_MEMBERS)).isEqualTo(2);
      village.moderation.show("anna", hidden, "was fine");
      assertThat(counted(village).answered()).isEqualTo(2);
    }
  }

  @Test
  void eachDay_isCountedByItself_andEndsAtMidnightInUtc() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.clock.setTo(Instant.parse("2026-12-31T23:59:59.999999Z"));
      String prayer = village.ask("anna");
      village.clock.setTo(Instant.parse("2027-01-01T00:00:00Z"));
      village.prayers.markPrayed("anna", prayer, "");
      village.ask("anna");
      village.pass(Duration.ofDays(2));
      village.ask("anna");
      Statistics counted = counted(village);
      assertThat(counted.perDay(Series.REQUESTS).toString())
          .isEqualTo("{2026-12-31=1, 2027-01-01=1, 2027-01-03=1}");
      assertThat(counted.perDay(Series.MARKS)).containsOnlyKeys(LocalDate.of(2027, 1, 1));
      assertThat(counted.at()).isEqualTo(village.clock.instant());
    }
  }
}
