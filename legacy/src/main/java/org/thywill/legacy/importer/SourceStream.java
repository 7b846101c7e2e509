package org.thywill.legacy.importer;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.source.RowKeys;
import org.thywill.legacy.source.RowSources;
import org.thywill.legacy.source.SourceScan;
import org.thywill.legacy.source.SourceTable;

/**
 * The rows of one table of a source, read one after the other in the order of their times.
 *
 * <p>Streams are ordered by the time of their present row, then by the order of the catalog, then
 * by the order of the sources.
 */
final class SourceStream implements Comparable<SourceStream> {
  private final SourceTable table;
  private final int rank;
  private final int order;
  private final RowKeys keys;
  private final RowTranslator translator;
  private final SourceScan scan;
  private final Change.Cause cause;
  private final @Nullable RowSources sources;

  SourceStream(
      SourceTable table,
      LegacyTable legacy,
      int order,
      RowKeys keys,
      RowTranslator translator,
      SourceScan scan)
      throws SQLException {
    this.table = table;
    this.rank = LegacyLayout.rank(legacy);
    this.order = order;
    this.keys = keys;
    this.translator = translator;
    this.scan = scan;
    this.cause = LegacyImport.cause(table.source());
    this.sources = table.database().holdsTexts() ? new RowSources(table) : null;
  }

  SourceTable table() {
    return table;
  }

  /** Advances to the next row; false after the last. */
  boolean next() throws SQLException {
    return scan.next();
  }

  /** The number of the present row in its table. */
  long rowNumber() {
    return scan.rowNumber();
  }

  /** The time of the present row, in microseconds since 1970. */
  long atMicros() {
    return scan.atMicros();
  }

  /** Hides the secrets of the present row and returns its key; to be called once for each row. */
  RowKeys.Key key() throws IOException {
    return keys.next(translator.hideSecrets(scan.cells()), scan.rowNumber());
  }

  /** Our rows for the present row. */
  List<Row> rows(String key, Change.Cause why) {
    return translator.translate(key, scan.cells(), why);
  }

  /** Our rows for a present row that the community has already; reports no finding. */
  List<Row> comparisonRows(String key) {
    return translator.comparisonRows(key, scan.cells());
  }

  /** The cause of the change that adds the present row: where it comes from. */
  Change.Cause cause() throws SQLException {
    return sources == null ? cause : sources.of(scan.rowNumber());
  }

  void close() throws SQLException {
    scan.close();
    if (sources != null) {
      sources.close();
    }
  }

  @Override
  public int compareTo(SourceStream other) {
    int byTime = Long.compare(scan.atMicros(), other.scan.atMicros());
    int byTable = byTime != 0 ? byTime : Integer.compare(rank, other.rank);
    return byTable != 0 ? byTable : Integer.compare(order, other.order);
  }
}
