package org.thywill.community.news;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.news.Announcements.Kind;

/** What is new: what the program brings, what was imported, and what was added here. */
class AnnouncementsTest {
  @TempDir Path folder;

  private static void imported(
      CommunityFixture fixture,
      String id,
      String message,
      @Nullable String friendly,
      @Nullable String type,
      String at)
      throws IOException {
    long micros = Timestamps.micros(Instant.parse(at));
    fixture.ledger.write(
        Change.Cause.by("system"),
        tx ->
            tx.add(
                Row.in(Catalog.CHANGELOG)
                    .set(Catalog.Changelog.COMMIT_ID, id)
                    .set(Catalog.Changelog.ORIGINAL_MESSAGE, message)
                    .set(Catalog.Changelog.FRIENDLY_DESCRIPTION, friendly)
                    .set(Catalog.Changelog.CHANGE_TYPE, type)
                    .set(Catalog.Changelog.COMMIT_DATE, micros)
                    .set(Catalog.Changelog.CREATED_AT, micros)
                    .build()));
  }

  @Test
  void program_bringsAFewEntries_theLatestFirst_inWordsForMembers() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      List<Announcements.Entry> entries = Announcements.latest(fixture.view());
      assertThat(entries)
          .hasSizeBetween(5, 30)
          .isSortedAccordingTo((a, b) -> b.at().compareTo(a.at()));
      assertThat(entries)
          .allSatisfy(
              entry -> {
                assertThat(entry.id()).isEmpty();
                assertThat(entry.kind()).isNotEqualTo(Kind.META);
                assertThat(entry.text()).matches("[A-Z].{20,150}\\.");
              });
    }
  }

  @Test
  void entries_ofAllOrigins_standTogetherByTheirDay_inTheWordsForMembersWhereThereAreAny()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.clock.setTo(Instant.parse("2031-01-02T03:04:05Z"));
      String added = fixture.news.add("anna", Kind.ENHANCED, "The choir sings on Sundays.");
      imported(fixture, "abc1", "fix: mark twice", null, null, "2031-01-01T00:00:00Z");
      imported(
          fixture, "abc2", "feat: dark", "It is dark at night.", "new", "2031-01-03T00:00:00Z");
      List<Announcements.Entry> entries = Announcements.latest(fixture.view());
      assertThat(entries.subList(0, 3))
          .containsExactly(
              new Announcements.Entry(
                  "abc2", Instant.parse("2031-01-03T00:00:00Z"), Kind.NEW, "It is dark at night."),
              new Announcements.Entry(
                  added,
                  Instant.parse("2031-01-02T03:04:05Z"),
                  Kind.ENHANCED,
                  "The choir sings on Sundays."),
              new Announcements.Entry(
                  "abc1", Instant.parse("2031-01-01T00:00:00Z"), Kind.META, "fix: mark twice"));
      fixture.news.takeBack("anna", added);
      assertThat(Announcements.latest(fixture.view()))
          .extracting(Announcements.Entry::id)
          .startsWith("abc2", "abc1");
      for (int i = 0; i < Announcements.SHOWN_MAX; i++) {
        imported(fixture, "x" + i, "chore", null, "meta", "2032-01-01T00:00:00Z");
      }
      assertThat(Announcements.latest(fixture.view()))
          .hasSize(Announcements.SHOWN_MAX)
          .extracting(Announcements.Entry::id)
          .doesNotContain("abc2", "");
    }
  }

  @Test
  void entry_isAddedAndTakenBackByWhoMay_andBounded() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      assertThatThrownBy(() -> fixture.news.add("ben", Kind.NEW, "I am king."))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.news.add("anna", Kind.NEW, " \n"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> fixture.news.add("anna", Kind.NEW, "a".repeat(1_001)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("1001 characters");
      String entry = fixture.news.add("anna", Kind.NEW, "a".repeat(1_000));
      assertThatThrownBy(() -> fixture.news.takeBack("ben", entry))
          .isInstanceOf(ForbiddenException.class);
      fixture.news.takeBack("anna", entry);
      assertThatThrownBy(() -> fixture.news.takeBack("anna", entry))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
