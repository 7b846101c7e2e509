package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;

/**
 * Checks the meaning of the rows of one table.
 *
 * <p>Each row must follow the {@link SemanticRules}, and must not be older than the rows to which
 * it refers. These are read first, so that a line can be checked when it is read. All findings are
 * warnings, since the bytes are what was written.
 */
final class SemanticChecker {
  /** The tables to which others refer, in the order in which they refer to each other. */
  private static final List<List<Table>> PHASES =
      List.of(
          List.of(Catalog.MEMBERS),
          List.of(Catalog.ROLES, Catalog.INVITES, Catalog.AUTH_REQUESTS, Catalog.PRAYERS));

  private final TableLogChecker checked;
  private final Table table;
  private final Map<Table, TableLogChecker> others;

  /** The position of the column with the time since when a row exists, or -1. */
  private final int since;

  private final LongLongMap times = new LongLongMap();
  private final LongLongMap inviters = new LongLongMap();
  private final List<RuleFindings> rules = new ArrayList<>();
  private final SemanticFindings ahead = new SemanticFindings();
  private final List<Origin> origins = new ArrayList<>();
  private final boolean isReferredTo;

  /** A column that must name an older row, and the rows in which it names a younger one. */
  private record Origin(int position, Column<?> column, Table target, SemanticFindings findings) {}

  /** A rule and the rows that break it. */
  private record RuleFindings(SemanticRules.Rule rule, SemanticFindings findings) {}

  /**
   * A checker for one table.
   *
   * @param others the tables that have logs; may be filled later
   */
  SemanticChecker(TableLogChecker checked, Map<Table, TableLogChecker> others) {
    this.checked = checked;
    this.table = checked.table();
    this.others = others;
    this.since = SemanticRules.since(table).orElse(-1);
    this.isReferredTo = PHASES.stream().anyMatch(phase -> phase.contains(table));
    SemanticRules.of(table)
        .forEach(rule -> rules.add(new RuleFindings(rule, new SemanticFindings())));
    for (int i = 0; i < table.columns().size(); i++) {
      Column<?> column = table.columns().get(i);
      if (SemanticRules.isOlder(table, column)) {
        origins.add(new Origin(i, column, column.target().orElseThrow(), new SemanticFindings()));
      }
    }
  }

  /**
   * The tables in the order in which they have to be read: the members, the others to which tables
   * refer, and the rest. Those of one list may be read in any order.
   */
  static List<List<TableLogChecker>> inPhases(List<TableLogChecker> tables) {
    List<List<TableLogChecker>> phases = new ArrayList<>();
    List<TableLogChecker> rest = new ArrayList<>(tables);
    for (List<Table> phase : PHASES) {
      phases.add(rest.stream().filter(each -> phase.contains(each.table())).toList());
      rest.removeAll(phases.getLast());
    }
    phases.add(rest);
    return phases;
  }

  /**
   * Checks a good line.
   *
   * @param key the fingerprint of the row's key
   */
  void check(Change change, long key, String file, long line) {
    Row row = change.row();
    if (change.operation() == Operation.REMOVED) {
      rules.forEach(each -> each.findings().clear(key));
      origins.forEach(each -> each.findings().clear(key));
      ahead.clear(key);
      return;
    }
    for (RuleFindings each : rules) {
      SemanticRules.Rule rule = each.rule();
      if (rule.broken().of(row)) {
        each.findings()
            .add(key, () -> finding(rule.code(), file, line, row, rule.found().apply(row)));
      } else {
        each.findings().clear(key);
      }
    }
    if (since >= 0 && row.value(since) instanceof Long at) {
      keep(row, key, at);
      if (at > change.at()) {
        ahead.add(
            key,
            () ->
                finding(
                    "time-ahead",
                    file,
                    line,
                    row,
                    "is of "
                        + Timestamps.format(at)
                        + ", but was written down at "
                        + Timestamps.format(change.at())
                        + "; expected an earlier time"));
      } else {
        ahead.clear(key);
      }
      for (Origin each : origins) {
        compare(row, key, at, each, file, line);
      }
    }
  }

  private void keep(Row row, long key, long at) {
    if (isReferredTo) {
      times.put(key, at);
    }
    if (table == Catalog.MEMBERS) {
      inviters.put(
          key,
          row.get(Catalog.Members.INVITED_BY).map(Fingerprint::of).orElse(LongLongMap.NOTHING));
    }
  }

  /** Compares a row with its origin. If that was not read yet, {@link #report} decides. */
  private void compare(Row row, long key, long at, Origin origin, String file, long line) {
    byte[] referred = row.utf8(origin.position());
    if (referred == null || TableLogChecker.isTheProgram(origin.column(), referred)) {
      origin.findings().clear(key);
      return;
    }
    Table target = origin.target();
    long made = timeOf(target, Fingerprint.of(referred));
    if (made == LongLongMap.NOTHING ? target != table : at >= made) {
      origin.findings().clear(key);
      return;
    }
    origin
        .findings()
        .add(
            key,
            () ->
                finding(
                    "older-than-its-origin",
                    file,
                    line,
                    row,
                    "is of "
                        + Timestamps.format(at)
                        + ", but names in "
                        + origin.column().name()
                        + " "
                        + target
                        + "/"
                        + SemanticRules.shown(target, String.valueOf(row.value(origin.position())))
                        + ", which "
                        + (made == LongLongMap.NOTHING
                            ? "came later"
                            : "is of " + Timestamps.format(made))
                        + "; expected that to be the earlier one"));
  }

  private long timeOf(Table target, long key) {
    TableLogChecker other = others.get(target);
    return other == null ? LongLongMap.NOTHING : other.semantics().times.get(key);
  }

  /**
   * Reports the findings, after all tables have been read. Reports nothing if lines are damaged or
   * missing, because semantic findings may follow from that.
   */
  void report(FindingCollector findings) {
    if (checked.isDamaged()) {
      return;
    }
    rules.forEach(each -> each.findings().report(findings));
    ahead.report(findings);
    origins.forEach(
        each -> {
          Table target = each.target();
          TableLogChecker other = others.get(target);
          if (other != null && !other.isDamaged()) {
            each.findings()
                .report(
                    findings,
                    row -> target != table || timeOf(table, inviters.get(row)) > times.get(row));
          }
        });
  }

  /** The inviter of each member, by fingerprints; empty for other tables. */
  LongLongMap inviters() {
    return inviters;
  }

  private Finding finding(String code, String file, long line, Row row, String found) {
    return Finding.warning(
            code, file, line, table + "/" + SemanticRules.shown(table, row.key()) + " " + found)
        .next(Finding.REPORT);
  }
}
