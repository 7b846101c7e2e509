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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  private static List<String> story(CommunityFixture fixture, String prayer) throws IOException {
    return fixture.where(Catalog.Activity.PRAYER, prayer).stream()
        .sorted(Comparator.comparing(row -> row.get(Catalog.Activity.CREATED_AT).orElse(0L)))
        .map(
            row ->
                row.get(Catalog.Activity.MEMBER).orElse("")
                    + " "
                    + row.get(Catalog.Activity.ACTION).orElse(""))
        .toList();
  }

  private static Optional<String> attribute(CommunityFixture fixture, String prayer, String name)
      throws IOException {
    return fixture.where(Catalog.Attributes.PRAYER, prayer).stream()
        .filter(row -> row.has(Catalog.Attributes.NAME, name))
        .findFirst()
        .flatMap(row -> row.get(Catalog.Attributes.VALUE));
  }

  @Test
  void ask_keepsTheAuthorsWordsExactly() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String text = " Mon | scan\r\nTue = \\ nothing \u0000 🙏 ";
      Row prayer =
          fixture.row(Catalog.PRAYERS, fixture.prayers.ask("anna", text, Visibility.ANONYMOUS, ""));

      assertThat(prayer.get(Catalog.Prayers.TEXT)).contains(text);
      assertThat(prayer.get(Catalog.Prayers.VISIBILITY)).contains("anonymous");
      assertThat(prayer.get(Catalog.Prayers.MODERATION)).contains("open");
      assertThat(prayer.key()).matches("[0-9a-z]{12}");
    }
  }

  @Test
  void ask_sentTwiceByADevice_asksOnce() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String first = fixture.prayers.ask("anna", "For rain.", Visibility.MEMBERS, "draft-1");
      assertThat(fixture.prayers.ask("anna", "For rain.", Visibility.MEMBERS, "draft-1"))
          .isEqualTo(first);
      assertThat(fixture.prayers.ask("ben", "For sun.", Visibility.MEMBERS, "draft-1"))
          .isNotEqualTo(first);
      assertThat(fixture.rows(Catalog.PRAYERS)).hasSize(2);
    }
  }

  @Test
  void ask_sentAgainWithOtherWords_isAnotherRequest() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String first = fixture.prayers.ask("anna", "For the well.", Visibility.MEMBERS, "draft-1");
      String second = fixture.prayers.ask("anna", "For the roof.", Visibility.MEMBERS, "draft-1");
      String third = fixture.prayers.ask("anna", "For the roof.", Visibility.ANONYMOUS, "draft-1");
      assertThat(List.of(second, third)).doesNotContain(first).doesNotHaveDuplicates();
      assertThat(fixture.prayers.ask("anna", "For the roof.", Visibility.MEMBERS, "draft-1"))
          .isEqualTo(second);
      assertThat(fixture.rows(Catalog.PRAYERS))
          .extracting(row -> row.require(Catalog.Prayers.TEXT))
          .containsExactlyInAnyOrder("For the well.", "For the roof.", "For the roof.");
    }
  }

  @Test
  void ask_nothingOrFarTooMuch_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThatThrownBy(() -> fixture.prayers.ask("anna", " \n ", Visibility.MEMBERS, ""))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> fixture.prayers.ask("anna", "🙏".repeat(5_001), Visibility.MEMBERS, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("5001 characters");
      fixture.prayers.ask("anna", "🙏".repeat(5_000), Visibility.MEMBERS, "");
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
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.pass(Duration.ofMinutes(5));
      fixture.prayers.edit("ben", prayer, "For rain, and for the well.");
      long before = fixture.lastSeq();
      fixture.prayers.edit("ben", prayer, "For rain, and for the well.");

      assertThat(fixture.lastSeq()).isEqualTo(before);
      assertThat(fixture.row(Catalog.PRAYERS, prayer).get(Catalog.Prayers.EDITED_AT))
          .contains(Timestamps.micros(fixture.clock.instant()));
      assertThat(story(fixture, prayer)).containsExactly("ben edited");
      assertThatThrownBy(() -> fixture.prayers.edit("anna", prayer, "Mine now."))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void setVisibility_isTheAuthorsChoiceAlone() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.prayers.setVisibility("ben", prayer, Visibility.PUBLIC);
      assertThat(fixture.row(Catalog.PRAYERS, prayer).get(Catalog.Prayers.VISIBILITY))
          .contains("public");
      assertThatThrownBy(() -> fixture.prayers.setVisibility("anna", prayer, Visibility.MEMBERS))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void markPrayed_sentTwiceByADevice_countsOnce_andMeantTwiceCountsTwice() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("anna");
      String other = fixture.ask("anna");
      assertThat(fixture.prayers.markPrayed("ben", prayer, "c1").repeated()).isFalse();
      assertThat(fixture.prayers.markPrayed("ben", prayer, "c1").repeated()).isTrue();
      assertThat(fixture.prayers.markPrayed("ben", prayer, "c2").repeated()).isFalse();
      assertThat(fixture.prayers.markPrayed("clara", prayer, "c1").repeated()).isFalse();
      assertThat(fixture.prayers.markPrayed("ben", other, "c1").repeated()).isFalse();
      assertThat(fixture.prayers.markPrayed("ben", prayer, "").repeated()).isFalse();

      assertThat(fixture.where(Catalog.Marks.PRAYER, prayer)).hasSize(4);
      assertThat(story(fixture, prayer)).hasSize(4).containsOnly("ben prayed", "clara prayed");
    }
  }

  @Test
  void markPrayed_ofWhatIsNotThereOrHidden_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.moderation.hide("anna", prayer, "names somebody");
      assertThatThrownBy(() -> fixture.prayers.markPrayed("ben", prayer, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("hidden");
      assertThatThrownBy(() -> fixture.prayers.skip("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> fixture.prayers.markPrayed("ben", "nowhere", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no such prayer");
    }
  }

  @Test
  void skip_again_movesTheOneRow() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("anna");
      fixture.prayers.skip("ben", prayer);
      fixture.pass(Duration.ofDays(1));
      fixture.prayers.skip("ben", prayer);
      fixture.prayers.skip("anna", prayer);

      assertThat(fixture.where(Catalog.Skips.PRAYER, prayer))
          .hasSize(2)
          .allSatisfy(
              skip ->
                  assertThat(skip.get(Catalog.Skips.CREATED_AT))
                      .contains(Timestamps.micros(fixture.clock.instant())));
    }
  }

  @Test
  void praise_tellsThatWhenAndHow() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("ben");
      fixture.prayers.praise("ben", prayer, "It rained\nfor three days | softly.");

      assertThat(attribute(fixture, prayer, "answered")).contains("true");
      assertThat(attribute(fixture, prayer, "answer_date")).contains("2026-03-04T05:06:07.123456Z");
      assertThat(attribute(fixture, prayer, "answer_testimony"))
          .contains("It rained\nfor three days | softly.");
      assertThat(story(fixture, prayer))
          .containsExactlyInAnyOrder("ben set_answered", "ben testimony");
      assertThatThrownBy(() -> fixture.prayers.praise("clara", prayer, "Mine"))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void textsWithNothingToSee_areRefused_whereverTheyAreWritten() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      long before = fixture.lastSeq();
      for (String text : List.of("\u2800\u2800", "\u3164", "\u0301", "\u200B")) {
        List<ThrowingCallable> writings =
            List.of(
                () -> fixture.prayers.ask("ben", text, Visibility.PUBLIC, ""),
                () -> fixture.prayers.edit("ben", prayer, text),
                () -> fixture.prayers.attachPrayer("ben", prayer, text),
                () -> fixture.prayers.praise("ben", prayer, text),
                () -> fixture.moderation.report("anna", prayer, text),
                () ->
                    fixture.applications.apply(
                        "Edith", text.repeat(30), "next door", CommunityFixture.PHONE));
        for (ThrowingCallable writing : writings) {
          assertThatThrownBy(writing)
              .isInstanceOf(InvalidInputException.class)
              .hasMessageContaining("Please write something");
        }
      }
      assertThat(fixture.lastSeq()).isEqualTo(before);
    }
  }

  @Test
  void praise_again_keepsTheDay_andTakesTheNewTestimony() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.prayers.praise("ben", prayer, "");
      assertThat(attribute(fixture, prayer, "answer_testimony")).isEmpty();
      assertThatThrownBy(() -> fixture.prayers.praise("ben", prayer, " "))
          .isInstanceOf(InvalidInputException.class);
      fixture.pass(Duration.ofDays(3));
      fixture.prayers.praise("anna", prayer, "It rained.");
      fixture.prayers.praise("ben", prayer, "It rained a lot.");

      assertThat(attribute(fixture, prayer, "answer_date")).contains("2026-03-04T05:06:07.123456Z");
      assertThat(attribute(fixture, prayer, "answer_testimony")).contains("It rained a lot.");
      assertThat(fixture.where(Catalog.Attributes.PRAYER, prayer)).hasSize(3);
    }
  }

  @Test
  void archiveAndRestore_areForTheAuthorAndAdmins() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String prayer = fixture.ask("ben");
      assertThatThrownBy(() -> fixture.prayers.archive("clara", prayer))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.prayers.restore("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      fixture.prayers.archive("ben", prayer);
      assertThat(attribute(fixture, prayer, "archived")).contains("true");
      assertThatThrownBy(() -> fixture.prayers.archive("ben", prayer))
          .isInstanceOf(InvalidInputException.class);
      fixture.prayers.restore("anna", prayer);
      assertThat(attribute(fixture, prayer, "archived")).isEmpty();
      assertThat(story(fixture, prayer))
          .containsExactlyInAnyOrder("ben set_archived", "anna remove_archived");
    }
  }
}
