package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.settings.KnownSettings;

/**
 * What has to be taken from another history, and where that collides with one's own.
 *
 * <p>Reads both archives and writes nothing. Transactions that were taken before are left out, and
 * so are those that the other one took from this archive.
 */
final class JoinPlan {
  private final ArchiveReader copy;
  private final long from;
  private final long ours;
  private final List<Theirs> transactions;
  private final Map<RowKey, Touched> here;
  private final Map<RowKey, Touched> there;

  /** A row by its table and key. */
  record RowKey(Table table, String key) {
    static RowKey of(Row row) {
      return new RowKey(row.table(), row.key());
    }
  }

  /**
   * A transaction to take.
   *
   * @param key under which it is taken
   */
  record Theirs(String key, List<Change> changes) {
    Change.TransactionInfo stamp() {
      return changes.getFirst().stamp();
    }
  }

  /**
   * What one history did to a row.
   *
   * @param isNew whether the row was added after the common past
   * @param row as it is in the end; empty if it was removed
   */
  private record Touched(boolean isNew, Optional<Row> row) {
    static Touched by(@Nullable Touched before, Change change) {
      boolean isNew = before == null ? change.operation() == Operation.ADDED : before.isNew();
      return new Touched(
          isNew,
          change.operation() == Operation.REMOVED ? Optional.empty() : Optional.of(change.row()));
    }
  }

  /** How both histories are related at a row that the other one has changed. */
  enum Relation {
    /** Only the other one has changed it. */
    THEIRS,
    /** Both have, and it is the same in the end. */
    SAME,
    /** It is a setting of one machine, and stays as it is here. */
    OF_THE_MACHINE,
    /** Both have, in different ways. */
    BOTH,
    /** Both have added a member with this handle: they may be two people. */
    TWO_MEMBERS
  }

  private JoinPlan(
      ArchiveReader copy,
      long from,
      long ours,
      List<Theirs> transactions,
      Map<RowKey, Touched> here,
      Map<RowKey, Touched> there) {
    this.copy = copy;
    this.from = from;
    this.ours = ours;
    this.transactions = transactions;
    this.here = here;
    this.there = there;
  }

  /**
   * Reads what both have from a change on.
   *
   * @param from the first change that differs
   */
  static JoinPlan of(ArchiveReader own, ArchiveReader copy, long from) throws IOException {
    List<Theirs> ours = transactions(own, from);
    List<Theirs> theirs = transactions(copy, from);
    Set<String> ownKeys = new HashSet<>();
    Set<String> copyKeys = new HashSet<>();
    ours.forEach(each -> ownKeys.add(each.key()));
    theirs.forEach(each -> copyKeys.add(each.key()));
    List<Theirs> toTake = theirs.stream().filter(each -> !ownKeys.contains(each.key())).toList();
    Map<RowKey, Touched> here = new HashMap<>();
    long oursCount = 0;
    for (Theirs each : ours) {
      if (!copyKeys.contains(each.key())) {
        oursCount += each.changes().size();
        add(each, here);
      }
    }
    Map<RowKey, Touched> there = new LinkedHashMap<>();
    toTake.forEach(each -> add(each, there));
    return new JoinPlan(copy, from, oursCount, toTake, here, there);
  }

  private static List<Theirs> transactions(ArchiveReader archive, long from) throws IOException {
    Map<Long, List<Change>> byFirst = new LinkedHashMap<>();
    archive.forEachInJournal(
        from,
        change ->
            byFirst.computeIfAbsent(change.stamp().first(), _ -> new ArrayList<>()).add(change));
    List<Theirs> transactions = new ArrayList<>();
    for (List<Change> each : byFirst.values()) {
      transactions.add(new Theirs(JoinKey.of(archive, each.getFirst()), each));
    }
    return transactions;
  }

  private static void add(Theirs transaction, Map<RowKey, Touched> touched) {
    for (Change change : transaction.changes()) {
      touched.compute(RowKey.of(change.row()), (_, before) -> Touched.by(before, change));
    }
  }

  /** The journal line of a change of the other archive, without its line feed. */
  String line(Change change) throws IOException {
    return copy.line(change.seq());
  }

  /** The last change that both have. */
  long common() {
    return from - 1;
  }

  /** How many changes only this archive has. */
  long ours() {
    return ours;
  }

  /** How many changes only the other one has. */
  long theirs() {
    return transactions.stream().mapToLong(each -> each.changes().size()).sum();
  }

  /** The transactions to take, in their order. */
  List<Theirs> transactions() {
    return transactions;
  }

  /** The rows that the other one has changed, in the order of their first changes. */
  Set<RowKey> rows() {
    return there.keySet();
  }

  /** Whether this archive has changed a row that still exists here. */
  boolean isChangedHere(RowKey row) {
    Touched touched = here.get(row);
    return touched != null && touched.row().isPresent();
  }

  /** A row as it is here in the end; empty if it was removed, or this archive did not touch it. */
  Optional<Row> here(RowKey row) {
    return Optional.ofNullable(here.get(row)).flatMap(Touched::row);
  }

  /** A row as it is there in the end; empty if it was removed. */
  Optional<Row> there(RowKey row) {
    return Objects.requireNonNull(there.get(row)).row();
  }

  /** How both are related at a row that the other one has changed. */
  Relation relation(RowKey row) {
    Touched own = here.get(row);
    Touched other = Objects.requireNonNull(there.get(row));
    if (own == null) {
      return Relation.THEIRS;
    }
    if (own.row().equals(other.row())) {
      return Relation.SAME;
    }
    if (row.table() == Catalog.SETTINGS && KnownSettings.isOfTheMachine(row.key())) {
      return Relation.OF_THE_MACHINE;
    }
    boolean isTwoMembers = row.table() == Catalog.MEMBERS && own.isNew() && other.isNew();
    return isTwoMembers ? Relation.TWO_MEMBERS : Relation.BOTH;
  }
}
