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
 * Encodes the rows of one table as records, one after the other.
 *
 * <p>A record is a serial type for each column, then the values (the file format's "Record
 * Format"). The columns are those of the catalog, then the seq, and in some tables the time when
 * the row was first written.
 */
final class RowRecord {
  static final int NULL = 0;
  private static final int SIX_BYTES = 5;
  private static final int EIGHT_BYTES = 6;
  static final int REAL = 7;
  static final int ZERO = 8;
  static final int ONE = 9;
  static final int TEXT = 13;
  private static final int BYTES_FIRST = 1 << 10;

  private final List<Column<?>> columns;
  private final boolean hasAddedAt;
  private final long[] types;
  private final long[] numbers;
  private final byte[][] texts;
  private final byte[] typeBytes;
  private byte[] bytes = new byte[BYTES_FIRST];
  private int used;

  RowRecord(Table table, boolean hasAddedAt) {
    this.columns = table.columns();
    this.hasAddedAt = hasAddedAt;
    int count = columns.size() + (hasAddedAt ? 2 : 1);
    this.types = new long[count];
    this.numbers = new long[count];
    this.texts = new byte[count][];
    Arrays.fill(texts, new byte[0]);
    this.typeBytes = new byte[count * NumberEncoding.VARINT_BYTES_MAX];
  }

  /** Encodes the row of a change; {@link #bytes} and {@link #length} then return the record. */
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

  /** Adds a column of the row that was encoded last to the sorter of its index. */
  void index(int column, SortKey key, ExternalSorter sorter) throws IOException {
    if (types[column] == NULL) {
      key.setNull();
    } else if (types[column] >= TEXT) {
      key.setText(texts[column]);
    } else if (types[column] != REAL) {
      key.setNumber(numbers[column]);
    } else {
      throw new IllegalStateException("an index on a real number is not supported");
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

  /** SQLite stores NaN as null. */
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
   * The serial type of a whole number: 0 and 1 have types of their own, other types differ in
   * length.
   */
  static int typeOf(long value) {
    if (value == 0 || value == 1) {
      return value == 0 ? ZERO : ONE;
    }
    int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
    if (bits <= 4 * Byte.SIZE) {
      return (bits + Byte.SIZE - 1) / Byte.SIZE;
    }
    return bits <= 6 * Byte.SIZE ? SIX_BYTES : EIGHT_BYTES;
  }

  /** How many bytes a number of a serial type takes. */
  static int bytesOf(long type) {
    return switch ((int) type) {
      case 1, 2, 3, 4 -> (int) type;
      case SIX_BYTES -> 6;
      case EIGHT_BYTES, REAL -> Long.BYTES;
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
      typesEnd = NumberEncoding.putVarint(typeBytes, typesEnd, type);
    }
    int head = headerBytes(typesEnd);
    if (bytes.length < head + valueBytes) {
      bytes = new byte[Math.max(head + valueBytes, 2 * bytes.length)];
    }
    int at = NumberEncoding.putVarint(bytes, 0, head);
    System.arraycopy(typeBytes, 0, bytes, at, typesEnd);
    at += typesEnd;
    for (int i = 0; i < types.length; i++) {
      if (types[i] >= TEXT) {
        System.arraycopy(texts[i], 0, bytes, at, texts[i].length);
        at += texts[i].length;
      } else {
        at = NumberEncoding.putNumber(bytes, at, numbers[i], bytesOf(types[i]));
      }
    }
    used = at;
  }

  /** The size of a header, which includes the bytes of the size itself. */
  static int headerBytes(int typeBytes) {
    int size = NumberEncoding.varintBytes(typeBytes + 1L);
    return typeBytes + NumberEncoding.varintBytes(typeBytes + (long) size);
  }
}
