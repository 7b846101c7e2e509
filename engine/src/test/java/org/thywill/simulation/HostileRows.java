package org.thywill.simulation;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/** Makes rows whose values break careless codecs: hostile texts, the ends of ranges, and nulls. */
public final class HostileRows {
  private static final List<Long> INTEGERS =
      List.of(
          0L,
          1L,
          -1L,
          10L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          (long) Integer.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          1L << 53,
          (1L << 53) + 1);
  private static final List<Double> REALS =
      List.of(
          0.0,
          -0.0,
          1.0,
          -1.0,
          0.1,
          1e100,
          Double.MIN_VALUE,
          -Double.MIN_VALUE,
          Double.MIN_NORMAL,
          Double.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Math.nextDown(Double.MIN_NORMAL));
  private static final List<Long> TIMES =
      List.of(
          0L,
          -1L,
          1L,
          999_999L,
          1_000_000L,
          Timestamps.EARLIEST,
          Timestamps.LATEST,
          253_402_300_799_999_999L);

  private final RandomGenerator random;
  private final HostileText texts;

  /** Makes the same rows for the same seed of a generator. */
  public HostileRows(RandomGenerator random) {
    this.random = random;
    this.texts = new HostileText(random);
  }

  /** A row of any table. */
  public Row next() {
    return next(Catalog.TABLES.get(random.nextInt(Catalog.TABLES.size())));
  }

  /** A row of a table with any key. */
  public Row next(Table table) {
    return next(table, table == Catalog.SETTINGS ? "S" + random.nextInt(1_000) : texts.next());
  }

  /** A row of a table with a given key. */
  public Row next(Table table, String key) {
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (Column<?> column : table.columns()) {
      values[column.position()] = random.nextInt(5) == 0 ? null : value(column.type());
    }
    values[table.keyPosition()] = key;
    return Row.of(table, values);
  }

  /** A value of a type; never null. */
  public Object value(ColumnType type) {
    return switch (type) {
      case TEXT -> texts.next();
      case INTEGER -> random.nextBoolean() ? pick(INTEGERS) : Long.valueOf(random.nextLong());
      case REAL -> random.nextBoolean() ? pick(REALS) : anyReal();
      case BOOLEAN -> random.nextBoolean();
      case TIME ->
          random.nextBoolean()
              ? pick(TIMES)
              : Long.valueOf(random.nextLong(Timestamps.EARLIEST, Timestamps.LATEST + 1));
    };
  }

  /** Any double except NaN, which SQLite does not store. */
  private Double anyReal() {
    double real = Double.longBitsToDouble(random.nextLong());
    return Double.isNaN(real) ? 0.5 : real;
  }

  /** A change of a row with hostile texts and any seq. */
  public Change change(Row row) {
    long first = 1 + (random.nextLong() >>> 1) % (Long.MAX_VALUE - 1_000);
    long seq = first + random.nextInt(10);
    long last = seq + random.nextInt(10);
    long durable = random.nextBoolean() ? first - 1 : random.nextLong(first);
    Change.Cause cause = new Change.Cause(texts.next(), textOrNone(), textOrNone(), textOrNone());
    Operation operation = pick(List.of(Operation.values()));
    return new Change(
        operation,
        row,
        seq,
        new Change.TransactionInfo(first, last, durable, (Long) value(ColumnType.TIME), cause));
  }

  private String textOrNone() {
    return random.nextBoolean() ? "" : texts.next();
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
