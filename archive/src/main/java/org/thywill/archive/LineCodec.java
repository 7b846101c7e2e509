package org.thywill.archive;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * A change as one line, and back (FORMAT.md, Lines).
 *
 * <pre>
 *   journal   auth_requests|2024-01-15T10:30:00.000000Z|…columns…|added|7|7-9|6|mary|why|source|client_request|1a2b3c4d
 *   log                     2024-01-15T10:30:00.000000Z|…columns…|added|7|7-9|6|mary|why|source|client_request|1a2b3c4d
 * </pre>
 *
 * <p>A log line is the journal line without the name of its table. The check is the CRC-32 of the journal line up to and including the last
 * pipe, so a line that has strayed into another table's log is found.
 */
public final class LineCodec {
  /** The fields before the columns of a row. */
  static final List<String> BEFORE = List.of("at");

  /** The fields after the columns of a row. */
  static final List<String> AFTER =
      List.of("operation", "seq", "transaction", "durable", "actor", "why", "source", "client_request", "check");

  private static final int CHECK_LENGTH = 8;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final Map<Table, byte[]> PREFIXES =
      Catalog.TABLES.stream().collect(Collectors.toMap(table -> table, table -> (table.name() + "|").getBytes(StandardCharsets.ISO_8859_1)));

  private final CRC32 crc = new CRC32();
  private int[] pipes = new int[64];

  /** The columns of a table's log, separated by pipes, as its header shows them. */
  static String columns(Table table) {
    return String.join("|", BEFORE) + "|" + table.columns().stream().map(Column::name).collect(Collectors.joining("|")) + "|"
        + String.join("|", AFTER);
  }

  /** How many bytes of a journal line precede the log line in it. */
  static int prefixLength(Table table) {
    return prefix(table).length;
  }

  /** Writes the journal line of a change, with its newline. */
  void encode(Change change, LineBuffer out) {
    int start = out.length();
    Table table = change.table();
    byte[] prefix = prefix(table);
    out.put(prefix, 0, prefix.length);
    int at = out.skip(Timestamps.LENGTH);
    Timestamps.write(change.at(), out.array(), at);
    for (int i = 0; i < table.columns().size(); i++) {
      out.put((byte) '|');
      encode(table.columns().get(i).type(), change.row().value(i), out);
    }
    Change.Stamp stamp = change.stamp();
    Change.Cause cause = stamp.cause();
    out.put((byte) '|').ascii(change.operation().word());
    out.put((byte) '|').ascii(Long.toString(change.seq()));
    out.put((byte) '|').ascii(Long.toString(stamp.first())).put((byte) '-').ascii(Long.toString(stamp.last()));
    out.put((byte) '|').ascii(Long.toString(stamp.durable()));
    for (String text : List.of(cause.actor(), cause.reason(), cause.source(), cause.request())) {
      out.put((byte) '|').utf8(Escape.escape(text));
    }
    out.put((byte) '|');
    crc.reset();
    crc.update(out.array(), start, out.length() - start);
    hex(crc.getValue(), out);
    out.put((byte) '\n');
  }

  private static void encode(ColumnType type, @Nullable Object value, LineBuffer out) {
    if (value == null) {
      out.ascii(Escape.NULL);
      return;
    }
    switch (type) {
      case TEXT -> out.utf8(Escape.escape((String) value));
      case TIME -> {
        int at = out.skip(Timestamps.LENGTH);
        Timestamps.write((Long) value, out.array(), at);
      }
      case INTEGER, REAL, BOOLEAN -> out.ascii(type.spell(value));
    }
  }

  /**
   * Reads a journal line without its newline.
   *
   * @throws BadLine if it is not exactly a line that {@link #encode} writes
   */
  Change decodeJournal(byte[] bytes, int from, int to) throws BadLine {
    int pipe = from;
    while (pipe < to && bytes[pipe] != '|') {
      pipe++;
    }
    String name = new String(bytes, from, pipe - from, StandardCharsets.UTF_8);
    Table table = Catalog.find(name).orElseThrow(() -> new BadLine("no table of that name; expected one such as prayers"));
    if (pipe == to) {
      throw new BadLine("no columns");
    }
    return decodeLog(table, bytes, pipe + 1, to);
  }

  /**
   * Reads a log line without its newline.
   *
   * @throws BadLine if it is not exactly what {@link #encode} writes after the name of the table
   */
  Change decodeLog(Table table, byte[] bytes, int from, int to) throws BadLine {
    int columns = table.columns().size();
    int expected = BEFORE.size() + columns + AFTER.size() - 1;
    int found = findPipes(bytes, from, to);
    check(table, bytes, from, to, found);
    if (found != expected) {
      throw new BadLine((found + 1) + " fields, expected " + (expected + 1));
    }
    long at = time(bytes, from, pipes[0]);
    @Nullable Object[] values = new @Nullable Object[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = decode(table.columns().get(i), bytes, pipes[i] + 1, pipes[i + 1]);
    }
    int field = columns;
    String word = ascii(bytes, field++);
    Operation operation = Operation.of(word).orElseThrow(() -> new BadLine("operation: expected added, changed or removed"));
    long seq = number(ascii(bytes, field++), "seq");
    String transaction = ascii(bytes, field++);
    int dash = transaction.indexOf('-');
    if (dash < 0) {
      throw new BadLine("transaction: expected first-last");
    }
    long first = number(transaction.substring(0, dash), "transaction");
    long last = number(transaction.substring(dash + 1), "transaction");
    long durable = number(ascii(bytes, field++), "durable");
    if (!(durable < first && first <= seq && seq <= last)) {
      throw new BadLine("seq, transaction and durable do not fit together");
    }
    String actor = text(bytes, field++);
    String reason = text(bytes, field++);
    String source = text(bytes, field++);
    String request = text(bytes, field);
    try {
      Row row = Row.of(table, values);
      return new Change(operation, row, seq, new Change.Stamp(first, last, durable, at, new Change.Cause(actor, reason, source, request)));
    } catch (IllegalArgumentException e) {
      throw (BadLine) new BadLine(String.valueOf(e.getMessage())).initCause(e);
    }
  }

  private int findPipes(byte[] bytes, int from, int to) {
    int found = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '|') {
        if (found == pipes.length) {
          pipes = java.util.Arrays.copyOf(pipes, pipes.length * 2);
        }
        pipes[found++] = i;
      }
    }
    return found;
  }

  private void check(Table table, byte[] bytes, int from, int to, int found) throws BadLine {
    if (found == 0 || to - pipes[found - 1] - 1 != CHECK_LENGTH) {
      throw new BadLine("no check at the end of the line");
    }
    byte[] prefix = prefix(table);
    crc.reset();
    crc.update(prefix, 0, prefix.length);
    crc.update(bytes, from, pipes[found - 1] + 1 - from);
    long value = crc.getValue();
    for (int i = 0; i < CHECK_LENGTH; i++) {
      if (bytes[to - CHECK_LENGTH + i] != HEX[(int) (value >>> (28 - 4 * i)) & 15]) {
        throw new BadLine("the check does not match; expected %08x".formatted(value));
      }
    }
  }

  private static @Nullable Object decode(Column column, byte[] bytes, int from, int to) throws BadLine {
    if (to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == 'N') {
      return null;
    }
    try {
      return switch (column.type()) {
        case TEXT -> Escape.unescape(bytes, from, to);
        case TIME -> Timestamps.parse(bytes, from, to - from);
        case INTEGER, REAL, BOOLEAN -> column.type().read(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      };
    } catch (IllegalArgumentException e) {
      throw (BadLine) new BadLine(column.name() + ": " + e.getMessage()).initCause(e);
    }
  }

  private static long time(byte[] bytes, int from, int to) throws BadLine {
    try {
      return Timestamps.parse(bytes, from, to - from);
    } catch (IllegalArgumentException e) {
      throw (BadLine) new BadLine("at: " + e.getMessage()).initCause(e);
    }
  }

  private String ascii(byte[] bytes, int field) {
    return new String(bytes, pipes[field] + 1, pipes[field + 1] - pipes[field] - 1, StandardCharsets.UTF_8);
  }

  private String text(byte[] bytes, int field) throws BadLine {
    return Escape.unescape(bytes, pipes[field] + 1, pipes[field + 1]);
  }

  private static long number(String text, String field) throws BadLine {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && Long.toString(number).equals(text)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw (BadLine) new BadLine(field + ": expected a number").initCause(e);
    }
    throw new BadLine(field + ": expected a number from 0 on, without signs or leading zeros");
  }

  private static byte[] prefix(Table table) {
    return java.util.Objects.requireNonNull(PREFIXES.get(table));
  }

  private static void hex(long value, LineBuffer out) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      out.put(HEX[(int) (value >>> shift) & 15]);
    }
  }

  /** The CRC-32 of some bytes as eight lower-case hexadecimal digits. */
  static String crc(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return "%08x".formatted(crc.getValue());
  }
}
