package org.thywill.legacy.importer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.ContentHash;
import org.thywill.legacy.schema.ExportTable;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyColumn.Kind;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.schema.SqliteValue;
import org.thywill.legacy.source.Secrets;
import org.thywill.legacy.source.SourceIndex;
import org.thywill.legacy.source.SourceTable;

/**
 * Translates the rows of one table of a source into ours.
 *
 * <p>Beside our row it makes a legacy value for each cell that an export of our row would write
 * differently. So an export gives back what the source had, whatever that was.
 */
final class RowTranslator {
  private final SourceTable table;
  private final LegacyTable legacy;
  private final SourceIndex index;
  private final Secrets secrets;
  private final ImportFindings findings;
  private final @Nullable ExportTable target;

  private final @Nullable LegacyColumn[] known;
  private final Secrets.Policy[] policies;
  private final String[] names;
  private final int[] targetPositions;
  private final int keyPosition;
  private final @Nullable Object[] initialValues;

  /** File and line of the present row; empty in a database. */
  private String source = "";

  RowTranslator(
      SourceTable table,
      LegacyTable legacy,
      LegacySchema schema,
      SourceIndex index,
      Secrets secrets,
      ImportFindings findings) {
    this.table = table;
    this.legacy = legacy;
    this.index = index;
    this.secrets = secrets;
    this.findings = findings;
    this.target = schema.table(legacy).orElse(null);
    this.known = table.known();
    this.names = table.shape().columnNames().toArray(String[]::new);
    this.policies = new Secrets.Policy[names.length];
    this.targetPositions = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      policies[i] = Secrets.policy(table, name, known[i]);
      targetPositions[i] = target == null ? -1 : target.position(name);
    }
    this.keyPosition = table.position(legacy.keyColumn());
    this.initialValues = initialValues();
  }

  /**
   * Hides the secrets in all cells, in place; returns the cell from which the row's key is made.
   */
  SqliteValue hideSecrets(SqliteValue[] cells) {
    for (int i = 0; i < cells.length; i++) {
      SqliteValue hidden = secrets.hide(policies[i], cells[i]);
      boolean isCode = policies[i] == Secrets.Policy.CODE && !cells[i].isNull();
      if (isCode || !hidden.equals(cells[i])) {
        findings.withheld(table, names[i]);
      }
      cells[i] = hidden;
    }
    return keyPosition < 0 ? SqliteValue.Null.CELL : cells[keyPosition];
  }

  /**
   * Our rows for one row: the row itself, then the values that it cannot hold exactly.
   *
   * @param cause its source is the file and line, if the row comes from a text
   */
  List<Row> translate(String key, SqliteValue[] cells, Change.Cause cause) {
    source = table.database().holdsTexts() ? cause.source() : "";
    return translate(key, cells, true);
  }

  /** Our rows for a row that the community has already; reports no finding. */
  List<Row> comparisonRows(String key, SqliteValue[] cells) {
    return translate(key, cells, false);
  }

  private List<Row> translate(String key, SqliteValue[] cells, boolean isNew) {
    @Nullable Object[] values = initialValues.clone();
    values[legacy.ours().keyPosition()] = key;
    if (keyPosition >= 0 && isDoubledHash(cells[keyPosition], key)) {
      cells[keyPosition] = new SqliteValue.Text(key);
    }
    for (int i = 0; i < cells.length; i++) {
      LegacyColumn column = known[i];
      if (column != null && column.kind() != Kind.KEY) {
        Object value = column.read(cells[i], keys(column));
        if (isNew && column.isUnread(cells[i], value)) {
          warn(column, names[i], key);
        }
        values[column.ours().position()] = value;
      }
    }
    Row row = Row.of(legacy.ours(), values);
    List<Row> translate = new ArrayList<>(1);
    translate.add(row);
    for (int i = 0; i < cells.length; i++) {
      if (policies[i] != Secrets.Policy.CODE) {
        SqliteValue written = exported(i, row);
        if (!written.equals(cells[i])) {
          translate.add(
              new LegacyValue(legacy.name(), key, names[i], cells[i].spell(), written.spell())
                  .row());
        }
      }
    }
    return translate;
  }

  /** What an export would write for our row in a column of the source. */
  private SqliteValue exported(int column, Row row) {
    return target == null || targetPositions[column] < 0
        ? SqliteValue.Null.CELL
        : target.cell(targetPositions[column], row, index.references());
  }

  /**
   * Whether another secret of a unique column has the same hash, and so took the key.
   *
   * <p>An empty text and an empty blob are two secrets of one hash, which the column cannot hold
   * twice.
   */
  private boolean isDoubledHash(SqliteValue cell, String key) {
    return table.holdsSecretKeys()
        && table.shape().unique().contains(legacy.keyColumn())
        && cell instanceof SqliteValue.Text(String text)
        && !text.equals(key)
        && ContentHash.isHashed(text);
  }

  private Function<SqliteValue, @Nullable String> keys(LegacyColumn column) {
    Optional<Table> target = column.ours().target();
    return target.isEmpty()
        ? cell -> null
        : cell -> index.find(table.database(), target.get(), cell);
  }

  private void warn(LegacyColumn column, String name, String key) {
    String where = name + " of " + LegacyFinding.shown(key);
    switch (column.kind()) {
      case REFERENCE ->
          warning(
              "dangling-reference",
              where
                  + " leads to nothing in "
                  + column.ours().target().orElseThrow()
                  + "; kept as it was");
      case TIME -> warning("time-not-read", where + " is no time; kept as it was");
      case PERMISSIONS ->
          warning(
              "permissions-not-read",
              where + " is no list of permissions: the role allows nothing until somebody says so");
      default -> warning("value-not-read", where + " is not what the column holds; kept as it was");
    }
  }

  private void warning(String code, String message) {
    if (source.isEmpty()) {
      findings.warning(code, table, message);
    } else {
      findings.warning(code, source, message);
    }
  }

  /**
   * The values of a row before its cells are read.
   *
   * <p>A required column that the source lacks has what the original would have written.
   */
  private @Nullable Object[] initialValues() {
    @Nullable Object[] values = new @Nullable Object[legacy.ours().columns().size()];
    Set<Column<?>> bound = new HashSet<>();
    for (LegacyColumn column : known) {
      if (column != null) {
        bound.add(column.ours());
      }
    }
    for (LegacyColumn column : legacy.columns()) {
      boolean isRequired = column.ours().required();
      if (column.kind() != Kind.KEY && isRequired && bound.add(column.ours())) {
        values[column.ours().position()] = column.read(column.defaultValue(), cell -> null);
      }
    }
    if (legacy.ours() == Catalog.PRAYERS) {
      values[Catalog.Prayers.VISIBILITY.position()] = "members";
    }
    // Before the original counted uses, an invite could be used once.
    if (legacy.ours() == Catalog.INVITES
        && table.position("max_uses") < 0
        && table.position("used") >= 0) {
      values[Catalog.Invites.MAX_USES.position()] = 1L;
    }
    return values;
  }
}
