package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * Writes a change as one line, and reads it back (FORMAT.md, Lines). Not safe for several threads.
 *
 * <pre>
 *   journal   auth_requests|2024-01-15T10:30:00.000000Z|…columns…|added|7|7-9|6|mary|why|source|client_request|1a2b3c4d
 *   log                     2024-01-15T10:30:00.000000Z|…columns…|added|7|7-9|6|mary|why|source|client_request|1a2b3c4d
 * </pre>
 *
 * <p>A log line is the journal line without the name of its table. The check is the CRC-32 of the
 * journal line up to and including the last pipe, so a line in another table's log is noticed.
 */
public final class LineCodec {
  /** The fields before the columns of a row. */
  public static final List<String> BEFORE = List.of("at");

  /** The fields after the columns of a row. */
  static final List<String> AFTER =
      List.of(
          "operation",
          "seq",
          "transaction",
          "durable",
          "actor",
          "why",
          "source",
          "client_request",
          "check");

  private static final byte PIPE = '|';
  private static final int CHECK_LENGTH = 8;
  private static final int CAUSE_FIELDS = 4;
  private static final int NUMBER_DIGITS_MAX = 19;
  private static final byte[][] WORDS = new byte[4][0];
  private static final Operation[] OPERATIONS = new Operation[WORDS.length];

  static {
    for (Operation operation : Operation.values()) {
      byte[] word = operation.label().getBytes(StandardCharsets.ISO_8859_1);
      WORDS[place(word[0])] = word;
      OPERATIONS[place(word[0])] = operation;
    }
  }

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);
  private static final Map<Table, byte[]> PREFIXES =
      Catalog.TABLES.stream()
          .collect(
              Collectors.toMap(
                  table -> table,
                  table -> (table.name() + "|").getBytes(StandardCharsets.ISO_8859_1)));

  private static final int PIPES_MAX =
      BEFORE.size()
          + Catalog.TABLES.stream().mapToInt(table -> table.columns().size()).max().orElseThrow()
          + AFTER.size()
          - 1;

  private final CRC32 crc = new CRC32();
  private final int[] pipes = new int[PIPES_MAX];

  /** The columns of a table's log, separated by pipes, as its header shows them. */
  public static String columns(Table table) {
    return String.join("|", BEFORE)
        + "|"
        + table.columns().stream().map(Column::name).collect(Collectors.joining("|"))
        + "|"
        + String.join("|", AFTER);
  }

  /** How many bytes of a journal line precede the log line in it. */
  public static int prefixLength(Table table) {
    return prefix(table).length;
  }

  /** Writes the journal line of a change, with its line feed. */
  public void encode(Change change, LineBuffer out) {
    int start = out.length();
    Table table = change.table();
    byte[] prefix = prefix(table);
    out.put(prefix, 0, prefix.length);
    int at = out.skip(Timestamps.LENGTH);
    Timestamps.write(change.at(), out.array(), at);
    encode(change.row(), out);
    Change.TransactionInfo stamp = change.stamp();
    Change.Cause cause = stamp.cause();
    out.put((byte) '|').ascii(change.operation().label());
    out.put((byte) '|').ascii(Long.toString(change.seq()));
    out.put((byte) '|')
        .ascii(Long.toString(stamp.first()))
        .put((byte) '-')
        .ascii(Long.toString(stamp.last()));
    out.put((byte) '|').ascii(Long.toString(stamp.durableSeq()));
    for (String text :
        List.of(cause.actor(), cause.reason(), cause.source(), cause.idempotencyKey())) {
      out.put((byte) '|').utf8(FieldEscaping.escape(text));
    }
    out.put((byte) '|');
    crc.reset();
    crc.update(out.array(), start, out.length() - start);
    hex(crc.getValue(), out);
    out.put((byte) '\n');
  }

  /**
   * The most that the texts of a row and its cause may have together, escaped and in UTF-8: what a
   * line has room for beside its other fields.
   */
  public static final int TEXT_BYTES_MAX = LineReader.LINE_BYTES_MAX - (1 << 12);

  /** Writes the columns of a row, with a pipe before each. */
  private static void encode(Row row, LineBuffer out) {
    for (int i = 0; i < row.table().columns().size(); i++) {
      out.put((byte) '|');
      encode(row.table().columns().get(i).type(), row.value(i), out);
    }
  }

  /**
   * The key in a log line whose other columns may be damaged.
   *
   * @param line without its line feed
   * @return empty if the line does not have as many fields as it must, or its key is damaged
   */
  public Optional<String> keyOf(Table table, byte[] line) {
    if (ByteSearch.findAll(PIPE, line, 0, line.length, pipes) != pipesOf(table)) {
      return Optional.empty();
    }
    int key = table.keyPosition();
    try {
      return Optional.of(FieldEscaping.text(line, pipes[key] + 1, pipes[key + 1]));
    } catch (MalformedLineException e) {
      return Optional.empty();
    }
  }

  /**
   * A log line with its columns replaced by those of a row.
   *
   * @param line without its line feed
   * @return without its line feed; empty if the line does not have as many fields as it must, or
   *     its check does not match the result
   */
  public Optional<byte[]> withColumnsOf(Row row, byte[] line) {
    Table table = row.table();
    if (ByteSearch.findAll(PIPE, line, 0, line.length, pipes) != pipesOf(table)) {
      return Optional.empty();
    }
    int columnsEnd = pipes[table.columns().size()];
    LineBuffer out = new LineBuffer().put(line, 0, pipes[0]);
    encode(row, out);
    out.put(line, columnsEnd, line.length - columnsEnd);
    return isChecked(table, out.array(), 0, out.length())
        ? Optional.of(out.copy(0))
        : Optional.empty();
  }

  private static int pipesOf(Table table) {
    return BEFORE.size() + table.columns().size() + AFTER.size() - 1;
  }

  private static void encode(ColumnType type, @Nullable Object value, LineBuffer out) {
    if (value == null) {
      out.ascii(FieldEscaping.NULL);
      return;
    }
    switch (type) {
      case TEXT -> out.utf8(FieldEscaping.escape((String) value));
      case TIME -> {
        int at = out.skip(Timestamps.LENGTH);
        Timestamps.write((Long) value, out.array(), at);
      }
      case INTEGER, REAL, BOOLEAN -> out.ascii(type.format(value));
    }
  }

  /**
   * Reads a journal line without its line feed.
   *
   * @throws MalformedLineException if it is not exactly a line that {@link #encode} writes
   */
  public Change decodeJournal(byte[] bytes, int from, int to) throws MalformedLineException {
    int pipe = from;
    while (pipe < to && bytes[pipe] != '|') {
      pipe++;
    }
    String name = new String(bytes, from, pipe - from, StandardCharsets.UTF_8);
    Table table =
        Catalog.find(name)
            .orElseThrow(
                () ->
                    new MalformedLineException(
                        "no table of that name; expected one such as prayers"));
    if (pipe == to) {
      throw new MalformedLineException("no columns");
    }
    return decodeLog(table, bytes, pipe + 1, to);
  }

  /**
   * Reads a log line without its line feed.
   *
   * @throws MalformedLineException if it is not exactly what {@link #encode} writes after the name
   *     of the table
   */
  public Change decodeLog(Table table, byte[] bytes, int from, int to)
      throws MalformedLineException {
    int columns = table.columns().size();
    int expected = pipesOf(table);
    int found = ByteSearch.findAll(PIPE, bytes, from, to, pipes);
    check(table, bytes, from, to);
    if (found != expected) {
      throw new MalformedLineException((found + 1) + " fields, expected " + (expected + 1));
    }
    long atMicros = time(bytes, from, pipes[0]);
    @Nullable Object[] values = new @Nullable Object[columns];
    for (int i = 0; i < columns; i++) {
      values[i] = decode(table.columns().get(i), bytes, pipes[i] + 1, pipes[i + 1]);
    }
    int field = columns;
    Operation operation = operation(bytes, field++);
    long seq = number(bytes, start(field), end(field++), "seq");
    int dash = start(field);
    while (dash < end(field) && bytes[dash] != '-') {
      dash++;
    }
    if (dash == end(field)) {
      throw new MalformedLineException("transaction: expected first-last");
    }
    long first = number(bytes, start(field), dash, "transaction");
    long last = number(bytes, dash + 1, end(field++), "transaction");
    long durable = number(bytes, start(field), end(field++), "durable");
    if (!(durable < first && first <= seq && seq <= last)) {
      throw new MalformedLineException("seq, transaction and durable do not fit together");
    }
    Change.Cause cause = cause(bytes, field);
    try {
      Row row = Row.ofUtf8(table, values);
      return new Change(
          operation, row, seq, new Change.TransactionInfo(first, last, durable, atMicros, cause));
    } catch (IllegalArgumentException e) {
      throw (MalformedLineException)
          new MalformedLineException(String.valueOf(e.getMessage())).initCause(e);
    }
  }

  private void check(Table table, byte[] bytes, int from, int to) throws MalformedLineException {
    if (!hasCheck(bytes, from, to)) {
      throw new MalformedLineException("no check at the end of the line");
    }
    long value = checkOf(table, bytes, from, to);
    if (!isSpelled(value, bytes, to)) {
      throw new MalformedLineException("the check does not match; expected %08x".formatted(value));
    }
  }

  /** Whether the check of a log line, without its line feed, matches. Cheaper than decoding it. */
  public boolean isChecked(Table table, byte[] bytes, int from, int to) {
    return hasCheck(bytes, from, to) && isSpelled(checkOf(table, bytes, from, to), bytes, to);
  }

  private static boolean hasCheck(byte[] bytes, int from, int to) {
    return to - from > CHECK_LENGTH && bytes[to - CHECK_LENGTH - 1] == PIPE;
  }

  private long checkOf(Table table, byte[] bytes, int from, int to) {
    byte[] prefix = prefix(table);
    crc.reset();
    crc.update(prefix, 0, prefix.length);
    crc.update(bytes, from, to - CHECK_LENGTH - from);
    return crc.getValue();
  }

  private static boolean isSpelled(long value, byte[] bytes, int to) {
    for (int i = 0; i < CHECK_LENGTH; i++) {
      if (bytes[to - CHECK_LENGTH + i] != HEX[(int) (value >>> (28 - 4 * i)) & 15]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Object decode(Column<?> column, byte[] bytes, int from, int to)
      throws MalformedLineException {
    if (to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == 'N') {
      return null;
    }
    try {
      return switch (column.type()) {
        case TEXT -> FieldEscaping.unescape(bytes, from, to);
        case TIME -> Timestamps.parse(bytes, from, to - from);
        case INTEGER, REAL, BOOLEAN ->
            column.type().parse(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      };
    } catch (IllegalArgumentException e) {
      throw (MalformedLineException)
          new MalformedLineException(column.name() + ": " + e.getMessage()).initCause(e);
    }
  }

  private static long time(byte[] bytes, int from, int to) throws MalformedLineException {
    try {
      return Timestamps.parse(bytes, from, to - from);
    } catch (IllegalArgumentException e) {
      throw (MalformedLineException)
          new MalformedLineException("at: " + e.getMessage()).initCause(e);
    }
  }

  private int start(int field) {
    return pipes[field] + 1;
  }

  private int end(int field) {
    return pipes[field + 1];
  }

  private Change.Cause cause(byte[] bytes, int field) throws MalformedLineException {
    String[] texts = new String[CAUSE_FIELDS];
    for (int i = 0; i < CAUSE_FIELDS; i++) {
      texts[i] = FieldEscaping.text(bytes, start(field + i), end(field + i));
    }
    return new Change.Cause(texts[0], texts[1], texts[2], texts[3]);
  }

  private Operation operation(byte[] bytes, int field) throws MalformedLineException {
    int place = place(bytes[start(field)]);
    if (end(field) == start(field)
        || !Arrays.equals(bytes, start(field), end(field), WORDS[place], 0, WORDS[place].length)) {
      throw new MalformedLineException("operation: expected added, changed or removed");
    }
    return OPERATIONS[place];
  }

  /**
   * A perfect hash of the first letter of each operation: their last two bits differ. A lookup
   * without branches costs the same for every operation.
   */
  private static int place(byte letter) {
    return letter & 3;
  }

  private static long number(byte[] bytes, int from, int to, String field)
      throws MalformedLineException {
    int digits = to - from;
    boolean canonical =
        digits >= 1 && digits <= NUMBER_DIGITS_MAX && (digits == 1 || bytes[from] != '0');
    long number = 0;
    for (int i = from; canonical && i < to; i++) {
      canonical = bytes[i] >= '0' && bytes[i] <= '9';
      number = number * 10 + bytes[i] - '0';
    }
    // Nineteen digits may overflow a long. Then the result is negative, because the largest such
    // number is less than twice the limit.
    if (!canonical || number < 0) {
      throw new MalformedLineException(
          field + ": expected a number from 0 on, without signs or leading zeros");
    }
    return number;
  }

  /**
   * The bytes before the log line in a journal line: the name of the table and a pipe. Must not be
   * changed.
   */
  public static byte[] prefix(Table table) {
    return Objects.requireNonNull(PREFIXES.get(table));
  }

  private static void hex(long value, LineBuffer out) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      out.put(HEX[(int) (value >>> shift) & 15]);
    }
  }

  /** The CRC-32 of some bytes as eight lower-case hexadecimal digits. */
  public static String crc(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return HexFormat.of().toHexDigits(crc.getValue(), 8);
  }
}
