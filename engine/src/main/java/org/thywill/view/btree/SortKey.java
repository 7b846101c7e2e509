package org.thywill.view.btree;

/**
 * The value of an indexed column, as bytes that sort as SQLite sorts the values.
 *
 * <p>Null comes first, then numbers, then texts. The first byte is the kind; a number follows in
 * eight bytes with its sign bit inverted, a text in UTF-8.
 */
final class SortKey {
  private static final byte NULL = 0;
  private static final byte NUMBER = 1;
  private static final byte TEXT = 2;
  private static final int KIND_BYTES = 1;

  private static final int BYTES_FIRST = 64;

  private byte[] bytes = new byte[BYTES_FIRST];
  private int length;

  void setNull() {
    bytes[0] = NULL;
    length = KIND_BYTES;
  }

  void setNumber(long number) {
    bytes[0] = NUMBER;
    NumberEncoding.putLong(bytes, KIND_BYTES, number ^ Long.MIN_VALUE);
    length = KIND_BYTES + Long.BYTES;
  }

  void setText(byte[] text) {
    length = KIND_BYTES + text.length;
    if (bytes.length < length) {
      bytes = new byte[2 * length];
    }
    bytes[0] = TEXT;
    System.arraycopy(text, 0, bytes, KIND_BYTES, text.length);
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** The greatest length of the record of a key of so many bytes. */
  static int recordBytesMax(int keyBytes) {
    return keyBytes + 3 * NumberEncoding.VARINT_BYTES_MAX + Long.BYTES;
  }

  /**
   * Writes the record of an index entry: the value and the number of its row.
   *
   * @return the length of the record
   */
  static int record(byte[] keys, int from, int to, long row, byte[] out) {
    long number =
        keys[from] == NUMBER ? NumberEncoding.getLong(keys, from + KIND_BYTES) ^ Long.MIN_VALUE : 0;
    int textBytes = to - from - KIND_BYTES;
    long type =
        switch (keys[from]) {
          case NULL -> RowRecord.NULL;
          case NUMBER -> RowRecord.typeOf(number);
          case TEXT -> RowRecord.typeOfText(textBytes);
          default -> throw new IllegalStateException("no kind of value");
        };
    int rowType = RowRecord.typeOf(row);
    int at =
        NumberEncoding.putVarint(
            out, 0, RowRecord.headerBytes(NumberEncoding.varintBytes(type) + 1));
    at = NumberEncoding.putVarint(out, at, type);
    at = NumberEncoding.putVarint(out, at, rowType);
    if (keys[from] == TEXT) {
      System.arraycopy(keys, from + KIND_BYTES, out, at, textBytes);
      at += textBytes;
    } else {
      at = NumberEncoding.putNumber(out, at, number, RowRecord.bytesOf(type));
    }
    return NumberEncoding.putNumber(out, at, row, RowRecord.bytesOf(rowType));
  }
}
