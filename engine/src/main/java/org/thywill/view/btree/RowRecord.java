package org.thywill.view.btree;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Rows of one table as records, one after the other (the format's "Record Format"): a serial type
 * for each column, then the values. The columns are those of {@code Ddl}: the catalog's, the seq,
 * and for some tables when the row was first written down.
 */
final class RowRecord {
  static final int NULL = 0;
  static final int REAL = 7;
  static final int ZERO = 8;
  static final int ONE = 9;
  static final int TEXT = 13;

  private final List<Column<?>> columns;
  private final boolean hasAddedAt;
  private final long[] types;
  private final long[] numbers;
  private final byte[][] texts;
  private final byte[] typeBytes;
  private byte[] bytes = new byte[1 << 10];
  private int used;

  RowRecord(Table table, boolean hasAddedAt) {
    this.columns = table.columns();
    this.hasAddedAt = hasAddedAt;
    int count = columns.size() + (hasAddedAt ? 2 : 1);
    this.types = new long[count];
    this.numbers = new long[count];
    this.texts = new byte[count][];
    Arrays.fill(texts, new byte[0]);
    this.typeBytes = new byte[count * Bytes.VARINT_BYTES_MAX];
  }

  /** The record of a row that a change added; then {@link #bytes} and {@link #length} give it. */
  void encode(Change change) {
    Row row = change.row();
    int size = 0;
    for (int i = 0; i < columns.size(); i++) {
      size += value(i, columns.get(i), row);
    }
    size += number(columns.size(), change.seq());
    if (hasAddedAt) {
      size += number(columns.size() + 1, change.at());
    }
    write(size);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return used;
  }

  /** Gives a column of the row last encoded to the sorter of its index. */
  void index(int column, SortKey key, EntrySorter sorter) throws IOException {
    if (types[column] == NULL) {
      key.setNull();
    } else if (types[column] >= TEXT) {
      key.setText(texts[column]);
    } else if (types[column] != REAL) {
      key.setNumber(numbers[column]);
    } else {
      throw new IllegalStateException("an index on a real has no order here");
    }
    sorter.add(key.bytes(), key.length());
  }

  private int value(int i, Column<?> column, Row row) {
    if (column.type() == ColumnType.TEXT) {
      return text(i, row.utf8(i));
    }
    Object value = row.value(i);
    if (value == null) {
      types[i] = NULL;
      return 0;
    }
    return switch (column.type()) {
      case TEXT -> throw new IllegalStateException("read above");
      case INTEGER, TIME -> number(i, (Long) value);
      case BOOLEAN -> number(i, (Boolean) value ? 1 : 0);
      case REAL -> real(i, (Double) value);
    };
  }

  private int text(int i, byte @Nullable [] utf8) {
    if (utf8 == null) {
      types[i] = NULL;
      return 0;
    }
    texts[i] = utf8;
    types[i] = typeOfText(utf8.length);
    return utf8.length;
  }

  /** SQLite keeps no NaN: it takes it for nothing. */
  private int real(int i, double value) {
    types[i] = Double.isNaN(value) ? NULL : REAL;
    numbers[i] = Double.doubleToLongBits(value);
    return Double.isNaN(value) ? 0 : Double.BYTES;
  }

  private int number(int i, long value) {
    numbers[i] = value;
    types[i] = typeOf(value);
    return bytesOf(types[i]);
  }

  /**
   * The serial type of a whole number: 0 and 1 have types of their own, others as many bytes as
   * they need.
   */
  static int typeOf(long value) {
    if (value == 0 || value == 1) {
      return value == 0 ? ZERO : ONE;
    }
    int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
    if (bits <= 32) {
      return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 24 ? 3 : 4;
    }
    return bits <= 48 ? 5 : 6;
  }

  static int bytesOf(long type) {
    return switch ((int) type) {
      case 1, 2, 3, 4 -> (int) type;
      case 5 -> 6;
      case 6, REAL -> Long.BYTES;
      default -> 0;
    };
  }

  /** The serial type of a text of so many bytes in UTF-8. */
  static long typeOfText(int bytes) {
    return TEXT + 2L * bytes;
  }

  private void write(int valueBytes) {
    int typesEnd = 0;
    for (long type : types) {
      typesEnd = Bytes.putVarint(typeBytes, typesEnd, type);
    }
    int head = headerBytes(typesEnd);
    if (bytes.length < head + valueBytes) {
      bytes = new byte[Math.max(head + valueBytes, 2 * bytes.length)];
    }
    int at = Bytes.putVarint(bytes, 0, head);
    System.arraycopy(typeBytes, 0, bytes, at, typesEnd);
    at += typesEnd;
    for (int i = 0; i < types.length; i++) {
      if (types[i] >= TEXT) {
        System.arraycopy(texts[i], 0, bytes, at, texts[i].length);
        at += texts[i].length;
      } else {
        at = Bytes.putNumber(bytes, at, numbers[i], bytesOf(types[i]));
      }
    }
    used = at;
  }

  /** The header's size counts the bytes in which it is itself written. */
  static int headerBytes(int typeBytes) {
    int size = Bytes.varintBytes(typeBytes + 1L);
    return typeBytes + Bytes.varintBytes(typeBytes + (long) size);
  }
}
