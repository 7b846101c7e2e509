package org.thywill.catalog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a table: the number of its rows, and the sum of their SHA-256 modulo 2^256.
 *
 * <p>The sum does not depend on the order of the rows, and a row can be added or removed when it
 * changes (FORMAT.md, Digest). Not safe for several threads.
 */
public final class TableDigest {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** A sum of 256 bits is held in four longs, the highest one first. */
  private static final int LANES = 4;

  private static final int HEX_DIGITS = LANES * Long.BYTES * 2;
  private static final int BUFFER_BYTES_FIRST = 512;

  private final MessageDigest sha256 = Sha256.newDigest();
  private final long[] sum = new long[LANES];
  private byte[] buffer = new byte[BUFFER_BYTES_FIRST];
  private int used;
  private long rows;

  /** The digest of an empty table. */
  public TableDigest() {}

  /**
   * Continues from a digest.
   *
   * @param hex as {@link #hex()} returns it
   * @throws IllegalArgumentException if it does not have 64 hexadecimal digits
   */
  public TableDigest(long rows, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    if (bytes.length != LANES * Long.BYTES) {
      throw new IllegalArgumentException("a digest has 64 hexadecimal digits");
    }
    this.rows = rows;
    for (int lane = 0; lane < LANES; lane++) {
      sum[lane] = laneOf(bytes, lane);
    }
  }

  /** Adds a row. */
  public void add(Row row) {
    addTerm(term(row));
  }

  /** The SHA-256 of a row as a term of the sum, for a caller that keeps it to remove it later. */
  public long[] term(Row row) {
    byte[] hash = hash(row);
    long[] term = new long[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      term[lane] = laneOf(hash, lane);
    }
    return term;
  }

  /** Adds the row of a term. */
  public void addTerm(long[] term) {
    add(term);
    rows++;
  }

  /** Adds all rows of another digest of the same table. */
  public void add(TableDigest other) {
    add(other.sum);
    rows += other.rows;
  }

  private void add(long[] terms) {
    long carry = 0;
    for (int lane = LANES - 1; lane >= 0; lane--) {
      long before = sum[lane];
      long after = before + terms[lane];
      long overflow = Long.compareUnsigned(after, before) < 0 ? 1 : 0;
      sum[lane] = after + carry;
      carry = overflow + (carry == 1 && sum[lane] == 0 ? 1 : 0);
    }
  }

  /** Removes a row that was added. */
  public void remove(Row row) {
    removeTerm(term(row));
  }

  /** Removes the row of a term that was added. */
  public void removeTerm(long[] term) {
    long borrow = 0;
    for (int lane = LANES - 1; lane >= 0; lane--) {
      long before = sum[lane];
      long after = before - term[lane];
      long underflow = Long.compareUnsigned(before, term[lane]) < 0 ? 1 : 0;
      sum[lane] = after - borrow;
      borrow = underflow + (borrow == 1 && after == 0 ? 1 : 0);
    }
    rows--;
  }

  /** The number of rows. */
  public long rows() {
    return rows;
  }

  /** The sum as 64 lower-case hexadecimal digits. */
  public String hex() {
    StringBuilder hex = new StringBuilder(HEX_DIGITS);
    for (long lane : sum) {
      hex.append(HexFormat.of().toHexDigits(lane));
    }
    return hex.toString();
  }

  private byte[] hash(Row row) {
    used = 0;
    Table table = row.table();
    text(table.name().getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < table.columns().size(); i++) {
      ColumnType type = table.columns().get(i).type();
      value(type, type == ColumnType.TEXT ? row.utf8(i) : row.value(i));
    }
    sha256.update(buffer, 0, used);
    return sha256.digest();
  }

  /**
   * Writes a tag for the kind of value, then the value. The length comes before a text, so that
   * different rows never give the same bytes.
   */
  private void value(ColumnType type, @Nullable Object value) {
    if (value == null) {
      put((byte) '-');
      return;
    }
    switch (type) {
      case TEXT -> {
        put((byte) 't');
        text((byte[]) value);
      }
      case INTEGER -> {
        put((byte) 'i');
        number((Long) value);
      }
      case REAL -> {
        put((byte) 'r');
        number(Double.doubleToLongBits((Double) value));
      }
      case BOOLEAN -> put((byte) ((Boolean) value ? 'y' : 'n'));
      case TIME -> {
        put((byte) 'm');
        number((Long) value);
      }
    }
  }

  private void text(byte[] bytes) {
    number(bytes.length);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, used, bytes.length);
    used += bytes.length;
  }

  private void number(long number) {
    reserve(Long.BYTES);
    LONGS.set(buffer, used, number);
    used += Long.BYTES;
  }

  private void put(byte b) {
    reserve(1);
    buffer[used++] = b;
  }

  private void reserve(int more) {
    if (used + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, used + more));
    }
  }

  private static long laneOf(byte[] bytes, int lane) {
    return (long) LONGS.get(bytes, lane * Long.BYTES);
  }
}
