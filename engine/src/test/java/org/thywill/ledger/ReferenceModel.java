package org.thywill.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.view.SeqRange;

/** The rows and changes that a community must hold, in plain maps and lists. */
final class ReferenceModel {
  private final Map<Table, TreeMap<String, Row>> rows = new HashMap<>();
  private final List<Fact> history = new ArrayList<>();
  private final Map<String, Receipt> requests = new HashMap<>();

  /** A change as the archive must hold it. */
  record Fact(
      Operation operation,
      Row row,
      long seq,
      SeqRange transaction,
      long atMicros,
      Change.Cause cause) {
    static Fact of(Change change) {
      Change.TransactionInfo stamp = change.stamp();
      return new Fact(
          change.operation(),
          change.row(),
          change.seq(),
          new SeqRange(stamp.first(), stamp.last()),
          stamp.atMicros(),
          stamp.cause());
    }
  }

  /** One transaction: steps that are made together or not at all. */
  record Plan(Change.Cause cause, List<Step> steps) {
    boolean isRefused() {
      return steps.stream().anyMatch(Step.Refused.class::isInstance);
    }
  }

  /** One step of a transaction. */
  sealed interface Step {
    record Add(Row row) implements Step {}

    record Change(Row before, Values values) implements Step {}

    record Remove(Row row) implements Step {}

    /** A step that the ledger must refuse, or that throws. */
    record Refused(TransactionBody body) implements Step {}
  }

  ReferenceModel copy() {
    ReferenceModel copy = new ReferenceModel();
    rows.forEach((table, some) -> copy.rows.put(table, new TreeMap<>(some)));
    copy.history.addAll(history);
    copy.requests.putAll(requests);
    return copy;
  }

  List<Fact> history() {
    return history;
  }

  long lastSeq() {
    return history.size();
  }

  Map<String, Receipt> requests() {
    return requests;
  }

  Set<Table> tables() {
    return rows.keySet();
  }

  Map<String, Row> rows(Table table) {
    return rows.getOrDefault(table, new TreeMap<>());
  }

  Optional<Row> find(Table table, String key) {
    return Optional.ofNullable(rows(table).get(key));
  }

  /**
   * Applies a plan, unless its idempotency key has been used before.
   *
   * @return what the ledger must return
   */
  Receipt apply(Plan plan, long atMicros) {
    String key = plan.cause().idempotencyKey();
    if (!key.isEmpty() && requests.containsKey(key)) {
      Receipt before = Objects.requireNonNull(requests.get(key));
      return new Receipt(before.first(), before.last(), true);
    }
    long first = lastSeq() + 1;
    List<Fact> facts = new ArrayList<>();
    for (Step step : plan.steps()) {
      fact(step).ifPresent(facts::add);
    }
    long last = lastSeq() + facts.size();
    for (Fact fact : facts) {
      Fact numbered =
          new Fact(
              fact.operation(),
              fact.row(),
              lastSeq() + 1,
              new SeqRange(first, last),
              atMicros,
              plan.cause());
      history.add(numbered);
      TreeMap<String, Row> table =
          rows.computeIfAbsent(fact.row().table(), name -> new TreeMap<>());
      if (fact.operation() == Operation.REMOVED) {
        table.remove(fact.row().key());
      } else {
        table.put(fact.row().key(), fact.row());
      }
    }
    if (!key.isEmpty() && !facts.isEmpty()) {
      requests.put(key, new Receipt(first, last, false));
    }
    return new Receipt(first, last, false);
  }

  private static Optional<Fact> fact(Step step) {
    return switch (step) {
      case Step.Add(Row row) -> Optional.of(fact(Operation.ADDED, row));
      case Step.Change(Row before, Values values) ->
          before.with(values).equals(before)
              ? Optional.empty()
              : Optional.of(fact(Operation.CHANGED, before.with(values)));
      case Step.Remove(Row row) -> Optional.of(fact(Operation.REMOVED, row));
      case Step.Refused(TransactionBody body) ->
          throw new IllegalArgumentException("a refused plan does nothing: " + body);
    };
  }

  private static Fact fact(Operation operation, Row row) {
    return new Fact(operation, row, 0, new SeqRange(0, 0), 0, Change.Cause.by(""));
  }

  Digest digest() {
    Digest.Running digest = new Digest.Running();
    rows.values().forEach(table -> table.values().forEach(digest::add));
    return digest.digest();
  }

  @Override
  public String toString() {
    return lastSeq()
        + " changes, "
        + Catalog.TABLES.stream().mapToInt(table -> rows(table).size()).sum()
        + " rows";
  }
}
