package org.thywill.community.prayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
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
