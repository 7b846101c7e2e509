package org.thywill.archive.format;

import org.thywill.catalog.Catalog;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;

/**
 * Turns a log line into a line of a snapshot, and back (FORMAT.md, Snapshots).
 *
 * <p>In a snapshot the time follows the columns, so that a row's own columns come first. In the
 * snapshot of the settings, name and value are separated by {@code =}.
 */
public final class SnapshotCodec {
  private SnapshotCodec() {}

  static String columns(Table table) {
    StringBuilder columns = new StringBuilder();
    for (Column<?> column : table.columns()) {
      columns.append(column.name()).append('|');
    }
    return afterKey(
        table,
        columns + String.join("|", LineCodec.BEFORE) + "|" + String.join("|", LineCodec.AFTER));
  }

  /** The snapshot line of a log line. */
  public static String fromLog(Table table, String log) {
    int end = log.indexOf('|');
    int columnsEnd = end;
    for (int i = 0; i < table.columns().size(); i++) {
      columnsEnd = log.indexOf('|', columnsEnd + 1);
    }
    return afterKey(
        table,
        log.substring(end + 1, columnsEnd)
            + "|"
            + log.substring(0, end)
            + log.substring(columnsEnd));
  }

  /**
   * The log line of a snapshot line.
   *
   * @throws MalformedLineException if it has too few fields
   */
  public static String toLog(Table table, String snapshot) throws MalformedLineException {
    String line = snapshot;
    if (isAssignment(table)) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new MalformedLineException("expected NAME=value");
      }
      line = line.substring(0, equals) + "|" + line.substring(equals + 1);
    }
    int columnsEnd = -1;
    for (int i = 0; i < table.columns().size(); i++) {
      columnsEnd = line.indexOf('|', columnsEnd + 1);
      if (columnsEnd < 0) {
        throw new MalformedLineException("too few fields");
      }
    }
    int atEnd = line.indexOf('|', columnsEnd + 1);
    if (atEnd < 0) {
      throw new MalformedLineException("too few fields");
    }
    return line.substring(columnsEnd + 1, atEnd)
        + "|"
        + line.substring(0, columnsEnd)
        + line.substring(atEnd);
  }

  private static String afterKey(Table table, String line) {
    return isAssignment(table) ? line.replaceFirst("\\|", "=") : line;
  }

  private static boolean isAssignment(Table table) {
    return table == Catalog.SETTINGS;
  }
}
