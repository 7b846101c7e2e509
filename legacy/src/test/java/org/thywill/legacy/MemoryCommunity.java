package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.legacy.importer.RowSink;
import org.thywill.legacy.source.CommunityRows;

/** A community in memory; it checks the order and the causes of what an import adds. */
public final class MemoryCommunity implements RowSink, CommunityRows {
  final Set<String> sources = new LinkedHashSet<>();
  final Set<String> reasons = new LinkedHashSet<>();

  /** Table, source and reason of each call. */
  final List<String> causes = new ArrayList<>();

  /** All rows in the order in which they were added. */
  final List<Row> addedRows = new ArrayList<>();

  private final Map<Table, SortedMap<String, Row>> tables = new HashMap<>();
  private long lastAtMicros = Long.MIN_VALUE;

  @Override
  public void add(List<Row> rows, long atMicros, Change.Cause cause) {
    assertThat(atMicros).as("times never decrease").isGreaterThanOrEqualTo(lastAtMicros);
    assertThat(cause.actor()).isEqualTo("system");
    assertThat(cause.reason()).startsWith("import");
    lastAtMicros = atMicros;
    sources.add(cause.source());
    reasons.add(cause.reason());
    causes.add(rows.getFirst().table().name() + " " + cause.source() + " " + cause.reason());
    for (Row row : rows) {
      assertThat(rows(row.table()).putIfAbsent(row.key(), row))
          .as("%s is added once", row)
          .isNull();
      addedRows.add(row);
    }
  }

  /** Sets a row, as a change after the import does. */
  public void put(Row row) {
    rows(row.table()).put(row.key(), row);
  }

  /** Allows the next import to begin with older times. */
  MemoryCommunity startNextImport() {
    lastAtMicros = Long.MIN_VALUE;
    return this;
  }

  /** The rows of a table by key. */
  public SortedMap<String, Row> rows(Table table) {
    return tables.computeIfAbsent(table, _ -> new TreeMap<>());
  }

  long size() {
    return tables.values().stream().mapToLong(Map::size).sum();
  }

  @Override
  public Optional<Row> find(Table table, String key) {
    return Optional.ofNullable(rows(table).get(key));
  }

  @Override
  public void forEach(Table table, Consumer<Row> each) {
    List.copyOf(rows(table).values()).forEach(each);
  }

  @Override
  public <T> List<Row> findBy(Column<T> column, T value) {
    Table table = Catalog.find(column.table()).orElseThrow();
    return rows(table).values().stream().filter(row -> row.has(column, value)).toList();
  }

  /** Every text in every row; checks that each can be encoded as UTF-8. */
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Row row : addedRows) {
      for (Column<?> column : row.table().columns()) {
        if (row.value(column.name()) instanceof String text) {
          assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
              .isEqualTo(text);
          texts.add(text);
        }
      }
    }
    return texts;
  }

  /** The row of a table that has exactly one. */
  Row only(Table table) {
    assertThat(rows(table)).hasSize(1);
    return rows(table).values().iterator().next();
  }
}
