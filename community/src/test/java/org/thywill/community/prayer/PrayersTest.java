package org.thywill.community.prayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.generate.TemplatePrayerGenerator;

class PrayersTest {
  @TempDir Path folder;

  private static List<String> story(CommunityFixture village, String prayer) throws IOException {
    return village.where(Catalog.ACTIVITY, "prayer", prayer).stream()
        .sorted(Comparator.comparing(row -> row.number("created_at").orElse(0L)))
        .map(row -> row.text("member").orElse("") + " " + row.text("action").orElse(""))
        .toList();
  }

  private static Optional<String> attribute(CommunityFixture village, String prayer, String name)
      throws IOException {
    return village.where(Catalog.ATTRIBUTES, "prayer", prayer).stream()
        .filter(row -> row.text("name").equals(Optional.of(name)))
        .findFirst()
        .flatMap(row -> row.text("value"));
  }

  @Test
  void ask_keepsTheAuthorsWordsExactly() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String text = " Mon | scan\r\nTue = \\ nothing \u0000 🙏 ";
      Row prayer =
          village.row(Catalog.PRAYERS, village.prayers.ask("anna", text, Visibility.ANONYMOUS, ""));

      assertThat(prayer.text("text")).contains(text);
      assertThat(prayer.text("visibility")).contains("anonymous");
      assertThat(prayer.text("moderation")).contains("open");
      assertThat(prayer.key()).matches("[0-9a-z]{12}");
    }
  }

  @Test
  void ask_sentTwiceByADevice_asksOnce() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String first = village.prayers.ask("anna", "For rain.", Visibility.MEMBERS, "draft-1");
      assertThat(village.prayers.ask("anna", "For rain.", Visibility.MEMBERS, "draft-1"))
          .isEqualTo(first);
      assertThat(village.prayers.ask("ben", "For sun.", Visibility.MEMBERS, "draft-1"))
          .isNotEqualTo(first);
      assertThat(village.rows(Catalog.PRAYERS)).hasSize(2);
    }
  }

  @Test
  void ask_nothingOrFarTooMuch_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      assertThatThrownBy(() -> village.prayers.ask("anna", " \n ", Visibility.MEMBERS, ""))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> village.prayers.ask("anna", "🙏".repeat(5_001), Visibility.MEMBERS, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("5001 characters");
      village.prayers.ask("anna", "🙏".repeat(5_000), Visibility.MEMBERS, "");
    }
  }

  @Test
  void plainPrayerWriter_knowsManyThemes_andHasWordsForAllOthers() {
    TemplatePrayerGenerator writer = new TemplatePrayerGenerator();
    assertThat(writer.prayerFor("I have an exam on Monday")).contains("James 1:5");
    assertThat(
            writer.prayerFor("My mother has her hip operation on Thursday. Pray for the surgeons."))
        .containsAnyOf("Exodus 15:26", "Jeremiah 17:14");
    assertThat(writer.prayerFor("We drive over the pass tonight")).contains("Psalm 121:8");
    assertThat(writer.prayerFor("请为我父亲祷告")).containsAnyOf("Matthew 6:34", "Isaiah 46:4");
    assertThat(writer.prayerFor("")).endsWith("men.");
    assertThat(writer.prayerFor("For my mother's surgery"))
        .isEqualTo(new TemplatePrayerGenerator().prayerFor("For my mother's surgery"));
  }

  @Test
  void plainPrayerWriter_thatIsAskedForOtherWords_hasSomeForLong() {
    TemplatePrayerGenerator writer = new TemplatePrayerGenerator();
    for (String request :
        List.of("For my mother's surgery", "We cannot pay the rent", "For rain.", "")) {
      Set<String> prayers = new HashSet<>();
      for (String words = writer.prayerFor(request);
          prayers.add(words);
          words = writer.prayerFor(request, words)) {
        assertThat(words).endsWith("men.");
      }
      assertThat(prayers).as(request).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void edit_byTheAuthor_isDated_andToldOnThePage() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = village.ask("ben");
      village.pass(Duration.ofMinutes(5));
      village.prayers.edit("ben", prayer, "For rain, and for the well.");
      long before = village.lastSeq();
      village.prayers.edit("ben", prayer, "For rain, and for the well.");

      assertThat(village.lastSeq()).isEqualTo(before);
      assertThat(village.row(Catalog.PRAYERS, prayer).number("edited_at"))
          .contains(Timestamps.micros(village.clock.instant()));
      assertThat(story(village, prayer)).containsExactly("ben edited");
      assertThatThrownBy(() -> village.prayers.edit("anna", prayer, "Mine now."))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void setVisibility_isTheAuthorsChoiceAlone() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = village.ask("ben");
      village.prayers.setVisibility("ben", prayer, Visibility.PUBLIC);
      assertThat(village.row(Catalog.PRAYERS, prayer).text("visibility")).contains("public");
      assertThatThrownBy(() -> village.prayers.setVisibility("anna", prayer, Visibility.MEMBERS))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void markPrayed_sentTwiceByADevice_countsOnce_andMeantTwiceCountsTwice() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("anna");
      String other = village.ask("anna");
      assertThat(village.prayers.markPrayed("ben", prayer, "c1").repeated()).isFalse();
      assertThat(village.prayers.markPrayed("ben", prayer, "c1").repeated()).isTrue();
      assertThat(village.prayers.markPrayed("ben", prayer, "c2").repeated()).isFalse();
      assertThat(village.prayers.markPrayed("clara", prayer, "c1").repeated()).isFalse();
      assertThat(village.prayers.markPrayed("ben", other, "c1").repeated()).isFalse();
      assertThat(village.prayers.markPrayed("ben", prayer, "").repeated()).isFalse();

      assertThat(village.where(Catalog.MARKS, "prayer", prayer)).hasSize(4);
      assertThat(story(village, prayer)).hasSize(4).containsOnly("ben prayed", "clara prayed");
    }
  }

  @Test
  void markPrayed_ofWhatIsNotThereOrHidden_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = village.ask("ben");
      village.moderation.hide("anna", prayer, "names somebody");
      assertThatThrownBy(() -> village.prayers.markPrayed("ben", prayer, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("hidden");
      assertThatThrownBy(() -> village.prayers.skip("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> village.prayers.markPrayed("ben", "nowhere", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no such prayer");
    }
  }

  @Test
  void skip_again_movesTheOneRow() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = village.ask("anna");
      village.prayers.skip("ben", prayer);
      village.pass(Duration.ofDays(1));
      village.prayers.skip("ben", prayer);
      village.prayers.skip("anna", prayer);

      assertThat(village.where(Catalog.SKIPS, "prayer", prayer))
          .hasSize(2)
          .allSatisfy(
              skip ->
                  assertThat(skip.number("created_at"))
                      .contains(Timestamps.micros(village.clock.instant())));
    }
  }

  @Test
  void praise_tellsThatWhenAndHow() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("ben");
      village.prayers.praise("ben", prayer, "It rained\nfor three days | softly.");

      assertThat(attribute(village, prayer, "answered")).contains("true");
      assertThat(attribute(village, prayer, "answer_date")).contains("2026-03-04T05:06:07.123456Z");
      assertThat(attribute(village, prayer, "answer_testimony"))
          .contains("It rained\nfor three days | softly.");
      assertThat(story(village, prayer))
          .containsExactlyInAnyOrder("ben set_answered", "ben testimony");
      assertThatThrownBy(() -> village.prayers.praise("clara", prayer, "Mine"))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void praise_again_keepsTheDay_andTakesTheNewTestimony() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = village.ask("ben");
      village.prayers.praise("ben", prayer, "");
      assertThat(attribute(village, prayer, "answer_testimony")).isEmpty();
      assertThatThrownBy(() -> village.prayers.praise("ben", prayer, " "))
          .isInstanceOf(InvalidInputException.class);
      village.pass(Duration.ofDays(3));
      village.prayers.praise("anna", prayer, "It rained.");
      village.prayers.praise("ben", prayer, "It rained a lot.");

      assertThat(attribute(village, prayer, "answer_date")).contains("2026-03-04T05:06:07.123456Z");
      assertThat(attribute(village, prayer, "answer_testimony")).contains("It rained a lot.");
      assertThat(village.where(Catalog.ATTRIBUTES, "prayer", prayer)).hasSize(3);
    }
  }

  @Test
  void archiveAndRestore_areForTheAuthorAndAdmins() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = village.ask("ben");
      assertThatThrownBy(() -> village.prayers.archive("clara", prayer))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.prayers.restore("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      village.prayers.archive("ben", prayer);
      assertThat(attribute(village, prayer, "archived")).contains("true");
      assertThatThrownBy(() -> village.prayers.archive("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      village.prayers.restore("anna", prayer);
      assertThat(attribute(village, prayer, "archived")).isEmpty();
      assertThat(story(village, prayer))
          .containsExactlyInAnyOrder("ben set_archived", "anna remove_archived");
    }
  }
}
