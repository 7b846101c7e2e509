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

  private static Optional<String> state(CommunityFixture village, String prayer)
      throws IOException {
    return village.row(Catalog.PRAYERS, prayer).text("moderation");
  }

  @Test
  void flag_waitsForAModerator_andHidesNothing() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("ben");
      village.moderation.report("clara", prayer, "gives an address");

      assertThat(state(village, prayer)).contains("flagged");
      assertThat(village.where(Catalog.ACTIVITY, "prayer", prayer))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.text("action")).contains("flagged");
                assertThat(row.text("new_value")).contains("gives an address");
                assertThat(row.text("member")).contains("clara");
              });
      village.prayers.markPrayed("clara", prayer, "");
    }
  }

  @Test
  void flag_withoutAReason_orTwiceByTheSame_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("ben");
      assertThatThrownBy(() -> village.moderation.report("clara", prayer, " "))
          .isInstanceOf(InvalidInputException.class);
      village.moderation.report("clara", prayer, "gives an address");
      assertThatThrownBy(() -> village.moderation.report("clara", prayer, "really"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      village.moderation.report("anna", prayer, "I think so too");
      village.pass(Duration.ofDays(1));
      village.moderation.show("anna", prayer, "asked; all fine");
      village.pass(Duration.ofDays(1));
      village.moderation.report("clara", prayer, "it says more now");
      assertThat(state(village, prayer)).contains("flagged");
    }
  }

  @Test
  void hideAndShow_needThePermission_andKeepTheReason() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("ben");
      assertThatThrownBy(() -> village.moderation.hide("clara", prayer, "because"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("clara may not hide prayers or show them again.");
      village.appoint("clara");
      long before = village.lastSeq();
      village.moderation.hide("clara", prayer, "gives an address");

      assertThat(state(village, prayer)).contains("hidden");
      assertThat(village.writtenAfter(before))
          .hasSize(2)
          .allSatisfy(
              change -> {
                assertThat(change.stamp().cause().actor()).isEqualTo("clara");
                assertThat(change.stamp().cause().reason()).isEqualTo("gives an address");
              });
      assertThatThrownBy(() -> village.moderation.hide("clara", prayer, "again"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> village.moderation.report("anna", prayer, "me too"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> village.moderation.show("ben", prayer, "it is mine"))
          .isInstanceOf(ForbiddenException.class);
      village.moderation.show("clara", prayer, "the address is gone");
      assertThat(state(village, prayer)).contains("open");
      assertThatThrownBy(() -> village.moderation.show("clara", prayer, "again"))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
