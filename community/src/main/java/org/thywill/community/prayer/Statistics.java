package org.thywill.community.prayer;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import org.thywill.catalog.Catalog;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * The community in figures, as it was when they were counted. A prayer that moderators have hidden
 * is not among the requests; that people prayed it is counted all the same, since they did.
 *
 * @param at when they were counted
 * @param open prayers that all members see now: neither hidden nor archived
 * @param prayedFor requests that somebody prayed
 * @param answered requests that were answered
 * @param perDay what happened on each day in UTC on which it happened
 */
public record Statistics(
    Instant at,
    long open,
    long prayedFor,
    long answered,
    Map<Series, SortedMap<LocalDate, Long>> perDay) {
  /** What is counted day by day. */
  public enum Series {
    REQUESTS,
    NEW_MEMBERS,
    MARKS
  }

  public Statistics {
    perDay = Collections.unmodifiableMap(new EnumMap<>(perDay));
  }

  /**
   * Counts them: a few statements, which look at every prayer and every mark, so that nobody who
   * waits for a page should wait for it.
   */
  public static Statistics count(ViewReader view, Instant at) throws IOException {
    Query shown = PrayerFeeds.shown(Query.of(Catalog.PRAYERS));
    long open = view.count(PrayerFeeds.open(Query.of(Catalog.PRAYERS)));
    long prayedFor = view.count(shown.referencedBy(Query.of(Catalog.MARKS), Catalog.Marks.PRAYER));
    long answered =
        view.count(
            shown.referencedBy(
                Query.of(Catalog.ATTRIBUTES).eq(Catalog.Attributes.NAME, PrayerFeeds.ANSWERED),
                Catalog.Attributes.PRAYER));
    return new Statistics(
        at,
        open,
        prayedFor,
        answered,
        Map.of(
            Series.REQUESTS, view.countPerDay(shown, "created_at"),
            Series.NEW_MEMBERS, view.countPerDay(Query.of(Catalog.MEMBERS), "created_at"),
            Series.MARKS, view.countPerDay(Query.of(Catalog.MARKS), "created_at")));
  }

  /** What happened on each day, in the order of the days. */
  public SortedMap<LocalDate, Long> perDay(Series series) {
    return perDay.getOrDefault(series, Collections.emptySortedMap());
  }

  /** How often it happened in all. */
  public long total(Series series) {
    return perDay(series).values().stream().mapToLong(Long::longValue).sum();
  }
}
