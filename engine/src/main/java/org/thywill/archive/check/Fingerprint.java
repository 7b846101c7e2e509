package org.thywill.archive.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.thywill.archive.format.Line;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;

/**
 * Computes 64-bit hashes, never 0, by which a check compares lines and keys without keeping them.
 *
 * <p>They detect accidents, not attacks: among ten million different texts two have the same one
 * with a probability of one in 300,000. They are never written.
 */
final class Fingerprint {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long A = 0x9E3779B97F4A7C15L;
  private static final long B = 0xD1B54A32D192ED03L;
  private static final Map<Table, Long> SEEDS =
      Catalog.TABLES.stream().collect(Collectors.toMap(table -> table, table -> of(table.name())));

  private Fingerprint() {}

  /** The fingerprint of a log line without its line feed; the journal line has the same one. */
  static long ofLine(Table table, byte[] bytes, int from, int to) {
    return of(bytes, from, to, Objects.requireNonNull(SEEDS.get(table)));
  }

  static long ofLine(Line line) {
    return ofLine(line.change().table(), line.bytes(), line.logStart(), line.bytes().length - 1);
  }

  /** The fingerprint of what all changes of a transaction have in common. */
  static long of(Change.TransactionInfo stamp) {
    long hash =
        mix(
            mix(mix(mix(stamp.first(), A) ^ stamp.last(), A) ^ stamp.durableSeq(), A)
                ^ stamp.atMicros(),
            A);
    Change.Cause cause = stamp.cause();
    hash = mix(hash ^ cause.actor().hashCode(), B);
    hash = mix(hash ^ cause.reason().hashCode(), B);
    hash = mix(hash ^ cause.source().hashCode(), B);
    return notZero(mix(hash ^ cause.idempotencyKey().hashCode(), B));
  }

  /** The fingerprint of a text, such as a key; the same as of its bytes in UTF-8. */
  static long of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static long of(byte[] utf8) {
    return of(utf8, 0, utf8.length, A);
  }

  /** The fingerprint of a row's key. */
  static long ofKey(Row row) {
    return of(Objects.requireNonNull(row.utf8(row.table().keyPosition())));
  }

  private static long of(byte[] bytes, int from, int to, long seed) {
    long hash = seed + (to - from) * B;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      hash = mix(hash ^ (long) WORD.get(bytes, i), A);
    }
    if (i < to) {
      long rest = 0;
      for (int shift = 0; i < to; i++, shift += Byte.SIZE) {
        rest |= (bytes[i] & 0xffL) << shift;
      }
      hash = mix(hash ^ rest, B);
    }
    return notZero(mix(hash, A));
  }

  private static long mix(long a, long b) {
    return Math.unsignedMultiplyHigh(a, b) ^ (a * b) + B;
  }

  private static long notZero(long hash) {
    return hash == 0 ? 1 : hash;
  }
}
