package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.thywill.catalog.Change;

/**
 * A change with the bytes of its journal line.
 *
 * @param bytes the journal line with its line feed; must not be changed
 */
@SuppressWarnings(
    "ArrayRecordComponent") // There are millions of lines; a copy of each would be too slow.
public record Line(Change change, byte[] bytes) {

  /** Where the log line begins within the journal line. */
  public int logStart() {
    return LineCodec.prefixLength(change.table());
  }

  /** The log line without its line feed. */
  public String logText() {
    return new String(bytes, logStart(), bytes.length - logStart() - 1, StandardCharsets.UTF_8);
  }

  /**
   * Encodes a change.
   *
   * @param scratch is overwritten
   */
  public static Line encode(Change change, LineCodec codec, LineBuffer scratch) {
    scratch.clear();
    codec.encode(change, scratch);
    return new Line(change, scratch.copy(0));
  }

  /**
   * Decodes the present line of a reader of a journal file or a page.
   *
   * @throws MalformedLineException if it is not exactly as it was written
   */
  public static Line ofJournal(LineCodec codec, LineReader lines) throws MalformedLineException {
    Change change = codec.decodeJournal(lines.bytes(), lines.from(), lines.to());
    return new Line(change, Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to() + 1));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Line line && Arrays.equals(line.bytes, bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return change.table() + " " + change.seq();
  }
}
