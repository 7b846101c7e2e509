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

/** One table of a source on its way through the merge by time. */
final class SourceStream implements Comparable<SourceStream> {
  private final SourceTable table;
  private final int rank;
  private final int number;
  private final RowKeys keys;
  private final RowTranslator facts;
  private final SourceScan scan;
  private final Change.Cause cause;
  private final @Nullable RowSources sources;

  SourceStream(
      SourceTable table,
      LegacyTable legacy,
      int number,
      RowKeys keys,
      RowTranslator facts,
      SourceScan scan)
      throws SQLException {
    this.table = table;
    this.rank = LegacyLayout.rank(legacy);
    this.number = number;
    this.keys = keys;
    this.facts = facts;
    this.scan = scan;
    this.cause = LegacyImport.cause(table.source());
    this.sources = table.database().holdsTexts() ? new RowSources(table) : null;
  }

  SourceTable table() {
    return table;
  }

  /** Goes on to the next row; false after the last. */
  boolean next() throws SQLException {
    return scan.next();
  }

  long number() {
    return scan.number();
  }

  long at() {
    return scan.at();
  }

  /** The key of the present row, once for each row; hides what is secret in it. */
  RowKeys.Given key() throws IOException {
    return keys.next(facts.hideSecrets(scan.cells()), scan.number());
  }

  /** What the present row says, under its key. */
  List<Row> facts(String key, Change.Cause why) {
    return facts.facts(key, scan.cells(), why);
  }

  /** What the present row would say, if it were not there. */
  List<Row> wouldBe(String key) {
    return facts.wouldBe(key, scan.cells());
  }

  /** Where the present row stood. */
  Change.Cause cause() throws SQLException {
    return sources == null ? cause : sources.of(scan.number());
  }

  void close() throws SQLException {
    scan.close();
    if (sources != null) {
      sources.close();
    }
  }

  @Override
  public int compareTo(SourceStream other) {
    int byTime = Long.compare(scan.at(), other.scan.at());
    int byTable = byTime != 0 ? byTime : Integer.compare(rank, other.rank);
    return byTable != 0 ? byTable : Integer.compare(number, other.number);
  }
}
