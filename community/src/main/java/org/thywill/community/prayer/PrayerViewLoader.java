package org.thywill.community.prayer;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.member.MemberNames;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Makes views of rows of prayers for one member.
 *
 * <p>Marks, attributes and names of all rows are read at once: three statements, however many rows
 * there are.
 *
 * @param viewer the handle of the member who looks; empty for a visitor
 */
record PrayerViewLoader(ViewReader view, String viewer) {

  /** The views, in the order of the rows. */
  List<PrayerView> load(List<Row> prayers) throws IOException {
    Set<String> ids = keys(prayers);
    Map<String, List<Row>> marks =
        grouped(
            view.rows(Query.of(Catalog.MARKS).in(Catalog.Marks.PRAYER, ids)), Catalog.Marks.PRAYER);
    Map<String, List<Row>> attributes =
        grouped(
            view.rows(Query.of(Catalog.ATTRIBUTES).in(Catalog.Attributes.PRAYER, ids)),
            Catalog.Attributes.PRAYER);
    Map<String, MemberNames.Person> people =
        MemberNames.people(
            view, prayers.stream().map(row -> text(row, Catalog.Prayers.AUTHOR)).toList());
    return prayers.stream()
        .map(
            row ->
                load(
                    row,
                    author(row, people),
                    marks.getOrDefault(row.key(), List.of()),
                    attributes.getOrDefault(row.key(), List.of())))
        .toList();
  }

  /** The view of one row. */
  PrayerView load(Row prayer) throws IOException {
    return load(List.of(prayer)).getFirst();
  }

  private PrayerView load(
      Row prayer, PrayerView.Author author, List<Row> marks, List<Row> attributes) {
    return new PrayerView(
        prayer.key(),
        author,
        text(prayer, Catalog.Prayers.TEXT),
        prayer.get(Catalog.Prayers.GENERATED_PRAYER).orElse(null),
        time(prayer, Catalog.Prayers.CREATED_AT),
        prayer.get(Catalog.Prayers.EDITED_AT).map(Timestamps::instant).orElse(null),
        state(prayer, attributes),
        counts(marks));
  }

  private PrayerView.Author author(Row prayer, Map<String, MemberNames.Person> people) {
    String handle = text(prayer, Catalog.Prayers.AUTHOR);
    MemberNames.Person person = Objects.requireNonNull(people.get(handle));
    return new PrayerView.Author(handle, person.name(), person.badges(), handle.equals(viewer));
  }

  private static PrayerView.State state(Row prayer, List<Row> attributes) {
    return new PrayerView.State(
        Visibility.of(text(prayer, Catalog.Prayers.VISIBILITY)),
        prayer.has(Catalog.Prayers.MODERATION, Moderation.FLAGGED),
        prayer.has(Catalog.Prayers.MODERATION, Moderation.HIDDEN),
        hasAttribute(attributes, AttributeNames.ARCHIVED),
        hasAttribute(attributes, AttributeNames.ANSWERED),
        attributes.stream()
            .filter(row -> row.has(Catalog.Attributes.NAME, AttributeNames.ANSWER_TESTIMONY))
            .findFirst()
            .flatMap(row -> row.get(Catalog.Attributes.VALUE))
            .orElse(null));
  }

  private static boolean hasAttribute(List<Row> attributes, String name) {
    return attributes.stream().anyMatch(row -> row.has(Catalog.Attributes.NAME, name));
  }

  private PrayerView.PrayCounts counts(List<Row> marks) {
    List<Row> mine =
        marks.stream().filter(mark -> text(mark, Catalog.Marks.MEMBER).equals(viewer)).toList();
    return new PrayerView.PrayCounts(
        marks.size(),
        (int) marks.stream().map(mark -> mark.get(Catalog.Marks.MEMBER)).distinct().count(),
        mine.size(),
        mine.isEmpty() ? null : latest(mine, Catalog.Marks.CREATED_AT));
  }

  /** The keys of rows, in the order of the rows. */
  static Set<String> keys(List<Row> rows) {
    return rows.stream().map(Row::key).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static Map<String, List<Row>> grouped(List<Row> rows, Column<String> column) {
    return rows.stream().collect(Collectors.groupingBy(row -> text(row, column)));
  }

  /** The latest time of some rows. */
  static Instant latest(List<Row> rows, Column<Long> column) {
    return rows.stream()
        .map(row -> time(row, column))
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  static String text(Row row, Column<String> column) {
    return row.get(column).orElse("");
  }

  /** A time; 1970 where an imported row has none. */
  static Instant time(Row row, Column<Long> column) {
    return Timestamps.instant(row.get(column).orElse(0L));
  }
}
