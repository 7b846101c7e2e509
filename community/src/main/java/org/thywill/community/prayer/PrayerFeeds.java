package org.thywill.community.prayer;

import static org.thywill.community.prayer.PrayerViewLoader.grouped;
import static org.thywill.community.prayer.PrayerViewLoader.keys;
import static org.thywill.community.prayer.PrayerViewLoader.latest;
import static org.thywill.community.prayer.PrayerViewLoader.text;
import static org.thywill.community.prayer.PrayerViewLoader.time;

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
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.community.member.Badge;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * The prayers that one member can see: feeds, one prayer, its timeline, and who prayed it.
 *
 * <p>It only reads, and never a whole table: a page takes a fixed number of statements, however
 * many prayers there are.
 *
 * <p>A feed continues after the last prayer that was shown, whatever was added since, so that each
 * page costs as much as the first.
 */
public final class PrayerFeeds {
  /** How many prayers a page shows. */
  public static final int PAGE_SIZE = 10;

  /** Among how many of the newest prayers {@link Feed#PRAY_NOW} looks. */
  private static final int PRAY_NOW_AMONG_MAX = 300;

  /** How many of the members who prayed a prayer are named. */
  private static final int PEOPLE_NAMED_MAX = 100;

  /** How many attributes are read at once while a page is filled. */
  private static final int ATTRIBUTES_PER_STEP = 3 * PAGE_SIZE;

  private static final Duration PRAYED_LATELY = Duration.ofDays(7);
  private static final Duration SKIPPED_LATELY = Duration.ofDays(1);

  private final ViewReader view;
  private final String viewer;
  private final PrayerViewLoader loader;

  /**
   * The feeds of one member.
   *
   * @param viewer the handle of the member who looks; empty for a visitor
   */
  public PrayerFeeds(ViewReader view, String viewer) {
    this.view = view;
    this.viewer = viewer;
    this.loader = new PrayerViewLoader(view, viewer);
  }

  /** Which prayers to show. */
  public enum Feed {
    /**
     * Prayers of others that the member has not prayed lately: first those that no one has prayed,
     * then those that have waited longest.
     */
    PRAY_NOW,
    /** All that are neither archived nor hidden, the newest first. */
    ALL,
    /** The member's own, in whatever state. */
    MINE,
    /** Those that were answered, the latest answer first. */
    PRAISE,
    /** Those that are archived, the last to be archived first. */
    ARCHIVED;

    /** The name of the feed in an address. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Some prayers of many.
   *
   * @param next what to pass as {@code after} for the following page, or null on the last one
   */
  public record Page(List<PrayerView> prayers, @Nullable String next) {
    /** A page of no prayers. */
    public static final Page EMPTY = new Page(List.of(), null);
  }

  /**
   * A member who prayed a prayer.
   *
   * @param member the handle
   * @param badges shown after the name
   * @param lastAt when they last prayed it
   */
  public record PrayingMember(
      String member, String name, List<Badge> badges, int times, Instant lastAt) {}

  /**
   * Something that happened to a prayer.
   *
   * @param member the handle of the member who did it
   * @param action one of {@link ActivityNames}, or an imported one
   * @param before the value that was replaced, or null
   * @param after the new value, or null
   */
  public record TimelineEntry(
      String member,
      String name,
      String action,
      @Nullable String before,
      @Nullable String after,
      Instant at) {}

  /**
   * A page of a feed.
   *
   * @param after the {@code next} of the page before; empty for the first page
   */
  public Page feed(Feed feed, String after, Instant now) throws IOException {
    return switch (feed) {
      case PRAY_NOW -> prayNowPage(after, now);
      case ALL -> newest(open(Query.of(Catalog.PRAYERS)), after);
      case MINE -> newest(Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.AUTHOR, viewer), after);
      case PRAISE -> attributePage(AttributeNames.ANSWERED, PrayerFeeds::open, after);
      case ARCHIVED -> attributePage(AttributeNames.ARCHIVED, PrayerFeeds::shown, after);
    };
  }

  /** A page of the latest prayers that visitors can see: no reported one until it is decided. */
  public Page publicFeed(String after) throws IOException {
    List<String> latest = new ArrayList<>();
    for (Visibility visibility : List.of(Visibility.PUBLIC, Visibility.ANONYMOUS)) {
      Query query =
          open(Query.of(Catalog.PRAYERS).eq(Catalog.Prayers.VISIBILITY, visibility.label()))
              .notEq(Catalog.Prayers.MODERATION, Moderation.FLAGGED)
              .newestFirst()
              .limit(PAGE_SIZE + 1);
      view.rows(after(query, Catalog.PRAYERS, after)).forEach(row -> latest.add(row.key()));
    }
    return page(
        view.rows(
            Query.of(Catalog.PRAYERS)
                .in(Catalog.Prayers.ID, latest)
                .newestFirst()
                .limit(PAGE_SIZE + 1)));
  }

  /** The prayer to pray next, without those that the member skipped today. */
  public Optional<PrayerView> nextToPray(Instant now) throws IOException {
    List<Row> waiting = prayNow(now);
    Set<String> skipped =
        named(
            view.rows(
                Query.of(Catalog.SKIPS)
                    .in(Catalog.Skips.PRAYER, keys(waiting))
                    .eq(Catalog.Skips.MEMBER, viewer)
                    .greaterThan(
                        Catalog.Skips.CREATED_AT, Timestamps.micros(now.minus(SKIPPED_LATELY)))),
            Catalog.Skips.PRAYER);
    Optional<Row> next = waiting.stream().filter(row -> !skipped.contains(row.key())).findFirst();
    return next.isPresent() ? Optional.of(loader.load(next.get())) : Optional.empty();
  }

  /** One prayer; empty if there is none, or it is hidden from this member. */
  public Optional<PrayerView> findPrayer(String prayer, boolean isModerator) throws IOException {
    Optional<Row> row = view.find(Catalog.PRAYERS, prayer);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    PrayerView found = loader.load(row.get());
    boolean isVisible = !found.state().isHidden() || found.isMine() || isModerator;
    return isVisible ? Optional.of(found) : Optional.empty();
  }

  /** Who prayed a prayer, the latest first; of very many members the latest. */
  public List<PrayingMember> whoPrayed(String prayer) throws IOException {
    Map<String, List<Row>> marks =
        grouped(view.findBy(Catalog.Marks.PRAYER, prayer), Catalog.Marks.MEMBER);
    List<Map.Entry<String, List<Row>>> latest =
        marks.entrySet().stream()
            .sorted(
                Comparator.<Map.Entry<String, List<Row>>, Instant>comparing(
                        each -> latest(each.getValue(), Catalog.Marks.CREATED_AT))
                    .reversed())
            .limit(PEOPLE_NAMED_MAX)
            .toList();
    Map<String, MemberNames.Person> people =
        MemberNames.people(view, latest.stream().map(Map.Entry::getKey).toList());
    return latest.stream()
        .map(each -> prayingMember(each.getKey(), each.getValue(), people))
        .toList();
  }

  private static PrayingMember prayingMember(
      String handle, List<Row> marks, Map<String, MemberNames.Person> people) {
    MemberNames.Person person = Objects.requireNonNull(people.get(handle));
    return new PrayingMember(
        handle,
        person.name(),
        person.badges(),
        marks.size(),
        latest(marks, Catalog.Marks.CREATED_AT));
  }

  /** What happened to a prayer other than being prayed, the earliest first. */
  public List<TimelineEntry> timeline(String prayer) throws IOException {
    return timelines(List.of(prayer)).getOrDefault(prayer, List.of());
  }

  /** The timelines of some prayers by their ids; none for a prayer to which nothing happened. */
  public Map<String, List<TimelineEntry>> timelines(Collection<String> prayers) throws IOException {
    List<Row> activity =
        view.rows(
            Query.of(Catalog.ACTIVITY)
                .in(Catalog.Activity.PRAYER, prayers)
                .notEq(Catalog.Activity.ACTION, ActivityNames.PRAYED));
    Map<String, String> names =
        MemberNames.of(
            view, activity.stream().map(row -> text(row, Catalog.Activity.MEMBER)).toList());
    Map<String, List<TimelineEntry>> timelines = new HashMap<>();
    Set<String> lastTestimonies = lastTestimonies(activity);
    activity.stream()
        .sorted(Comparator.comparing(row -> time(row, Catalog.Activity.CREATED_AT)))
        .forEach(
            row ->
                timelines
                    .computeIfAbsent(
                        text(row, Catalog.Activity.PRAYER), prayer -> new ArrayList<>())
                    .add(timelineEntry(row, names, lastTestimonies.contains(row.key()))));
    return timelines;
  }

  /** The keys of the entries whose testimony was not replaced by a later one. */
  private static Set<String> lastTestimonies(List<Row> activity) {
    return activity.stream()
        .filter(row -> row.has(Catalog.Activity.ACTION, ActivityNames.TESTIMONY))
        .collect(
            Collectors.toMap(
                row -> text(row, Catalog.Activity.PRAYER),
                Function.identity(),
                BinaryOperator.maxBy(
                    Comparator.comparing(row -> time(row, Catalog.Activity.CREATED_AT)))))
        .values()
        .stream()
        .map(Row::key)
        .collect(Collectors.toSet());
  }

  /**
   * An entry of a timeline. A testimony that was replaced is shown to no one, so its text is left
   * out.
   */
  private static TimelineEntry timelineEntry(
      Row activity, Map<String, String> names, boolean isLastTestimony) {
    String member = text(activity, Catalog.Activity.MEMBER);
    if (activity.has(Catalog.Activity.ACTION, ActivityNames.TESTIMONY)) {
      return new TimelineEntry(
          member,
          names.getOrDefault(member, member),
          ActivityNames.TESTIMONY,
          null,
          isLastTestimony ? activity.get(Catalog.Activity.NEW_VALUE).orElse(null) : null,
          time(activity, Catalog.Activity.CREATED_AT));
    }
    return new TimelineEntry(
        member,
        names.getOrDefault(member, member),
        text(activity, Catalog.Activity.ACTION),
        activity.get(Catalog.Activity.OLD_VALUE).orElse(null),
        activity.get(Catalog.Activity.NEW_VALUE).orElse(null),
        time(activity, Catalog.Activity.CREATED_AT));
  }

  /** A page of the prayers that were reported and wait for a moderator. */
  public Page reported(String after) throws IOException {
    return newest(inState(Moderation.FLAGGED), after);
  }

  /** How many prayers wait for a moderator. */
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
    return prayers.notEq(Catalog.Prayers.MODERATION, Moderation.HIDDEN);
  }

  /** Of some prayers, those that are neither hidden nor archived. */
  static Query open(Query prayers) {
    return shown(prayers)
        .notReferencedBy(withAttribute(AttributeNames.ARCHIVED), Catalog.Attributes.PRAYER);
  }

  /** The attributes of one name. */
  static Query withAttribute(String name) {
    return Query.of(Catalog.ATTRIBUTES).eq(Catalog.Attributes.NAME, name);
  }

  /** Continues after a row; starts again if that row was removed since its page was shown. */
  private Query after(Query query, Table table, String after) throws IOException {
    return after.isEmpty() || !view.has(table, after) ? query : query.after(after);
  }

  private Page newest(Query prayers, String after) throws IOException {
    return page(
        view.rows(
            after(
                prayers.highestFirst(Catalog.Prayers.CREATED_AT).limit(PAGE_SIZE + 1),
                Catalog.PRAYERS,
                after)));
  }

  /** A page of rows that are one more than it shows, if there are more. */
  private Page page(List<Row> rows) throws IOException {
    List<Row> shown = rows.subList(0, Math.min(PAGE_SIZE, rows.size()));
    return new Page(loader.load(shown), rows.size() > PAGE_SIZE ? shown.getLast().key() : null);
  }

  /**
   * What waits changes each time a prayer is prayed, so this feed continues at a position and not
   * after a prayer.
   */
  private Page prayNowPage(String after, Instant now) throws IOException {
    List<Row> waiting = prayNow(now);
    int from = after.matches("[0-9]{1,3}") ? Math.min(Integer.parseInt(after), waiting.size()) : 0;
    int to = Math.min(from + PAGE_SIZE, waiting.size());
    return new Page(
        loader.load(waiting.subList(from, to)), to < waiting.size() ? Integer.toString(to) : null);
  }

  /**
   * The newest prayers of others: first those that no one has prayed, the newest first; then those
   * that were prayed, the longest ago first.
   */
  private List<Row> prayNow(Instant now) throws IOException {
    Query unanswered =
        open(Query.of(Catalog.PRAYERS).notEq(Catalog.Prayers.AUTHOR, viewer))
            .notReferencedBy(withAttribute(AttributeNames.ANSWERED), Catalog.Attributes.PRAYER);
    Set<String> prayedLately =
        named(
            view.rows(
                Query.of(Catalog.MARKS)
                    .eq(Catalog.Marks.MEMBER, viewer)
                    .greaterThan(
                        Catalog.Marks.CREATED_AT, Timestamps.micros(now.minus(PRAYED_LATELY)))),
            Catalog.Marks.PRAYER);
    List<Row> newest =
        view
            .rows(unanswered.highestFirst(Catalog.Prayers.CREATED_AT).limit(PRAY_NOW_AMONG_MAX))
            .stream()
            .filter(row -> !prayedLately.contains(row.key()))
            .toList();
    Map<String, Instant> lastPrayedAt = new HashMap<>();
    view.lastOfEach(Catalog.Marks.PRAYER, keys(newest))
        .forEach(
            mark ->
                lastPrayedAt.put(
                    text(mark, Catalog.Marks.PRAYER), time(mark, Catalog.Marks.CREATED_AT)));
    return newest.stream()
        .sorted(Comparator.comparing(row -> lastPrayedAt.getOrDefault(row.key(), Instant.MIN)))
        .toList();
  }

  /**
   * A page of the prayers that have an attribute, the last to get it first.
   *
   * @param wanted which of these prayers to show
   */
  private Page attributePage(String attribute, UnaryOperator<Query> wanted, String after)
      throws IOException {
    List<Row> found = new ArrayList<>();
    String lastShown = after;
    String lastRead = after;
    while (true) {
      List<Row> attributes =
          view.rows(
              after(
                  withAttribute(attribute).newestFirst().limit(ATTRIBUTES_PER_STEP),
                  Catalog.ATTRIBUTES,
                  lastRead));
      Map<String, Row> prayers = wantedPrayers(attributes, wanted);
      for (Row each : attributes) {
        @Nullable Row prayer = prayers.get(text(each, Catalog.Attributes.PRAYER));
        if (prayer != null) {
          if (found.size() == PAGE_SIZE) {
            return new Page(loader.load(found), lastShown);
          }
          found.add(prayer);
          lastShown = each.key();
        }
        lastRead = each.key();
      }
      if (attributes.size() < ATTRIBUTES_PER_STEP) {
        return new Page(loader.load(found), null);
      }
    }
  }

  private Map<String, Row> wantedPrayers(List<Row> attributes, UnaryOperator<Query> wanted)
      throws IOException {
    Query prayers =
        Query.of(Catalog.PRAYERS)
            .in(Catalog.Prayers.ID, named(attributes, Catalog.Attributes.PRAYER));
    return view.rows(wanted.apply(prayers)).stream()
        .collect(Collectors.toMap(Row::key, Function.identity()));
  }

  /** The keys that some rows name in a column. */
  private static Set<String> named(List<Row> rows, Column<String> column) {
    return rows.stream()
        .map(row -> text(row, column))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
