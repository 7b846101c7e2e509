package org.thywill.view.btree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes numbers of the file format: big-endian ones, and varints of one to nine bytes.
 */
final class NumberEncoding {
  static final int VARINT_BYTES_MAX = 9;

  /** In each byte of a varint but the last. */
  private static final int MORE_FLAG = 0x80;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private NumberEncoding() {}

  static void putLong(byte[] out, int at, long value) {
    LONGS.set(out, at, value);
  }

  static long getLong(byte[] in, int at) {
    return (long) LONGS.get(in, at);
  }

  static void putInt(byte[] out, int at, int value) {
    INTS.set(out, at, value);
  }

  static int getInt(byte[] in, int at) {
    return (int) INTS.get(in, at);
  }

  static void putShort(byte[] out, int at, int value) {
    SHORTS.set(out, at, (short) value);
  }

  static int getShort(byte[] in, int at) {
    return Short.toUnsignedInt((short) SHORTS.get(in, at));
  }

  /**
   * Writes the lowest bytes of a number.
   *
   * @return the offset after them
   */
  static int putNumber(byte[] out, int at, long value, int bytes) {
    for (int i = 0, shift = 8 * (bytes - 1); i < bytes; i++, shift -= 8) {
      out[at + i] = (byte) (value >>> shift);
    }
    return at + bytes;
  }

  /** How many bytes a varint takes. */
  static int varintBytes(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return Math.min(VARINT_BYTES_MAX, (bits + 6) / 7);
  }

  /**
   * Reads a varint. Its length is {@link #varintBytes} of its value: none is longer than it must
   * be.
   */
  static long getVarint(byte[] in, int at) {
    long value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX - 1; i++) {
      byte b = in[at + i];
      value = value << 7 | b & 0x7f;
      if (b >= 0) {
        return value;
      }
    }
    return value << Byte.SIZE | in[at + VARINT_BYTES_MAX - 1] & 0xff;
  }

  /**
   * Writes a varint.
   *
   * @return the offset after it
   */
  static int putVarint(byte[] out, int at, long value) {
    int bytes = varintBytes(value);
    long rest = value;
    int last = at + bytes - 1;
    if (bytes == VARINT_BYTES_MAX) { // the ninth byte has eight bits of the number, and no flag
      out[last--] = (byte) rest;
      rest >>>= Byte.SIZE;
    }
    int more = bytes == VARINT_BYTES_MAX ? MORE_FLAG : 0;
    for (int i = last; i >= at; i--) {
      out[i] = (byte) (rest & 0x7f | more);
      rest >>>= 7;
      more = MORE_FLAG;
    }
    return at + bytes;
  }
}
