package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Reads the rows of a table from records, as {@link RowRecord} and SQLite write them. Bookkeeping
 * columns, which follow those of the catalog, are skipped.
 */
final class RecordReader {
  private final Table table;
  private final List<Column<?>> columns;

  RecordReader(Table table) {
    this.table = table;
    this.columns = table.columns();
  }

  /**
   * The row in a record.
   *
   * @throws IOException if a value is not of its column's type
   * @throws IndexOutOfBoundsException if the record ends before its values do
   */
  Row row(byte[] record, int from, int to) throws IOException {
    int headerBytes = (int) NumberEncoding.getVarint(record, from);
    int type = from + NumberEncoding.varintBytes(headerBytes);
    int at = from + headerBytes;
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      long serial = NumberEncoding.getVarint(record, type);
      type += NumberEncoding.varintBytes(serial);
      int bytes =
          serial >= RowRecord.TEXT
              ? Math.toIntExact((serial - RowRecord.TEXT) / 2)
              : RowRecord.bytesOf(serial);
      values[i] = value(columns.get(i), serial, record, at, at + bytes);
      at += bytes;
    }
    if (at > to) {
      throw new IndexOutOfBoundsException("the record ends before its values do");
    }
    return Row.ofUtf8(table, values);
  }

  private @Nullable Object value(Column<?> column, long serial, byte[] record, int from, int to)
      throws IOException {
    if (serial == RowRecord.NULL) {
      return null;
    }
    boolean isText = serial >= RowRecord.TEXT && serial % 2 == 1;
    boolean isNumber = serial <= RowRecord.ONE && serial != RowRecord.REAL;
    return switch (column.type()) {
      case TEXT -> {
        require(isText, column);
        yield Arrays.copyOfRange(record, from, to);
      }
      case INTEGER, TIME -> {
        require(isNumber, column);
        yield number(serial, record, from, to);
      }
      case BOOLEAN -> {
        require(isNumber, column);
        yield number(serial, record, from, to) != 0;
      }
      case REAL -> {
        require(serial == RowRecord.REAL, column);
        yield Double.longBitsToDouble(NumberEncoding.getLong(record, from));
      }
    };
  }

  private static Long number(long serial, byte[] record, int from, int to) {
    if (serial >= RowRecord.ZERO) {
      return serial - RowRecord.ZERO;
    }
    long number = record[from];
    for (int i = from + 1; i < to; i++) {
      number = number << Byte.SIZE | record[i] & 0xff;
    }
    return number;
  }

  private void require(boolean fits, Column<?> column) throws IOException {
    if (!fits) {
      throw new IOException(
          table + "." + column.name() + " holds a value that is no " + column.type());
    }
  }
}
