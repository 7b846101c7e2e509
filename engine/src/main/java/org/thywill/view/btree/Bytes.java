package org.thywill.view.btree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers as the file format spells them: highest byte first, or as a varint of one to nine bytes.
 */
final class Bytes {
  static final int VARINT_BYTES_MAX = 9;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Bytes() {}

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

  /** Writes the lowest bytes of a number, and gives the place behind them. */
  static int putNumber(byte[] out, int at, long value, int bytes) {
    for (int i = 0, shift = 8 * (bytes - 1); i < bytes; i++, shift -= 8) {
      out[at + i] = (byte) (value >>> shift);
    }
    return at + bytes;
  }

  static int varintBytes(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return Math.min(VARINT_BYTES_MAX, (bits + 6) / 7);
  }

  /**
   * Reads a varint; how long it is, {@link #varintBytes} tells, since nobody spells one longer than
   * it need be.
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

  /** Writes a varint, and gives the place behind it. */
  static int putVarint(byte[] out, int at, long value) {
    int bytes = varintBytes(value);
    long rest = value;
    int last = at + bytes - 1;
    if (bytes == VARINT_BYTES_MAX) { // the ninth byte has eight bits of the number, and no mark
      out[last--] = (byte) rest;
      rest >>>= 8;
    }
    int mark = bytes == VARINT_BYTES_MAX ? 0x80 : 0;
    for (int i = last; i >= at; i--) {
      out[i] = (byte) (rest & 0x7f | mark);
      rest >>>= 7;
      mark = 0x80;
    }
    return at + bytes;
  }
}
