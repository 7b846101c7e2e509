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

/** A query finds what it describes, in one statement that an index answers. */
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
    said("1", "d", "archived");
    said("2", "c", "answered");
    said("3", "a", "answered");
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
            .set("id", id)
            .set("author", author)
            .set("created_at", at)
            .set("moderation", moderation));
  }

  private void said(String id, String prayer, String name) throws IOException {
    add(Row.in(Catalog.ATTRIBUTES).set("id", id).set("prayer", prayer).set("name", name));
  }

  private void mark(String id, String prayer, Long at) throws IOException {
    add(Row.in(Catalog.MARKS).set("id", id).set("prayer", prayer).set("created_at", at));
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
        .as("what is counted, is given")
        .isGreaterThanOrEqualTo(view.rows(query).size());
    return view.rows(query).stream().map(Row::key).toList();
  }

  @Test
  void conditions_allHold() throws IOException {
    assertThat(keys(PRAYERS)).containsExactly("a", "b", "c", "d");
    assertThat(keys(PRAYERS.eq("author", "mary"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.in("id", List.of("d", "b", "nobody")))).containsExactly("b", "d");
    assertThat(keys(PRAYERS.in("id", List.of()))).isEmpty();
    assertThat(keys(PRAYERS.notEq("moderation", "hidden")))
        .as("a row without a value holds another")
        .containsExactly("b", "c", "d");
    assertThat(keys(PRAYERS.greaterThan("created_at", 5))).containsExactly("a", "b", "d");
    assertThat(keys(PRAYERS.startsWith("author", "ma"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.startsWith("author", "mary"))).containsExactly("a", "d");
    assertThat(keys(PRAYERS.startsWith("author", "mb"))).isEmpty();
    assertThat(keys(PRAYERS.startsWith("author", ""))).hasSize(4);
    assertThat(
            keys(
                PRAYERS
                    .eq("author", "mary")
                    .notEq("moderation", "hidden")
                    .greaterThan("created_at", 6)))
        .containsExactly("d");
    assertThat(view.count(PRAYERS.eq("author", "mary"))).isEqualTo(2);
  }

  @Test
  void isNotNamedBy_leavesOutWhatTheOtherRowsName() throws IOException {
    Query said = Query.of(Catalog.ATTRIBUTES);
    assertThat(keys(PRAYERS.notReferencedBy(said, "prayer"))).containsExactly("b");
    assertThat(
            keys(
                PRAYERS
                    .notReferencedBy(said.eq("name", "archived"), "prayer")
                    .notReferencedBy(said.eq("name", "answered").eq("id", "3"), "prayer")))
        .containsExactly("b", "c");
    assertThat(
            keys(
                PRAYERS
                    .eq("author", "ben")
                    .notReferencedBy(said.eq("name", "answered"), "prayer")
                    .greaterThan("created_at", 6)))
        .containsExactly("b");
  }

  @Test
  void isNamedBy_givesWhatTheOtherRowsName() throws IOException {
    Query said = Query.of(Catalog.ATTRIBUTES);
    assertThat(keys(PRAYERS.referencedBy(said, "prayer"))).containsExactly("a", "c", "d");
    assertThat(
            keys(
                PRAYERS
                    .notEq("moderation", "hidden")
                    .referencedBy(said.eq("name", "answered"), "prayer")))
        .containsExactly("c");
    assertThat(
            keys(
                PRAYERS
                    .referencedBy(said.eq("name", "answered"), "prayer")
                    .notReferencedBy(Query.of(Catalog.MARKS), "prayer")))
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
    Query claras = PRAYERS.eq("author", "clara").notEq("moderation", "hidden");
    assertThat(view.countPerDay(claras, "created_at").toString())
        .isEqualTo("{1969-12-30=1, 1969-12-31=2, 2025-12-31=1, 2026-01-01=2, 2026-01-02=1}");
    assertThat(view.countPerDay(PRAYERS.eq("author", "nobody"), "created_at")).isEmpty();
    assertThatThrownBy(() -> view.countPerDay(PRAYERS, "colour"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void order_goesOnBehindAnyRow_whateverTheOrder() throws IOException {
    assertThat(keys(PRAYERS.highestFirst("created_at"))).containsExactly("a", "d", "b", "c");
    assertThat(keys(PRAYERS.newestFirst())).containsExactly("b", "c", "a", "d");
    for (Query query :
        List.of(
            PRAYERS,
            PRAYERS.highestFirst("created_at"),
            PRAYERS.newestFirst(),
            PRAYERS.eq("author", "mary").highestFirst("created_at"),
            PRAYERS.eq("author", "ben").newestFirst())) {
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
    assertThat(view.lastOfEach(Catalog.MARKS, "prayer", List.of("c", "d", "a")))
        .extracting(Row::key)
        .containsExactlyInAnyOrder("m2", "m3");
    assertThat(view.lastOfEach(Catalog.MARKS, "prayer", List.of())).isEmpty();
  }

  @Test
  void unknownColumn_isRefused() {
    assertThatThrownBy(() -> PRAYERS.eq("colour", "red"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PRAYERS.highestFirst("colour"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PRAYERS.notReferencedBy(Query.of(Catalog.MARKS), "colour"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * What SQLite will do, a line for each table; it has no statistics, so that it does the same in a
   * community of any size.
   */
  @Test
  void plans_useTheIndexOfTheFirstCondition_orOfTheOrder() throws Exception {
    Query archived = Query.of(Catalog.ATTRIBUTES).eq("name", "archived");
    assertThat(
            plan(
                PRAYERS
                    .notEq("moderation", "hidden")
                    .notReferencedBy(archived, "prayer")
                    .highestFirst("created_at")
                    .after("d")
                    .limit(11)))
        .containsExactly(
            "SEARCH prayers USING INDEX prayers_by_created_at (created_at<?)",
            "SEARCH prayers USING INDEX prayers_key (id=?)",
            "SEARCH attributes USING INDEX attributes_by_prayer (prayer=?)",
            "USE TEMP B-TREE FOR LAST TERM OF ORDER BY");
    assertThat(plan(PRAYERS.eq("author", "mary").highestFirst("created_at").after("d")))
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
                    .in("prayer", List.of("a", "b"))
                    .eq("name", "archived")))
        .first()
        .asString()
        .isEqualTo("SEARCH attributes USING INDEX attributes_by_prayer (prayer=?)");
    assertThat(
            plan(
                PRAYERS
                    .notEq("moderation", "hidden")
                    .referencedBy(Query.of(Catalog.MARKS), "prayer")))
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
