package org.thywill.community;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.community.access.Ids;
import org.thywill.operations.recovery.RowOverride;
import org.thywill.view.ViewReader;

/**
 * The decisions that an operator made for a recovery, and the records of earlier ones.
 *
 * @param all in the order of the operator's file
 */
record OperatorDecisions(ViewReader view, List<RowOverride> all) {
  OperatorDecisions {
    all = List.copyOf(all);
  }

  /** A row after the decisions were carried out; empty if they remove it. */
  Optional<Row> decided(Row row) {
    Optional<Row> result = Optional.of(row);
    for (RowOverride decision : all) {
      if (decision.table() == row.table() && decision.key().equals(row.key())) {
        result =
            switch (decision) {
              case RowOverride.Set set -> result.map(before -> before.with(values(set)));
              case RowOverride.Drop drop -> Optional.empty();
              case RowOverride.Keep keep -> result;
            };
      }
    }
    return result;
  }

  /** Whether a decision is about a row. */
  boolean isDecided(Table table, String key) {
    return all.stream()
        .anyMatch(
            decision ->
                decision.table() == table
                    && (decision.key().equals(key) || decision.key().equals(RowOverride.ALL)));
  }

  /**
   * Whether a row is kept, by a decision of now or by one that was carried out after a change.
   *
   * @param lostSeq the last change that may have ended what the row grants
   */
  boolean isKept(Table table, String key, long lostSeq) throws IOException {
    return isDecided(table, key)
        || isRecorded(keptId(table, key), lostSeq)
        || isRecorded(keptId(table, RowOverride.ALL), lostSeq);
  }

  private boolean isRecorded(String id, long lostSeq) throws IOException {
    return view.seqOf(Catalog.OPERATIONS, id).filter(seq -> seq >= lostSeq).isPresent();
  }

  /** The id of the record that a row is kept. The same loss does not put it in doubt again. */
  static String keptId(Table table, String key) {
    return Ids.idOf("keep " + table + "/" + key);
  }

  /** The new value of a decision by the name of its column. */
  static Map<String, @Nullable Object> values(RowOverride.Set set) {
    return Collections.singletonMap(set.column().name(), set.value());
  }
}
