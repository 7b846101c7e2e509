package org.thywill.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;

/** A query finds the rows that it describes, with one statement that uses an index. */
class QueryTest {
  private static final Query PRAYERS = Query.of(Catalog.PRAYERS);

  @TempDir Path folder;
  private SqliteWriter view;
  private long seq;

  @BeforeEach
  void open() throws IOException {
    view = SqliteWriter.create(folder.resolve("v.db"), "c", 0);
    view.begin();
    prayer("d", "mary", 7L, "open");
    prayer("a", "mary", 9L, "hidden");
    prayer("c", "ben", 5L, "flagged");
    prayer("b", "ben", 7L, null);
    attribute("1", "d", "archived");
    attribute("2", "c", "answered");
    attribute("3", "a", "answered");
    mark("m1", "d", 3L);
    mark("m2", "c", 8L);
    mark("m3", "d", 1L);
  }

  @AfterEach
  void close() throws IOException {
    view.close();
  }

  private void prayer(String id, String author, Long at, @Nullable String moderation)
      throws IOException {
    add(
        Row.in(Catalog.PRAYERS)
            .set(Catalog.Prayers.ID, id)
            .set(Catalog.Prayers.AUTHOR, author)
            .set(Catalog.Prayers.CREATED_AT, at)
            .set(Catalog.Prayers.MODERATION, moderation));
  }

  private void attribute(String id, String prayer, String name) throws IOException {
    add(
        Row.in(Catalog.ATTRIBUTES)
            .set(Catalog.Attributes.ID, id)
            .set(Catalog.Attributes.PRAYER, prayer)
            .set(Catalog.Attributes.NAME, name));
  }

  private void mark(String id, String prayer, Long at) throws IOException {
    add(
        Row.in(Catalog.MARKS)
            .set(Catalog.Marks.ID, id)
            .set(Catalog.Marks.PRAYER, prayer)
            .set(Catalog.Marks.CREATED_AT, at));
  }

  private void add(Row.Builder row) throws IOException {
    seq++;
    view.apply(
        new Change(
            Operation.ADDED,
            row.build(),
            seq,
            new Change.TransactionInfo(seq, seq, seq - 1, 0, Change.Cause.by("mary"))));
  }

  private List<String> keys(Query query) throws IOException {
    assertThat(view.count(query))
        .as("the count does not depend on the limit")
        .isGreaterThanOrEqualTo(view.rows(query).size());
    return view.rows(query).stream().map(Row::key).toList();
  }

  @Test
  void conditions_allHold() throws IOException {
    assertThat(keys(PRAYERS)).containsExactly("a", "b", "c", "d");
    assertThat(keys(PRAYERS.eq(Catalog.Prayers.AUTHOR, "mary"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.in(Catalog.Prayers.ID, List.of("d", "b", "nobody"))))
        .containsExactly("b", "d");
    assertThat(keys(PRAYERS.in(Catalog.Prayers.ID, List.of()))).isEmpty();
    assertThat(keys(PRAYERS.notEq(Catalog.Prayers.MODERATION, "hidden")))
        .as("a row without a value holds another")
        .containsExactly("b", "c", "d");
    assertThat(keys(PRAYERS.greaterThan(Catalog.Prayers.CREATED_AT, 5)))
        .containsExactly("a", "b", "d");
    assertThat(keys(PRAYERS.startsWith(Catalog.Prayers.AUTHOR, "ma"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.startsWith(Catalog.Prayers.AUTHOR, "mary"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.startsWith(Catalog.Prayers.AUTHOR, "mb"))).isEmpty();
    assertThat(keys(PRAYERS.startsWith(Catalog.Prayers.AUTHOR, ""))).hasSize(4);
    assertThat(
            keys(
                PRAYERS
                    .eq(Catalog.Prayers.AUTHOR, "mary")
                    .notEq(Catalog.Prayers.MODERATION, "hidden")
                    .greaterThan(Catalog.Prayers.CREATED_AT, 6)))
        .containsExactly("d");
    assertThat(view.count(PRAYERS.eq(Catalog.Prayers.AUTHOR, "mary"))).isEqualTo(2);
  }

  @Test
  void notReferencedBy_leavesOutTheRowsThatOthersReferTo() throws IOException {
    Query attributes = Query.of(Catalog.ATTRIBUTES);
    assertThat(keys(PRAYERS.notReferencedBy(attributes, Catalog.Attributes.PRAYER)))
        .containsExactly("b");
    assertThat(
            keys(
                PRAYERS
                    .notReferencedBy(
                        attributes.eq(Catalog.Attributes.NAME, "archived"),
                        Catalog.Attributes.PRAYER)
                    .notReferencedBy(
                        attributes
                            .eq(Catalog.Attributes.NAME, "answered")
                            .eq(Catalog.Attributes.ID, "3"),
                        Catalog.Attributes.PRAYER)))
        .containsExactly("b", "c");
    assertThat(
            keys(
                PRAYERS
                    .eq(Catalog.Prayers.AUTHOR, "ben")
                    .notReferencedBy(
                        attributes.eq(Catalog.Attributes.NAME, "answered"),
                        Catalog.Attributes.PRAYER)
                    .greaterThan(Catalog.Prayers.CREATED_AT, 6)))
        .containsExactly("b");
  }

  @Test
  void referencedBy_givesTheRowsThatOthersReferTo() throws IOException {
    Query attributes = Query.of(Catalog.ATTRIBUTES);
    assertThat(keys(PRAYERS.referencedBy(attributes, Catalog.Attributes.PRAYER)))
        .containsExactly("a", "c", "d");
    assertThat(
            keys(
                PRAYERS
                    .notEq(Catalog.Prayers.MODERATION, "hidden")
                    .referencedBy(
                        attributes.eq(Catalog.Attributes.NAME, "answered"),
                        Catalog.Attributes.PRAYER)))
        .containsExactly("c");
    assertThat(
            keys(
                PRAYERS
                    .referencedBy(
                        attributes.eq(Catalog.Attributes.NAME, "answered"),
                        Catalog.Attributes.PRAYER)
                    .notReferencedBy(Query.of(Catalog.MARKS), Catalog.Marks.PRAYER)))
        .containsExactly("a");
  }

  @Test
  void countPerDay_endsADayAtMidnightInUtc_alsoBefore1970() throws IOException {
    long day = 86_400_000_000L;
    long newYear = Timestamps.micros(Instant.parse("2026-01-01T00:00:00Z"));
    for (long at :
        new long[] {newYear - 1, newYear, newYear + day - 1, newYear + day, -1, -day, -day - 1}) {
      prayer("p" + at, "clara", at, "open");
    }
    prayer("hidden", "clara", newYear, "hidden");
    Query claras =
        PRAYERS.eq(Catalog.Prayers.AUTHOR, "clara").notEq(Catalog.Prayers.MODERATION, "hidden");
    assertThat(view.countPerDay(claras, Catalog.Prayers.CREATED_AT).toString())
        .isEqualTo("{1969-12-30=1, 1969-12-31=2, 2025-12-31=1, 2026-01-01=2, 2026-01-02=1}");
    assertThat(
            view.countPerDay(
                PRAYERS.eq(Catalog.Prayers.AUTHOR, "nobody"), Catalog.Prayers.CREATED_AT))
        .isEmpty();
    assertThatThrownBy(() -> view.countPerDay(PRAYERS, Catalog.Marks.CREATED_AT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void after_continuesAfterAnyRow_inEveryOrder() throws IOException {
    assertThat(keys(PRAYERS.highestFirst(Catalog.Prayers.CREATED_AT)))
        .containsExactly("a", "d", "b", "c");
    assertThat(keys(PRAYERS.newestFirst())).containsExactly("b", "c", "a", "d");
    for (Query query :
        List.of(
            PRAYERS,
            PRAYERS.highestFirst(Catalog.Prayers.CREATED_AT),
            PRAYERS.newestFirst(),
            PRAYERS.eq(Catalog.Prayers.AUTHOR, "mary").highestFirst(Catalog.Prayers.CREATED_AT),
            PRAYERS.eq(Catalog.Prayers.AUTHOR, "ben").newestFirst())) {
      List<String> all = keys(query);
      for (int i = 0; i < all.size(); i++) {
        assertThat(keys(query.after(all.get(i)))).isEqualTo(all.subList(i + 1, all.size()));
        assertThat(keys(query.after(all.get(i)).limit(1))).hasSize(i + 1 < all.size() ? 1 : 0);
      }
      assertThat(keys(query.after("nobody"))).isEmpty();
    }
  }

  @Test
  void lastOfEach_givesTheRowThatWasWrittenLast_notTheLatestByItsClock() throws IOException {
    assertThat(view.lastOfEach(Catalog.Marks.PRAYER, List.of("c", "d", "a")))
        .extracting(Row::key)
        .containsExactlyInAnyOrder("m2", "m3");
    assertThat(view.lastOfEach(Catalog.Marks.PRAYER, List.of())).isEmpty();
  }

  @Test
  void columnOfAnotherTable_isRefused() {
    assertThatThrownBy(() -> PRAYERS.eq(Catalog.Marks.MEMBER, "mary"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PRAYERS.highestFirst(Catalog.Marks.CREATED_AT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> PRAYERS.notReferencedBy(Query.of(Catalog.MARKS), Catalog.Attributes.PRAYER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * The query plans of SQLite, a line for each table. It has no statistics, so the plan is the same
   * for a community of any size.
   */
  @Test
  void plans_useTheIndexOfTheFirstCondition_orOfTheOrder() throws Exception {
    Query archived = Query.of(Catalog.ATTRIBUTES).eq(Catalog.Attributes.NAME, "archived");
    assertThat(
            plan(
                PRAYERS
                    .notEq(Catalog.Prayers.MODERATION, "hidden")
                    .notReferencedBy(archived, Catalog.Attributes.PRAYER)
                    .highestFirst(Catalog.Prayers.CREATED_AT)
                    .after("d")
                    .limit(11)))
        .containsExactly(
            "SEARCH prayers USING INDEX prayers_by_created_at (created_at<?)",
            "SEARCH prayers USING INDEX prayers_key (id=?)",
            "SEARCH attributes USING INDEX attributes_by_prayer (prayer=?)",
            "USE TEMP B-TREE FOR LAST TERM OF ORDER BY");
    assertThat(
            plan(
                PRAYERS
                    .eq(Catalog.Prayers.AUTHOR, "mary")
                    .highestFirst(Catalog.Prayers.CREATED_AT)
                    .after("d")))
        .first()
        .asString()
        .isEqualTo("SEARCH prayers USING INDEX prayers_by_author (author=?)");
    assertThat(plan(archived.newestFirst().after("1").limit(30)))
        .first()
        .asString()
        .isEqualTo("SEARCH attributes USING INDEX attributes_by_name (name=? AND rowid<?)");
    assertThat(
            plan(
                Query.of(Catalog.ATTRIBUTES)
                    .in(Catalog.Attributes.PRAYER, List.of("a", "b"))
                    .eq(Catalog.Attributes.NAME, "archived")))
        .first()
        .asString()
        .isEqualTo("SEARCH attributes USING INDEX attributes_by_prayer (prayer=?)");
    assertThat(
            plan(
                PRAYERS
                    .notEq(Catalog.Prayers.MODERATION, "hidden")
                    .referencedBy(Query.of(Catalog.MARKS), Catalog.Marks.PRAYER)))
        .anyMatch(
            step ->
                step.matches(
                    "SEARCH marks .*USING COVERING INDEX marks_by_prayer \\(prayer=\\?\\)"))
        .noneMatch(step -> step.startsWith("SCAN marks"));
    assertThat(plan(Query.of(Catalog.AUDIT).newestFirst().limit(100)))
        .containsExactly("SCAN audit");
    assertThat(plan(Query.lastOfEach(Catalog.MARKS, "prayer", 2), List.of("a", "b")))
        .contains(
            "SEARCH marks USING INTEGER PRIMARY KEY (rowid=?)",
            "SEARCH marks USING COVERING INDEX marks_by_prayer (prayer=?)")
        .noneMatch(step -> step.startsWith("SCAN marks"));
  }

  private List<String> plan(Query query) throws SQLException {
    return plan(query.select(), query.values().stream().map(Query.Value::value).toList());
  }

  private List<String> plan(String sql, List<?> values) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (PreparedStatement explain =
        view.connection().prepareStatement("EXPLAIN QUERY PLAN " + sql)) {
      for (int i = 0; i < values.size(); i++) {
        explain.setObject(i + 1, values.get(i));
      }
      try (ResultSet rows = explain.executeQuery()) {
        while (rows.next()) {
          steps.add(rows.getString("detail"));
          steps.removeIf(step -> step.contains("SUBQUERY")); // only that there is one
        }
      }
    }
    return steps;
  }
}
