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

  private static Statistics counted(CommunityFixture fixture) throws IOException {
    return Statistics.count(fixture.view(), fixture.clock.instant());
  }

  @Test
  void placeWhereNobodyIsYet_hasNothingToCount() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.empty(folder)) {
      Statistics none = counted(fixture);
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
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String answered = fixture.ask("ben");
      String archived = fixture.ask("ben");
      String hidden = fixture.ask("ben");
      fixture.ask("ben");
      for (String prayer : new String[] {answered, hidden, hidden, archived}) {
        fixture.prayers.markPrayed("anna", prayer, "");
      }
      fixture.prayers.praise("ben", answered, "It rained.");
      fixture.prayers.praise("ben", answered, "And rained.");
      fixture.prayers.praise("ben", hidden, "");
      fixture.prayers.archive("ben", archived);
      fixture.moderation.hide("anna", hidden, "names somebody");
      Statistics counted = counted(fixture);
      assertThat(counted.total(Series.REQUESTS)).isEqualTo(3);
      assertThat(counted.open()).isEqualTo(2);
      assertThat(counted.prayedFor()).isEqualTo(2);
      assertThat(counted.answered()).isEqualTo(1);
      assertThat(counted.total(Series.MARKS)).isEqualTo(4);
      assertThat(counted.total(Series.NEW_MEMBERS)).isEqualTo(2);
      fixture.moderation.show("anna", hidden, "was fine");
      assertThat(counted(fixture).answered()).isEqualTo(2);
    }
  }

  @Test
  void eachDay_isCountedByItself_andEndsAtMidnightInUtc() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.clock.setTo(Instant.parse("2026-12-31T23:59:59.999999Z"));
      String prayer = fixture.ask("anna");
      fixture.clock.setTo(Instant.parse("2027-01-01T00:00:00Z"));
      fixture.prayers.markPrayed("anna", prayer, "");
      fixture.ask("anna");
      fixture.pass(Duration.ofDays(2));
      fixture.ask("anna");
      Statistics counted = counted(fixture);
      assertThat(counted.perDay(Series.REQUESTS).toString())
          .isEqualTo("{2026-12-31=1, 2027-01-01=1, 2027-01-03=1}");
      assertThat(counted.perDay(Series.MARKS)).containsOnlyKeys(LocalDate.of(2027, 1, 1));
      assertThat(counted.at()).isEqualTo(fixture.clock.instant());
    }
  }
}
