package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Looks whether the rows of one table make sense: by themselves ({@link SemanticRules}), and that
 * none is older than what it refers to. What others refer to is read before them, so that a line
 * can be judged when it is read. Whatever is found is a warning: the bytes are what was written.
 */
final class SemanticChecker {
  /** What others refer to: the table that all of it refers to first. Then the rest. */
  private static final List<List<Table>> PHASES =
      List.of(
          List.of(Catalog.MEMBERS),
          List.of(Catalog.ROLES, Catalog.INVITES, Catalog.AUTH_REQUESTS, Catalog.PRAYERS));

  private final TableLogChecker checked;
  private final Table table;
  private final Map<Table, TableLogChecker> others;
  private final Optional<Integer> since;
  private final LongLongMap times = new LongLongMap();
  private final LongLongMap inviters = new LongLongMap();
  private final List<Ruled> ruled = new ArrayList<>();
  private final SemanticFindings ahead = new SemanticFindings();
  private final List<Older> older = new ArrayList<>();
  private final boolean isReferredTo;

  /** A column that names an older row, and the rows in which it names a younger one. */
  private record Older(int position, Column<?> column, Table target, SemanticFindings doubts) {}

  /** A rule and the rows that break it. */
  private record Ruled(SemanticRules.Rule rule, SemanticFindings doubts) {}

  /**
   * For one table.
   *
   * @param others the tables that have logs; may still be being filled
   */
  SemanticChecker(TableLogChecker checked, Map<Table, TableLogChecker> others) {
    this.checked = checked;
    this.table = checked.table();
    this.others = others;
    this.since = SemanticRules.since(table);
    this.isReferredTo = PHASES.stream().anyMatch(phase -> phase.contains(table));
    SemanticRules.of(table).forEach(rule -> ruled.add(new Ruled(rule, new SemanticFindings())));
    for (int i = 0; i < table.columns().size(); i++) {
      Column<?> column = table.columns().get(i);
      if (SemanticRules.isOlder(table, column)) {
        older.add(new Older(i, column, column.target().orElseThrow(), new SemanticFindings()));
      }
    }
  }

  /**
   * The tables in the order in which they have to be read: the members, what else others refer to,
   * and the rest. Those of one list in any order.
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
   * Looks at a line that has been found good.
   *
   * @param key the fingerprint of the row's key
   */
  void look(Change change, long key, String file, long line) {
    Row row = change.row();
    if (change.operation() == Operation.REMOVED) {
      ruled.forEach(each -> each.doubts().clear(key));
      older.forEach(each -> each.doubts().clear(key));
      ahead.clear(key);
      return;
    }
    for (Ruled each : ruled) {
      SemanticRules.Rule rule = each.rule();
      if (rule.broken().of(row)) {
        each.doubts()
            .add(key, () -> finding(rule.code(), file, line, row, rule.found().apply(row)));
      } else {
        each.doubts().clear(key);
      }
    }
    if (since.isPresent() && row.value(since.get()) instanceof Long at) {
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
      for (Older each : older) {
        compare(row, key, at, each, file, line);
      }
    }
  }

  private void keep(Row row, long key, long at) {
    if (isReferredTo) {
      times.put(key, at);
    }
    if (table == Catalog.MEMBERS) {
      inviters.put(key, row.text("invited_by").map(Fingerprint::of).orElse(LongLongMap.NOTHING));
    }
  }

  /** A member whose inviter has not been read yet is in doubt until all have. */
  private void compare(Row row, long key, long at, Older origin, String file, long line) {
    byte[] referred = row.utf8(origin.position());
    if (referred == null || TableLogChecker.isTheProgram(origin.column(), referred)) {
      origin.doubts().clear(key);
      return;
    }
    Table target = origin.target();
    long made = timeOf(target, Fingerprint.of(referred));
    if (made == LongLongMap.NOTHING ? target != table : at >= made) {
      origin.doubts().clear(key);
      return;
    }
    origin
        .doubts()
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
    return other == null ? LongLongMap.NOTHING : other.meaning().times.get(key);
  }

  /**
   * Reports what is left when all tables have been read. Where lines are damaged or missing, doubts
   * follow from that and say nothing more.
   */
  void report(FindingCollector findings) {
    if (checked.isDamaged()) {
      return;
    }
    ruled.forEach(each -> each.doubts().report(findings));
    ahead.report(findings);
    older.forEach(
        each -> {
          Table target = each.target();
          TableLogChecker other = others.get(target);
          if (other != null && !other.isDamaged()) {
            each.doubts()
                .report(
                    findings,
                    row -> target != table || timeOf(table, inviters.get(row)) > times.get(row));
          }
        });
  }

  /** Who invited whom, by fingerprints; of the table of the members only. */
  LongLongMap inviters() {
    return inviters;
  }

  private Finding finding(String code, String file, long line, Row row, String found) {
    return Finding.warning(
            code, file, line, table + "/" + SemanticRules.shown(table, row.key()) + " " + found)
        .next(Finding.REPORT);
  }
}
