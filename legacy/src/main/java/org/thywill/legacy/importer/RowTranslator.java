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
 * Makes facts of the rows of one table: our row, and beside it every cell that an export of our row
 * would write differently. So the way back is right by construction, for whatever stood in the
 * source.
 */
final class RowTranslator {
  private final SourceTable table;
  private final LegacyTable legacy;
  private final SourceIndex survey;
  private final Secrets secrets;
  private final ImportFindings findings;
  private final Optional<ExportTable> target;

  private final @Nullable LegacyColumn[] known;
  private final Secrets.Policy[] policies;
  private final String[] names;
  private final int[] targetPositions;
  private final int keyPosition;
  private final @Nullable Object[] blank;
  private String source = "";

  RowTranslator(
      SourceTable table,
      LegacyTable legacy,
      LegacySchema schema,
      SourceIndex survey,
      Secrets secrets,
      ImportFindings findings) {
    this.table = table;
    this.legacy = legacy;
    this.survey = survey;
    this.secrets = secrets;
    this.findings = findings;
    this.target = schema.table(legacy);
    this.known = table.known();
    this.names = table.shape().columnNames().toArray(String[]::new);
    this.policies = new Secrets.Policy[names.length];
    this.targetPositions = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      policies[i] = Secrets.policy(table, name, known[i]);
      targetPositions[i] = target.map(written -> written.position(name)).orElse(-1);
    }
    this.keyPosition = table.position(legacy.keyColumn());
    this.blank = blank();
  }

  /** The cell from which the row's key is made. Hides what is secret in all cells. */
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
   * The rows of one fact: ours, and the values that it cannot say exactly.
   *
   * @param cause names where a row that was made of texts stood
   */
  List<Row> facts(String key, SqliteValue[] cells, Change.Cause cause) {
    source = table.database().holdsTexts() ? cause.source() : "";
    return facts(key, cells, true);
  }

  /** The rows that a row which is there already would be made of. */
  List<Row> wouldBe(String key, SqliteValue[] cells) {
    return facts(key, cells, false);
  }

  private List<Row> facts(String key, SqliteValue[] cells, boolean isNew) {
    @Nullable Object[] values = blank.clone();
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
    List<Row> facts = new ArrayList<>(1);
    facts.add(row);
    for (int i = 0; i < cells.length; i++) {
      if (policies[i] != Secrets.Policy.CODE) {
        SqliteValue written =
            targetPositions[i] < 0
                ? SqliteValue.Null.CELL
                : target.orElseThrow().cell(targetPositions[i], row, survey.identities());
        if (!written.equals(cells[i])) {
          facts.add(
              new LegacyValue(legacy.name(), key, names[i], cells[i].spell(), written.spell())
                  .row());
        }
      }
    }
    return facts;
  }

  /**
   * Whether two secrets of a unique column, such as an empty text and an empty blob, have one hash:
   * a column that is unique cannot take it twice.
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
        : cell -> survey.find(table.database(), target.get(), cell);
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
   * What stands in our row for columns that the source lacks: what the original would have written,
   * if we cannot do without.
   */
  private @Nullable Object[] blank() {
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
    // Before uses were counted, an invite was good for one.
    if (legacy.ours() == Catalog.INVITES
        && table.position("max_uses") < 0
        && table.position("used") >= 0) {
      values[Catalog.Invites.MAX_USES.position()] = 1L;
    }
    return values;
  }
}
