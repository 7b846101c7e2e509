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
 * Counts of prayers and members at one time.
 *
 * <p>A prayer that moderators have hidden is not counted as a request. Its marks are counted,
 * because members did pray it.
 *
 * @param at when they were counted
 * @param open prayers that all members see now: neither hidden nor archived
 * @param prayedFor requests that at least one member prayed
 * @param answered requests that were answered
 * @param perDay the counts by day in UTC; a day without any is left out
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
   * Counts them. The statements read every prayer and every mark, so a page should not wait for
   * them.
   */
  public static Statistics count(ViewReader view, Instant at) throws IOException {
    Query shown = PrayerFeeds.shown(Query.of(Catalog.PRAYERS));
    long open = view.count(PrayerFeeds.open(Query.of(Catalog.PRAYERS)));
    long prayedFor = view.count(shown.referencedBy(Query.of(Catalog.MARKS), Catalog.Marks.PRAYER));
    long answered =
        view.count(
            shown.referencedBy(
                PrayerFeeds.withAttribute(AttributeNames.ANSWERED), Catalog.Attributes.PRAYER));
    return new Statistics(
        at,
        open,
        prayedFor,
        answered,
        Map.of(
            Series.REQUESTS, view.countPerDay(shown, Catalog.Prayers.CREATED_AT),
            Series.NEW_MEMBERS,
                view.countPerDay(Query.of(Catalog.MEMBERS), Catalog.Members.CREATED_AT),
            Series.MARKS, view.countPerDay(Query.of(Catalog.MARKS), Catalog.Marks.CREATED_AT)));
  }

  /** The counts by day, in the order of the days. */
  public SortedMap<LocalDate, Long> perDay(Series series) {
    return perDay.getOrDefault(series, Collections.emptySortedMap());
  }

  /** The sum over all days. */
  public long total(Series series) {
    return perDay(series).values().stream().mapToLong(Long::longValue).sum();
  }
}
