package org.thywill.community.prayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;

class ModerationTest {
  @TempDir Path folder;

  private static Optional<String> state(CommunityFixture fixture, String prayer)
      throws IOException {
    return fixture.row(Catalog.PRAYERS, prayer).get(Catalog.Prayers.MODERATION);
  }

  @Test
  void flag_waitsForAModerator_andHidesNothing() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("ben");
      fixture.moderation.report("clara", prayer, "gives an address");

      assertThat(state(fixture, prayer)).contains("flagged");
      assertThat(fixture.where(Catalog.Activity.PRAYER, prayer))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get(Catalog.Activity.ACTION)).contains("flagged");
                assertThat(row.get(Catalog.Activity.NEW_VALUE)).contains("gives an address");
                assertThat(row.get(Catalog.Activity.MEMBER)).contains("clara");
              });
      fixture.prayers.markPrayed("clara", prayer, "");
    }
  }

  @Test
  void flag_withoutAReason_orTwiceByTheSame_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("ben");
      assertThatThrownBy(() -> fixture.moderation.report("clara", prayer, " "))
          .isInstanceOf(InvalidInputException.class);
      fixture.moderation.report("clara", prayer, "gives an address");
      assertThatThrownBy(() -> fixture.moderation.report("clara", prayer, "really"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      fixture.moderation.report("anna", prayer, "I think so too");
      fixture.pass(Duration.ofDays(1));
      fixture.moderation.show("anna", prayer, "asked; all fine");
      fixture.pass(Duration.ofDays(1));
      fixture.moderation.report("clara", prayer, "it says more now");
      assertThat(state(fixture, prayer)).contains("flagged");
    }
  }

  @Test
  void prayerThatWasLookedAt_andThenSaysSomethingElse_isLookedAtAgain() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.prayers.ask("ben", "For rain.", Visibility.PUBLIC, "");
      fixture.prayers.edit("ben", prayer, "For much rain.");
      assertThat(state(fixture, prayer)).as("nobody had looked").contains("open");
      fixture.moderation.report("clara", prayer, "unkind");
      List<ThrowingCallable> changes =
          List.of(
              () -> fixture.prayers.edit("ben", prayer, "For a flood in Mill Lane 4."),
              () -> fixture.prayers.attachPrayer("ben", prayer, "Send a flood."),
              () -> fixture.prayers.praise("ben", prayer, "The flood came."),
              () -> fixture.prayers.praise("anna", prayer, "The flood came, and stayed."));
      for (ThrowingCallable change : changes) {
        fixture.moderation.show("anna", prayer, "is fine");
        assertThat(state(fixture, prayer)).contains("open");
        assertThatCode(change).doesNotThrowAnyException();
        assertThat(state(fixture, prayer)).contains("flagged");
        assertThat(new PrayerFeeds(fixture.view(), "").publicFeed("").prayers()).isEmpty();
        assertThat(new PrayerFeeds(fixture.view(), "anna").reported("").prayers()).hasSize(1);
        fixture.pass(Duration.ofHours(1));
      }
      fixture.moderation.show("anna", prayer, "is fine");
      fixture.prayers.edit("ben", prayer, "For a flood in Mill Lane 4.");
      fixture.prayers.attachPrayer("ben", prayer, "Send a flood.");
      assertThat(state(fixture, prayer)).as("the same words").contains("open");
    }
  }

  @Test
  void hiddenPrayer_thatIsChanged_staysHidden() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.moderation.hide("anna", prayer, "gives an address");
      fixture.prayers.edit("ben", prayer, "For rain.");
      assertThat(state(fixture, prayer)).contains("hidden");
      assertThat(new PrayerFeeds(fixture.view(), "anna").timeline(prayer))
          .extracting(PrayerFeeds.TimelineEntry::action)
          .contains("review");
    }
  }

  @Test
  void hideAndShow_needThePermission_andKeepTheReason() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("ben");
      assertThatThrownBy(() -> fixture.moderation.hide("clara", prayer, "because"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("clara may not hide prayers or show them again.");
      fixture.appoint("clara");
      long before = fixture.lastSeq();
      fixture.moderation.hide("clara", prayer, "gives an address");

      assertThat(state(fixture, prayer)).contains("hidden");
      assertThat(fixture.writtenAfter(before))
          .hasSize(2)
          .allSatisfy(
              change -> {
                assertThat(change.stamp().cause().actor()).isEqualTo("clara");
                assertThat(change.stamp().cause().reason()).isEqualTo("gives an address");
              });
      assertThatThrownBy(() -> fixture.moderation.hide("clara", prayer, "again"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> fixture.moderation.report("anna", prayer, "me too"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> fixture.moderation.show("ben", prayer, "it is mine"))
          .isInstanceOf(ForbiddenException.class);
      fixture.moderation.show("clara", prayer, "the address is gone");
      assertThat(state(fixture, prayer)).contains("open");
      assertThatThrownBy(() -> fixture.moderation.show("clara", prayer, "again"))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
