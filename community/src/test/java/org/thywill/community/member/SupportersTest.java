package org.thywill.community.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.prayer.PrayerFeeds;

/** Who supports the community, in which ways, and what others see of it. */
class SupportersTest {
  @TempDir Path folder;

  private static Row member(boolean isSupporter, @Nullable String type) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, "ben")
        .set(Catalog.Members.IS_SUPPORTER, isSupporter)
        .set(Catalog.Members.SUPPORTER_TYPE, type)
        .build();
  }

  @Test
  void badges_areThoseOfTheWordsInTheRow_inOneOrder_andThreeAreShown() {
    assertThat(Badge.of(member(true, "logistical, financial ,advisor,prayer_warrior")))
        .containsExactly(Badge.FINANCIAL, Badge.PRAYER_WARRIOR, Badge.ADVISOR, Badge.LOGISTICAL);
    assertThat(Badge.shown(member(true, "logistical,financial,advisor,prayer_warrior,financial")))
        .containsExactly(Badge.FINANCIAL, Badge.PRAYER_WARRIOR, Badge.ADVISOR);
    assertThat(Badge.of(member(true, "community_leader,gardener,<b>")))
        .containsExactly(Badge.COMMUNITY_LEADER);
    for (@Nullable String plain :
        new @Nullable String[] {null, "", " , ", "gardener", "FINANCIAL"}) {
      assertThat(Badge.of(member(true, plain)))
          .as("supporter of type " + plain)
          .containsExactly(Badge.SUPPORTER);
    }
    assertThat(Badge.of(member(false, "financial"))).isEmpty();
  }

  @Test
  void admin_givesAndTakesBack_andSinceWhenStaysUntilAllAreTakenBack() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Instant first = fixture.clock.instant();
      fixture.supporters.setBadges(
          "anna", "ben", EnumSet.of(Badge.ADVISOR, Badge.FINANCIAL), "pays for the server");
      fixture.pass(Duration.ofDays(9));
      fixture.supporters.setBadges("anna", "ben", EnumSet.of(Badge.ADVISOR), "");
      Row ben = fixture.row(Catalog.MEMBERS, "ben");
      assertThat(ben.get(Catalog.Members.SUPPORTER_TYPE)).contains("advisor");
      assertThat(ben.get(Catalog.Members.SUPPORTER_SINCE).map(Timestamps::instant)).contains(first);
      assertThatThrownBy(
              () -> fixture.supporters.setBadges("anna", "ben", EnumSet.of(Badge.ADVISOR), ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("nothing was changed");
      fixture.supporters.setBadges("anna", "ben", Set.of(), "has moved away");
      assertThat(fixture.row(Catalog.MEMBERS, "ben")).isEqualTo(ben.with(none()));
      assertThatThrownBy(
              () -> fixture.supporters.setBadges("anna", "nobody", EnumSet.of(Badge.ADVISOR), ""))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> fixture.supporters.setBadges("ben", "ben", EnumSet.of(Badge.ADVISOR), ""))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  private static Map<String, @Nullable Object> none() {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("is_supporter", false);
    values.put("supporter_since", null);
    values.put("supporter_type", null);
    return values;
  }

  @Test
  void waysThatAnImportKnew_stayBesideThoseThatAreGivenHere() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.change(
                  Catalog.MEMBERS,
                  "ben",
                  Values.of(Catalog.Members.IS_SUPPORTER, true)
                      .and(Catalog.Members.SUPPORTER_TYPE, "gardener,financial")));
      fixture.supporters.setBadges("anna", "ben", EnumSet.of(Badge.ADVISOR), "");
      assertThat(fixture.row(Catalog.MEMBERS, "ben").get(Catalog.Members.SUPPORTER_TYPE))
          .contains("advisor,gardener");
    }
  }

  @Test
  void prayersAndWhoPrayedThem_carryTheBadges() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.prayers.markPrayed("anna", prayer, "");
      fixture.supporters.setBadges("anna", "ben", EnumSet.of(Badge.ADVISOR), "");
      fixture.supporters.setBadges("anna", "anna", EnumSet.of(Badge.LOGISTICAL), "");
      PrayerFeeds board = new PrayerFeeds(fixture.view(), "anna");
      assertThat(board.findPrayer(prayer, false).orElseThrow().author().badges())
          .containsExactly(Badge.ADVISOR);
      assertThat(board.whoPrayed(prayer).getFirst().badges()).containsExactly(Badge.LOGISTICAL);
    }
  }
}
