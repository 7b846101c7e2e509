package org.thywill.community.prayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.join.Applications;
import org.thywill.community.news.Announcements;
import org.thywill.community.settings.Feature;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/**
 * What the feeds show, in which order, page by page; and that a page takes no more statements where
 * there is more.
 */
class PrayerFeedsTest {
  @TempDir Path folder;

  private static List<String> shown(CommunityFixture fixture, String member, PrayerFeeds.Feed feed)
      throws IOException {
    List<String> prayers = new ArrayList<>();
    PrayerFeeds board = new PrayerFeeds(fixture.view(), member);
    String after = "";
    for (; ; ) {
      PrayerFeeds.Page page = board.feed(feed, after, fixture.clock.instant());
      assertThat(page.prayers()).hasSizeLessThanOrEqualTo(PrayerFeeds.PAGE_SIZE);
      page.prayers().forEach(card -> prayers.add(card.id()));
      @Nullable String next = page.next();
      if (next == null) {
        return prayers;
      }
      assertThat(page.prayers()).hasSize(PrayerFeeds.PAGE_SIZE);
      after = next;
    }
  }

  private static List<String> asked(CommunityFixture fixture, String author, int count)
      throws IOException {
    List<String> prayers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prayers.addFirst(fixture.ask(author));
      fixture.pass(Duration.ofMinutes(1));
    }
    return prayers;
  }

  @Test
  void testimonyThatWasReplaced_isShownToNoOne() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.ask("ben");
      fixture.prayers.praise("ben", prayer, "Karl of Mill Lane 4 was healed.");
      fixture.pass(Duration.ofHours(1));
      fixture.prayers.praise("ben", prayer, "A neighbour was healed.");
      for (String viewer : List.of("ben", "anna", "")) {
        PrayerFeeds feeds = new PrayerFeeds(fixture.view(), viewer);
        assertThat(feeds.timeline(prayer).toString())
            .contains("A neighbour was healed.")
            .doesNotContain("Karl");
        assertThat(feeds.findPrayer(prayer, true).orElseThrow().toString())
            .contains("A neighbour was healed.")
            .doesNotContain("Karl");
      }
    }
  }

  @Test
  void all_showsEachOpenPrayerOnce_theNewestFirst_whateverIsAskedMeanwhile() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      List<String> prayers = asked(fixture, "ben", 25);
      fixture.moderation.hide("anna", prayers.get(3), "names somebody");
      fixture.prayers.archive("ben", prayers.get(17));
      List<String> open = new ArrayList<>(prayers);
      open.removeAll(List.of(prayers.get(3), prayers.get(17)));
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.ALL)).isEqualTo(open);

      PrayerFeeds board = new PrayerFeeds(fixture.view(), "anna");
      PrayerFeeds.Page first = board.feed(PrayerFeeds.Feed.ALL, "", fixture.clock.instant());
      asked(fixture, "ben", 3);
      PrayerFeeds.Page second =
          board.feed(
              PrayerFeeds.Feed.ALL, Objects.requireNonNull(first.next()), fixture.clock.instant());
      assertThat(second.prayers())
          .extracting(PrayerView::id)
          .containsExactlyElementsOf(open.subList(10, 20));
      assertThat(board.feed(PrayerFeeds.Feed.ALL, "nowhere", fixture.clock.instant()).prayers())
          .as("a place that is gone is the beginning")
          .hasSize(10);
    }
  }

  @Test
  void mine_showsAllThatIsMine_whateverBecameOfIt() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      List<String> prayers = asked(fixture, "ben", 12);
      asked(fixture, "anna", 2);
      fixture.moderation.hide("anna", prayers.get(0), "names somebody");
      fixture.prayers.archive("ben", prayers.get(11));
      assertThat(shown(fixture, "ben", PrayerFeeds.Feed.MINE)).isEqualTo(prayers);
    }
  }

  @Test
  void praiseAndArchived_showWhatWasSaidLastFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      List<String> prayers = asked(fixture, "ben", 40);
      List<String> answered = new ArrayList<>();
      for (int i = 0; i < 36; i++) {
        fixture.prayers.praise("ben", prayers.get(i), "");
        answered.addFirst(prayers.get(i));
      }
      for (int i = 20; i < 40; i++) {
        fixture.prayers.archive("ben", prayers.get(i));
      }
      fixture.moderation.hide("anna", prayers.get(5), "names somebody");
      fixture.moderation.hide("anna", prayers.get(25), "names somebody");
      answered.removeAll(prayers.subList(20, 40));
      answered.remove(prayers.get(5));
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.PRAISE)).isEqualTo(answered);
      List<String> archived = new ArrayList<>(prayers.subList(20, 40).reversed());
      archived.remove(prayers.get(25));
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.ARCHIVED)).isEqualTo(archived);
    }
  }

  @Test
  void prayNow_beginsWithWhatNobodyPrayed_thenWithWhatHasWaitedLongest() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      List<String> prayers = asked(fixture, "ben", 6);
      asked(fixture, "anna", 1);
      for (int i : new int[] {4, 1, 2}) {
        fixture.prayers.markPrayed("clara", prayers.get(i), "");
        fixture.pass(Duration.ofMinutes(1));
      }
      fixture.prayers.praise("ben", prayers.get(5), "");
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.PRAY_NOW))
          .containsExactly(
              prayers.get(0), prayers.get(3), prayers.get(4), prayers.get(1), prayers.get(2));
      fixture.prayers.markPrayed("anna", prayers.get(0), "");
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.PRAY_NOW))
          .as("what anna has prayed lately")
          .doesNotContain(prayers.get(0));

      PrayerFeeds board = new PrayerFeeds(fixture.view(), "anna");
      assertThat(board.nextToPray(fixture.clock.instant()).map(PrayerView::id))
          .contains(prayers.get(3));
      fixture.prayers.skip("anna", prayers.get(3));
      fixture.prayers.skip("clara", prayers.get(4));
      assertThat(board.nextToPray(fixture.clock.instant()).map(PrayerView::id))
          .contains(prayers.get(4));
      fixture.pass(Duration.ofDays(8));
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.PRAY_NOW))
          .as("after a week")
          .contains(prayers.get(0));
    }
  }

  @Test
  void everybodys_areThoseThatTheirAuthorsGive_theLastFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      List<String> open = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Visibility visibility =
            List.of(Visibility.MEMBERS, Visibility.PUBLIC, Visibility.ANONYMOUS).get(i % 3);
        String prayer = fixture.prayers.ask("ben", "For rain.", visibility, "");
        if (visibility != Visibility.MEMBERS) {
          open.addFirst(prayer);
        }
      }
      fixture.moderation.hide("anna", open.removeFirst(), "names somebody");
      PrayerFeeds board = new PrayerFeeds(fixture.view(), "");
      PrayerFeeds.Page first = board.publicFeed("");
      PrayerFeeds.Page second = board.publicFeed(Objects.requireNonNull(first.next()));
      assertThat(first.prayers()).extracting(PrayerView::id).isEqualTo(open.subList(0, 10));
      assertThat(second.prayers()).extracting(PrayerView::id).isEqualTo(open.subList(10, 19));
      assertThat(second.next()).isNull();
    }
  }

  @Test
  void everybodys_withoutWhatWasReported_untilAModeratorDecides() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String prayer = fixture.prayers.ask("ben", "For rain.", Visibility.PUBLIC, "");
      String other = fixture.prayers.ask("ben", "For wind.", Visibility.ANONYMOUS, "");
      fixture.moderation.report("anna", prayer, "names somebody");
      PrayerFeeds visitors = new PrayerFeeds(fixture.view(), "");
      assertThat(visitors.publicFeed("").prayers()).extracting(PrayerView::id).containsOnly(other);
      assertThat(shown(fixture, "anna", PrayerFeeds.Feed.ALL)).contains(prayer);

      fixture.moderation.show("anna", prayer, "it names no one");
      assertThat(visitors.publicFeed("").prayers())
          .extracting(PrayerView::id)
          .containsExactly(other, prayer);
    }
  }

  /**
   * Of many prayers each was prayed twice, some are answered, archived, reported, hidden, shared,
   * or are the member's own.
   */
  private static void fill(CommunityFixture fixture, int from, int to) throws IOException {
    fixture.ledger.write(
        Change.Cause.by("ben"),
        tx -> {
          for (int i = from; i < to; i++) {
            String prayer = "prayer" + i;
            tx.add(
                Row.in(Catalog.PRAYERS)
                    .set(Catalog.Prayers.ID, prayer)
                    .set(Catalog.Prayers.AUTHOR, i % 3 == 0 ? "anna" : "ben")
                    .set(Catalog.Prayers.CREATED_AT, tx.atMicros() + i)
                    .set(Catalog.Prayers.TEXT, "For rain.")
                    .set(
                        Catalog.Prayers.MODERATION,
                        switch (i % 7) {
                          case 1 -> Moderation.FLAGGED;
                          case 2 -> Moderation.HIDDEN;
                          default -> Moderation.OPEN;
                        })
                    .set(Catalog.Prayers.VISIBILITY, i % 2 == 0 ? "public" : "members")
                    .build());
            for (String member : List.of("ben", "clara")) {
              tx.add(
                  Row.in(Catalog.MARKS)
                      .set(Catalog.Marks.PRAYER, prayer)
                      .set(Catalog.Marks.MEMBER, member)
                      .set(Catalog.Marks.ID, member + i)
                      .set(Catalog.Marks.CREATED_AT, tx.atMicros() + i)
                      .build());
              new Activity(
                      member,
                      i % 7 == 1 ? ActivityNames.FLAGGED : ActivityNames.EDITED,
                      prayer,
                      null,
                      "because")
                  .add(tx, new Ids(new SplittableRandom(i + member.hashCode())));
            }
            if (i % 5 == 0) {
              say(tx, prayer, i % 2 == 0 ? "answered" : "archived");
            }
          }
        });
  }

  private static void say(Transaction tx, String prayer, String what) throws IOException {
    tx.add(
        Row.in(Catalog.ATTRIBUTES)
            .set(Catalog.Attributes.PRAYER, prayer)
            .set(Catalog.Attributes.NAME, what)
            .set(Catalog.Attributes.VALUE, "true")
            .set(Catalog.Attributes.CREATED_BY, "ben")
            .set(Catalog.Attributes.ID, prayer + what)
            .set(Catalog.Attributes.CREATED_AT, tx.atMicros())
            .build());
  }

  /** What was asked of a view. */
  private static final class Asked {
    int statements;
    int rows;
  }

  private static ViewReader counted(ViewReader view, Asked asked) {
    return (ViewReader)
        Proxy.newProxyInstance(
            ViewReader.class.getClassLoader(),
            new Class<?>[] {ViewReader.class},
            (proxy, method, arguments) -> {
              asked.statements++;
              try {
                Object found = method.invoke(view, arguments);
                asked.rows += found instanceof List<?> rows ? rows.size() : 1;
                return found;
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }

  /** Something that a page reads. */
  @FunctionalInterface
  private interface Reading {
    void from(ViewReader view) throws IOException;
  }

  private static Map<String, Asked> readAll(CommunityFixture fixture) throws IOException {
    Instant now = fixture.clock.instant();
    Map<String, Reading> readings = new LinkedHashMap<>();
    for (PrayerFeeds.Feed feed : PrayerFeeds.Feed.values()) {
      readings.put(feed.label(), view -> new PrayerFeeds(view, "anna").feed(feed, "", now));
    }
    readings.put("everybody's", view -> new PrayerFeeds(view, "").publicFeed(""));
    readings.put("prayer mode", view -> new PrayerFeeds(view, "anna").nextToPray(now));
    readings.put("a prayer", view -> new PrayerFeeds(view, "anna").findPrayer("prayer4", true));
    readings.put("who prayed", view -> new PrayerFeeds(view, "anna").whoPrayed("prayer4"));
    readings.put("its story", view -> new PrayerFeeds(view, "anna").timeline("prayer4"));
    readings.put(
        "reported",
        view ->
            new PrayerFeeds(view, "anna")
                .timelines(
                    new PrayerFeeds(view, "anna")
                        .reported("").prayers().stream().map(PrayerView::id).toList()));
    readings.put(
        "hidden",
        view ->
            new PrayerFeeds(view, "anna")
                .timelines(
                    new PrayerFeeds(view, "anna")
                        .hidden("").prayers().stream().map(PrayerView::id).toList()));
    readings.put("how many are reported", view -> PrayerFeeds.reportedCount(view));
    readings.put("sign-ins", view -> PendingSignIns.waiting(view, "anna", now));
    readings.put("how many sign in", view -> PendingSignIns.waitingCount(view, "anna", now));
    readings.put("statistics", view -> Statistics.count(view, now));
    readings.put("what is new", view -> Announcements.latest(view));
    readings.put("features", view -> Feature.thatAreOn(view));
    readings.put("how many apply", view -> Applications.waitingCount(view));
    Map<String, Asked> all = new LinkedHashMap<>();
    for (Map.Entry<String, Reading> reading : readings.entrySet()) {
      Asked asked = new Asked();
      reading.getValue().from(counted(fixture.view(), asked));
      all.put(reading.getKey(), asked);
    }
    return all;
  }

  @Test
  void aPage_takesAsManyStatementsForAThousandPrayersAsForTen_andFewRows() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fill(fixture, 0, 10);
      for (String member : List.of("anna", "ben", "clara")) {
        fixture.signIn.request(member, new Device("A phone", "203.0.113.9"));
      }
      fixture.pass(Duration.ofHours(2));
      Map<String, Asked> ofTen = readAll(fixture);
      fill(fixture, 10, 1_000);
      for (int i = 0; i < 20; i++) {
        fixture.signIn.request("ben", new Device("A phone", "203.0." + (10 + i) + ".10"));
      }
      readAll(fixture)
          .forEach(
              (page, asked) -> {
                assertThat(asked.statements)
                    .as("statements of " + page)
                    .isEqualTo(Objects.requireNonNull(ofTen.get(page)).statements)
                    .isBetween(1, 8);
                assertThat(asked.rows).as("rows of " + page).isLessThanOrEqualTo(800);
              });
    }
  }
}
