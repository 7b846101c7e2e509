package org.thywill.community.prayer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.community.member.Badge;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * What members see of prayers: feeds, one prayer, who prayed it. Reads only, and never a whole
 * table: a page takes a few statements, as many for a hundred thousand prayers as for ten.
 *
 * <p>A feed goes on behind the last prayer that was shown, whatever was added meanwhile, so that no
 * page costs more than the first.
 */
public final class PrayerFeeds {
  /** How many prayers stand on a page. */
  public static final int PAGE = 10;

  /** So many of the newest prayers are looked through for those that need prayer most. */
  private static final int PRAY_NOW_AMONG = 300;

  /** So many of those who prayed a prayer are named. */
  private static final int PEOPLE_NAMED = 100;

  /** Of what was said of prayers, so much is read at once. */
  private static final int STEP = 3 * PAGE;

  private static final Duration PRAYED_LATELY = Duration.ofDays(7);
  private static final Duration SKIPPED_LATELY = Duration.ofDays(1);
  private static final String ARCHIVED = "archived";
  static final String ANSWERED = "answered";

  private final ViewReader view;
  private final String viewer;

  /**
   * A board before which somebody stands.
   *
   * @param viewer handle of a member
   */
  public PrayerFeeds(ViewReader view, String viewer) {
    this.view = view;
    this.viewer = viewer;
  }

  /** Which prayers to show. */
  public enum Feed {
    /**
     * What the member has not prayed for lately: first what nobody has prayed for, then what has
     * waited longest.
     */
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
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Some prayers of many.
   *
   * @param next what to ask for to see those behind them; empty if there are none
   */
  public record Page(List<PrayerView> cards, Optional<String> next) {}

  /**
   * A member who prayed.
   *
   * @param badges behind the name
   * @param last when last
   */
  public record Prayed(String member, String name, List<Badge> badges, int times, Instant last) {}

  /** Something that happened to a prayer, as its timeline tells. */
  public record TimelineEntry(
      String member,
      String name,
      String action,
      Optional<String> before,
      Optional<String> after,
      Instant at) {}

  /**
   * A page of a feed.
   *
   * @param after where to go on, as the page before says; empty for the beginning
   */
  public Page feed(Feed feed, String after, Instant now) throws IOException {
    return switch (feed) {
      case PRAY_NOW -> prayNowFeed(after, now);
      case ALL -> newest(open(Query.of(Catalog.PRAYERS)), after);
      case MINE -> newest(Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.AUTHOR, viewer), after);
      case PRAISE -> attributeFeed(ANSWERED, PrayerFeeds::open, after);
      case ARCHIVED -> attributeFeed(ARCHIVED, PrayerFeeds::shown, after);
    };
  }

  /**
   * A page of the last prayers that their authors want everybody to see. Who looks may be nobody.
   */
  public Page publicFeed(String after) throws IOException {
    List<String> last = new ArrayList<>();
    for (Visibility visibility : List.of(Visibility.PUBLIC, Visibility.ANONYMOUS)) {
      Query query =
          open(Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.VISIBILITY, visibility.label()))
              .newestFirst()
              .limit(PAGE + 1);
      view.rows(after(query, Catalog.PRAYERS, after)).forEach(row -> last.add(row.key()));
    }
    return page(
        view.rows(
            Query.of(Catalog.PRAYERS).in(Catalog.Prayers.ID, last).newestFirst().limit(PAGE + 1)));
  }

  /** What to pray next, apart from what the member passed over today. */
  public Optional<PrayerView> nextToPray(Instant now) throws IOException {
    List<Row> waiting = prayNowFeed(now);
    Set<String> skipped =
        prayers(
            view.rows(
                Query.of(Catalog.SKIPS)
                    .in(Catalog.Skips.PRAYER, keys(waiting))
                    .eq(Catalog.Skips.MEMBER, viewer)
                    .greaterThan(
                        Catalog.Skips.CREATED_AT, Timestamps.micros(now.minus(SKIPPED_LATELY)))));
    Optional<Row> next = waiting.stream().filter(row -> !skipped.contains(row.key())).findFirst();
    return next.isPresent() ? Optional.of(cards(List.of(next.get())).getFirst()) : Optional.empty();
  }

  /** One prayer; empty if it is not there, or hidden from this member. */
  public Optional<PrayerView> findPrayer(String prayer, boolean isModerator) throws IOException {
    Optional<Row> row = view.find(Catalog.PRAYERS, prayer);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    PrayerView card = cards(List.of(row.get())).getFirst();
    return card.isHidden() && !card.isMine() && !isModerator ? Optional.empty() : Optional.of(card);
  }

  /** Who prayed a prayer, the latest first; no more than can be read. */
  public List<Prayed> whoPrayed(String prayer) throws IOException {
    Map<String, List<Row>> marks = grouped(view.findBy(Catalog.Marks.PRAYER, prayer), "member");
    List<Prayed> latest =
        marks.entrySet().stream()
            .map(
                each ->
                    new Prayed(
                        each.getKey(),
                        "",
                        List.of(),
                        each.getValue().size(),
                        last(each.getValue())))
            .sorted(Comparator.comparing(Prayed::last).reversed())
            .limit(PEOPLE_NAMED)
            .toList();
    Map<String, MemberNames.Person> people =
        MemberNames.people(view, latest.stream().map(Prayed::member).toList());
    return latest.stream().map(each -> attributeFeed(each, person(people, each.member()))).toList();
  }

  private static Prayed attributeFeed(Prayed prayed, MemberNames.Person person) {
    return new Prayed(
        prayed.member(), person.name(), person.badges(), prayed.times(), prayed.last());
  }

  /** What happened to a prayer apart from being prayed, the earliest first. */
  public List<TimelineEntry> timeline(String prayer) throws IOException {
    return timelines(List.of(prayer)).getOrDefault(prayer, List.of());
  }

  /** The same of several prayers, each by its id; nothing for those to which nothing happened. */
  public Map<String, List<TimelineEntry>> timelines(Collection<String> prayers) throws IOException {
    List<Row> activity =
        view.rows(
            Query.of(Catalog.ACTIVITY)
                .in(Catalog.Activity.PRAYER, prayers)
                .notEq(Catalog.Activity.ACTION, "prayed"));
    Map<String, String> names =
        MemberNames.of(view, activity.stream().map(row -> text(row, "member")).toList());
    Map<String, List<TimelineEntry>> stories = new HashMap<>();
    activity.stream()
        .sorted(Comparator.comparing(PrayerFeeds::time))
        .forEach(
            row ->
                stories
                    .computeIfAbsent(text(row, "prayer"), prayer -> new ArrayList<>())
                    .add(
                        new TimelineEntry(
                            text(row, "member"),
                            attributeFeed(names, text(row, "member")),
                            text(row, "action"),
                            row.get(Catalog.Activity.OLD_VALUE),
                            row.get(Catalog.Activity.NEW_VALUE),
                            time(row))));
    return stories;
  }

  /** A page of the prayers that were reported and wait for a moderator. */
  public Page reported(String after) throws IOException {
    return newest(inState(Moderation.FLAGGED), after);
  }

  /** How many wait for a moderator. */
  public static long reportedCount(ViewReader view) throws IOException {
    return view.count(inState(Moderation.FLAGGED));
  }

  /** A page of the prayers that moderators have hidden. */
  public Page hidden(String after) throws IOException {
    return newest(inState(Moderation.HIDDEN), after);
  }

  private static Query inState(String moderation) {
    return Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.MODERATION, moderation);
  }

  /** Of some prayers, those that moderators have not hidden. */
  static Query shown(Query prayers) {
    return prayers.notEq("moderation", Moderation.HIDDEN);
  }

  /** Of some prayers, those that are open to all members: neither hidden nor archived. */
  static Query open(Query prayers) {
    return shown(prayers)
        .notReferencedBy(
            Query.of(Catalog.ATTRIBUTES).eq(Catalog.Attributes.NAME, ARCHIVED),
            Catalog.Attributes.PRAYER);
  }

  /** A row may have gone since its page was shown; then the feed begins anew. */
  private Query after(Query query, Table table, String after) throws IOException {
    return after.isEmpty() || !view.has(table, after) ? query : query.after(after);
  }

  private Page newest(Query prayers, String after) throws IOException {
    return page(
        view.rows(
            after(prayers.highestFirst("created_at").limit(PAGE + 1), Catalog.PRAYERS, after)));
  }

  /** A page of rows that are one more than it shows, if there are more. */
  private Page page(List<Row> rows) throws IOException {
    List<Row> shown = rows.subList(0, Math.min(PAGE, rows.size()));
    return new Page(
        cards(shown), rows.size() > PAGE ? Optional.of(shown.getLast().key()) : Optional.empty());
  }

  /**
   * What waits changes with every prayer that is prayed, so it goes on at a place, not behind a
   * prayer.
   */
  private Page prayNowFeed(String after, Instant now) throws IOException {
    List<Row> waiting = prayNowFeed(now);
    int from = after.matches("[0-9]{1,3}") ? Math.min(Integer.parseInt(after), waiting.size()) : 0;
    int to = Math.min(from + PAGE, waiting.size());
    return new Page(
        cards(waiting.subList(from, to)),
        to < waiting.size() ? Optional.of(Integer.toString(to)) : Optional.empty());
  }

  /**
   * Of the newest prayers of others: what nobody has prayed for comes first, the newest of it
   * first; then whatever has waited longest.
   */
  private List<Row> prayNowFeed(Instant now) throws IOException {
    Query unanswered =
        open(Query.of(Catalog.PRAYERS).notEq(Catalog.Prayers.AUTHOR, viewer))
            .notReferencedBy(
                Query.of(Catalog.ATTRIBUTES).eq(Catalog.Attributes.NAME, ANSWERED),
                Catalog.Attributes.PRAYER);
    Set<String> prayedLately =
        prayers(
            view.rows(
                Query.of(Catalog.MARKS)
                    .eq(Catalog.Marks.MEMBER, viewer)
                    .greaterThan(
                        Catalog.Marks.CREATED_AT, Timestamps.micros(now.minus(PRAYED_LATELY)))));
    List<Row> newest =
        view.rows(unanswered.highestFirst("created_at").limit(PRAY_NOW_AMONG)).stream()
            .filter(row -> !prayedLately.contains(row.key()))
            .toList();
    Map<String, Instant> lastPrayed = new HashMap<>();
    view.lastOfEach(Catalog.Marks.PRAYER, keys(newest))
        .forEach(mark -> lastPrayed.put(text(mark, "prayer"), time(mark)));
    return newest.stream()
        .sorted(Comparator.comparing(row -> lastPrayed.getOrDefault(row.key(), Instant.MIN)))
        .toList();
  }

  /** A page of the prayers of which something is said, what was said last first. */
  private Page attributeFeed(String attribute, UnaryOperator<Query> wanted, String after)
      throws IOException {
    List<Row> found = new ArrayList<>();
    String shown = after;
    String read = after;
    for (; ; ) {
      List<Row> said =
          view.rows(
              after(
                  Query.of(Catalog.ATTRIBUTES)
                      .eq(Catalog.Attributes.NAME, attribute)
                      .newestFirst()
                      .limit(STEP),
                  Catalog.ATTRIBUTES,
                  read));
      Map<String, Row> prayers = new HashMap<>();
      view.rows(wanted.apply(Query.of(Catalog.PRAYERS).in(Catalog.Prayers.ID, prayers(said))))
          .forEach(row -> prayers.put(row.key(), row));
      for (Row each : said) {
        Optional<Row> prayer = Optional.ofNullable(prayers.get(text(each, "prayer")));
        if (prayer.isPresent() && found.size() == PAGE) {
          return new Page(cards(found), Optional.of(shown));
        }
        if (prayer.isPresent()) {
          found.add(prayer.get());
          shown = each.key();
        }
        read = each.key();
      }
      if (said.size() < STEP) {
        return new Page(cards(found), Optional.empty());
      }
    }
  }

  /** Reads what belongs to all of them at once. */
  private List<PrayerView> cards(List<Row> rows) throws IOException {
    Set<String> prayers = keys(rows);
    Map<String, List<Row>> marks =
        grouped(view.rows(Query.of(Catalog.MARKS).in(Catalog.Marks.PRAYER, prayers)), "prayer");
    Map<String, List<Row>> said =
        grouped(
            view.rows(Query.of(Catalog.ATTRIBUTES).in(Catalog.Attributes.PRAYER, prayers)),
            "prayer");
    Map<String, MemberNames.Person> people =
        MemberNames.people(view, rows.stream().map(row -> text(row, "author")).toList());
    return rows.stream()
        .map(
            row ->
                findPrayer(
                    row,
                    person(people, text(row, "author")),
                    marks.getOrDefault(row.key(), List.of()),
                    said.getOrDefault(row.key(), List.of())))
        .toList();
  }

  private PrayerView findPrayer(
      Row row, MemberNames.Person person, List<Row> marks, List<Row> said) {
    List<Row> mine = marks.stream().filter(mark -> text(mark, "member").equals(viewer)).toList();
    String author = text(row, "author");
    String moderation = text(row, "moderation");
    return new PrayerView(
        row.key(),
        author,
        person.name(),
        person.badges(),
        text(row, "text"),
        row.get(Catalog.Prayers.GENERATED_PRAYER),
        time(row),
        row.get(Catalog.Prayers.EDITED_AT).map(Timestamps::instant),
        Visibility.of(text(row, "visibility")),
        moderation.equals(Moderation.FLAGGED),
        moderation.equals(Moderation.HIDDEN),
        isSaid(said, ARCHIVED),
        isSaid(said, ANSWERED),
        value(said, "answer_testimony"),
        marks.size(),
        (int) marks.stream().map(mark -> mark.get(Catalog.Marks.MEMBER)).distinct().count(),
        mine.size(),
        mine.isEmpty() ? Optional.empty() : Optional.of(last(mine)),
        author.equals(viewer));
  }

  private static Set<String> keys(List<Row> rows) {
    return rows.stream().map(Row::key).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The prayers that some rows name. */
  private static Set<String> prayers(List<Row> rows) {
    return rows.stream()
        .map(row -> text(row, "prayer"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Map<String, List<Row>> grouped(List<Row> rows, String column) {
    return rows.stream().collect(Collectors.groupingBy(row -> text(row, column)));
  }

  private static Instant last(List<Row> rows) {
    return rows.stream().map(PrayerFeeds::time).max(Comparator.naturalOrder()).orElse(Instant.MIN);
  }

  private static MemberNames.Person person(Map<String, MemberNames.Person> people, String handle) {
    return Objects.requireNonNull(people.get(handle));
  }

  private static String attributeFeed(Map<String, String> names, String handle) {
    return names.getOrDefault(handle, handle);
  }

  private static boolean isSaid(List<Row> said, String name) {
    return said.stream().anyMatch(row -> text(row, "name").equals(name));
  }

  private static Optional<String> value(List<Row> said, String name) {
    return said.stream()
        .filter(row -> text(row, "name").equals(name))
        .findFirst()
        .flatMap(row -> row.get(Catalog.Attributes.VALUE));
  }

  private static String text(Row row, String column) {
    return row.text(column).orElse("");
  }

  private static Instant time(Row row) {
    return Timestamps.instant(row.get(Catalog.Prayers.CREATED_AT).orElse(0L));
  }
}
