package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The digest of a community depends on every row and every value. A digest that left some out would
 * still agree with itself.
 */
class DigestTest {
  static List<Table> tables() {
    return Catalog.TABLES;
  }

  private static Row row(Table table) {
    return Row.in(table).set(table.keyColumn(), "key").build();
  }

  private static Digest of(Row row) {
    Digest.Running running = new Digest.Running();
    running.add(row);
    return running.digest();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void rowOfAnyTable_changesTheDigestOfTheCommunity(Table table) {
    Digest digest = of(row(table));
    assertThat(digest.hex().equals(Digest.empty().hex()))
        .as("%s is left out", table)
        .isEqualTo(!table.inDigest());
    assertThat(digest.tables().get(table.name()))
        .isNotEqualTo(Digest.empty().tables().get(table.name()));
    assertThat(digest.rows()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("tables")
  void anyValueOfARow_changesTheDigestOfItsTable(Table table) {
    Map<String, String> seen = new HashMap<>();
    seen.put(entry(row(table)).hex(), "nothing but the key");
    for (Column<?> column : table.columns()) {
      for (Object value : values(column)) {
        String before =
            seen.put(entry(row(table).with(Map.of(column.name(), value))).hex(), column.name());
        assertThat(before).as("%s in %s.%s", value, table, column.name()).isNull();
      }
    }
  }

  private static Digest.Entry entry(Row row) {
    return Objects.requireNonNull(of(row).tables().get(row.table().name()));
  }

  /** Two values that are nearly equal, and nearly empty. */
  private static Object[] values(Column<?> column) {
    return switch (column.type()) {
      case TEXT -> new Object[] {"", "\0"};
      case INTEGER, TIME -> new Object[] {0L, 1L};
      case REAL -> new Object[] {0.0, -0.0};
      case BOOLEAN -> new Object[] {false, true};
    };
  }
}
