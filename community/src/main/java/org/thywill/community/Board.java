package org.thywill.community;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.database.ViewReader;

/** What members see of prayers: feeds, one prayer, who prayed it. Reads only, and never the whole table. */
public final class Board {
  /** How many prayers stand on a page. */
  public static final int PAGE = 10;

  /** So many of the newest prayers are looked through for those that need prayer most. */
  private static final int PRAY_NOW_AMONG = 300;
  private static final int STEP = 50;

  /** So many of the newest prayers are looked through for those that everybody may see. */
  private static final int PUBLIC_AMONG = 1_000;
  private static final Duration PRAYED_LATELY = Duration.ofDays(7);
  private static final Duration SKIPPED_LATELY = Duration.ofDays(1);
  private static final String ARCHIVED = "archived";
  private static final String ANSWERED = "answered";

  private final ViewReader view;
  private final String viewer;

  /**
   * A board before which somebody stands.
   *
   * @param viewer handle of a member
   */
  public Board(ViewReader view, String viewer) {
    this.view = view;
    this.viewer = viewer;
  }

  /** Which prayers to show. */
  public enum Feed {
    /** What the member has not prayed for lately: first what nobody has prayed for, then what has waited longest. */
    PRAY_NOW,
    /** All that are neither archived nor hidden, the newest first. */
    ALL,
    /** The member's own, whatever became of them. */
    MINE,
    /** What was answered, the latest answer first. */
    PRAISE,
    /** What was put away, the latest first. */
    ARCHIVED;

    /** The word for it in an address. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Some prayers of many. */
  public record Page(List<Card> cards, boolean hasMore) {}

  /**
   * A member who prayed.
   *
   * @param last when last
   */
  public record Prayed(String member, String name, int times, Instant last) {}

  /** Something that happened to a prayer, as its timeline tells. */
  public record Step(String member, String name, String action, Optional<String> before, Optional<String> after, Instant at) {}

  /**
   * A page of a feed.
   *
   * @param page from 1
   */
  public Page feed(Feed feed, int page, Instant now) throws IOException {
    return switch (feed) {
      case PRAY_NOW -> some(prayNow(now), page);
      case ALL -> some(newest(page * PAGE + 1), page);
      case MINE -> some(latestFirst(view.where(Catalog.PRAYERS, "author", viewer)), page);
      case PRAISE -> some(named(ANSWERED, prayer -> !isArchived(prayer)), page);
      case ARCHIVED -> some(named(ARCHIVED, prayer -> true), page);
    };
  }

  /** A page of the newest prayers that their authors want everybody to see. Who looks may be nobody. */
  public Page open(int page) throws IOException {
    return some(newest(PUBLIC_AMONG).stream().filter(row -> visibility(row) != Visibility.MEMBERS).toList(), page);
  }

  /** What to pray next, apart from what the member passed over today. */
  public Optional<Card> next(Instant now) throws IOException {
    List<Row> rows = prayNow(now);
    for (Row row : rows) {
      if (!isSkippedLately(row, now)) {
        return Optional.of(card(row));
      }
    }
    return Optional.empty();
  }

  /** One prayer; empty if it is not there, or hidden from this member. */
  public Optional<Card> card(String prayer, boolean isModerator) throws IOException {
    Optional<Row> row = view.find(Catalog.PRAYERS, prayer);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Card card = card(row.get());
    return card.isHidden() && !card.isMine() && !isModerator ? Optional.empty() : Optional.of(card);
  }

  /** Who prayed a prayer, the latest first. */
  public List<Prayed> whoPrayed(String prayer) throws IOException {
    Map<String, Prayed> people = new LinkedHashMap<>();
    for (Row mark : view.where(Catalog.MARKS, "prayer", prayer)) {
      String member = mark.text("member").orElse("");
      Instant at = time(mark);
      Prayed before = people.get(member);
      people.put(member, before == null
          ? new Prayed(member, Names.of(view, member), 1, at)
          : new Prayed(member, before.name(), before.times() + 1, before.last().isAfter(at) ? before.last() : at));
    }
    return people.values().stream().sorted(Comparator.comparing(Prayed::last).reversed()).toList();
  }

  /** What happened to a prayer apart from being prayed, the earliest first. */
  public List<Step> story(String prayer) throws IOException {
    List<Step> steps = new ArrayList<>();
    for (Row row : view.where(Catalog.ACTIVITY, "prayer", prayer)) {
      if (!row.text("action").orElse("").equals("prayed")) {
        String member = row.text("member").orElse("");
        steps.add(new Step(member, Names.of(view, member), row.text("action").orElse(""), row.text("old_value"), row.text("new_value"), time(row)));
      }
    }
    steps.sort(Comparator.comparing(Step::at));
    return steps;
  }

  /** Prayers that were reported and wait for a moderator. */
  public List<Card> reported() throws IOException {
    return cards(latestFirst(view.where(Catalog.PRAYERS, "moderation", Moderation.FLAGGED)));
  }

  /** How many wait for a moderator. */
  public static int reportedCount(ViewReader view) throws IOException {
    return view.where(Catalog.PRAYERS, "moderation", Moderation.FLAGGED).size();
  }

  /** Prayers that moderators have hidden. */
  public List<Card> hidden() throws IOException {
    return cards(latestFirst(view.where(Catalog.PRAYERS, "moderation", Moderation.HIDDEN)));
  }

  /** A page of prayers; only its own are looked at closely. */
  private Page some(List<Row> all, int page) throws IOException {
    int from = (int) Math.min((page - 1L) * PAGE, all.size());
    int to = Math.min(from + PAGE, all.size());
    return new Page(cards(all.subList(from, to)), to < all.size());
  }

  private List<Card> cards(List<Row> rows) throws IOException {
    List<Card> cards = new ArrayList<>();
    for (Row row : rows) {
      cards.add(card(row));
    }
    return cards;
  }

  private List<Row> prayNow(Instant now) throws IOException {
    Map<Row, Instant> lastPrayed = new LinkedHashMap<>();
    for (Row row : newest(PRAY_NOW_AMONG)) {
      List<Row> marks = view.where(Catalog.MARKS, "prayer", row.key());
      boolean prayedLately = marks.stream().anyMatch(mark -> isBy(mark, viewer) && time(mark).isAfter(now.minus(PRAYED_LATELY)));
      if (!row.text("author").orElse("").equals(viewer) && !prayedLately && !isSaid(row, ANSWERED)) {
        lastPrayed.put(row, marks.stream().map(Board::time).max(Comparator.naturalOrder()).orElse(Instant.MIN));
      }
    }
    // What nobody has prayed for comes first, the newest of it first; then whatever has waited longest.
    return lastPrayed.entrySet().stream().sorted(Map.Entry.comparingByValue()).map(Map.Entry::getKey).toList();
  }

  private boolean isSkippedLately(Row prayer, Instant now) throws IOException {
    return view.where(Catalog.SKIPS, "prayer", prayer.key()).stream().anyMatch(skip -> isBy(skip, viewer) && time(skip).isAfter(now.minus(SKIPPED_LATELY)));
  }

  /** So many of the newest that are open to all members. */
  private List<Row> newest(int count) throws IOException {
    List<Row> open = new ArrayList<>();
    Optional<Row> last = Optional.empty();
    for (;;) {
      List<Row> rows = view.highest(Catalog.PRAYERS, "created_at", last, STEP);
      for (Row row : rows) {
        last = Optional.of(row);
        if (!isHidden(row) && !isArchived(row)) {
          open.add(row);
        }
        if (open.size() == count) {
          return open;
        }
      }
      if (rows.size() < STEP) {
        return open;
      }
    }
  }

  /** A question about a prayer. */
  @FunctionalInterface
  private interface Question {
    boolean of(Row prayer) throws IOException;
  }

  /** Prayers of which something is said, by the time at which it was said. */
  private List<Row> named(String attribute, Question wanted) throws IOException {
    List<Row> prayers = new ArrayList<>();
    for (Row said : latestFirst(view.where(Catalog.ATTRIBUTES, "name", attribute))) {
      Optional<Row> prayer = view.find(Catalog.PRAYERS, said.text("prayer").orElse(""));
      if (prayer.isPresent() && !isHidden(prayer.get()) && wanted.of(prayer.get())) {
        prayers.add(prayer.get());
      }
    }
    return prayers;
  }

  private static List<Row> latestFirst(List<Row> rows) {
    return rows.stream().sorted(Comparator.comparing(Board::time).reversed()).toList();
  }

  private static boolean isHidden(Row prayer) {
    return prayer.text("moderation").orElse("").equals(Moderation.HIDDEN);
  }

  private static Visibility visibility(Row prayer) {
    return Visibility.of(prayer.text("visibility").orElse(""));
  }

  private boolean isArchived(Row prayer) throws IOException {
    return isSaid(prayer, ARCHIVED);
  }

  private boolean isSaid(Row prayer, String name) throws IOException {
    return isSaid(view.where(Catalog.ATTRIBUTES, "prayer", prayer.key()), name);
  }

  private Card card(Row row) throws IOException {
    List<Row> marks = view.where(Catalog.MARKS, "prayer", row.key());
    List<Row> mine = marks.stream().filter(mark -> isBy(mark, viewer)).toList();
    List<Row> said = view.where(Catalog.ATTRIBUTES, "prayer", row.key());
    String author = row.text("author").orElse("");
    String moderation = row.text("moderation").orElse("");
    return new Card(row.key(), author, Names.of(view, author), row.text("text").orElse(""), row.text("generated_prayer"), time(row),
        row.number("edited_at").map(Timestamps::instant), visibility(row), moderation.equals(Moderation.FLAGGED),
        moderation.equals(Moderation.HIDDEN), isSaid(said, ARCHIVED), isSaid(said, ANSWERED), value(said, "answer_testimony"), marks.size(),
        (int) marks.stream().map(mark -> mark.text("member")).distinct().count(), mine.size(), mine.stream().map(Board::time).max(Comparator.naturalOrder()),
        author.equals(viewer));
  }

  private static boolean isBy(Row mark, String member) {
    return mark.text("member").orElse("").equals(member);
  }

  private static boolean isSaid(List<Row> said, String name) {
    return said.stream().anyMatch(row -> row.text("name").orElse("").equals(name));
  }

  private static Optional<String> value(List<Row> said, String name) {
    return said.stream().filter(row -> row.text("name").orElse("").equals(name)).findFirst().flatMap(row -> row.text("value"));
  }

  private static Instant time(Row row) {
    return Timestamps.instant(row.number("created_at").orElse(0L));
  }
}
