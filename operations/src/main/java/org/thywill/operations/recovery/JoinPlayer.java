package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.ledger.TransactionBody;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.HistoryJoin.Collision;
import org.thywill.operations.recovery.JoinDecisions.Decision;
import org.thywill.operations.recovery.JoinPlan.RowKey;
import org.thywill.operations.recovery.JoinPlan.Theirs;
import org.thywill.view.ViewReader;

/**
 * Makes the changes of another history again through a ledger.
 *
 * <p>A change that is not made again leaves a line of kind {@code fork} with its whole line, in the
 * same transaction. Where it cannot go on without a decision, it notes a collision and goes on with
 * the rest, so that all of them are found; the caller then throws away what was written.
 */
final class JoinPlayer {
  /** The outcomes of changes that are not made again. */
  private static final String KEPT = "kept";

  private static final String SAME = "same";
  private static final String THERE = "there";
  private static final List<String> KEPT_OR_TAKEN = List.of("keep", "take");

  /** A longer line is cut: escaped again, it might not fit into another one. */
  private static final int LINE_CHARS_MAX = 1 << 20;

  private final JoinPlan plan;
  private final JoinDecisions decisions;
  private final String place;
  private final Supplier<String> ids;

  /** The new keys of rows that both histories have added, and that both stay. */
  private final Map<RowKey, String> renamed = new HashMap<>();

  private final Map<RowKey, Collision> collisions = new LinkedHashMap<>();
  private long taken;
  private long leftOut;

  /** Where the changes are made again. */
  interface Target {
    /**
     * Makes all changes of a transaction, or none.
     *
     * @return the number of the first change
     */
    long write(Change.Cause cause, TransactionBody body) throws IOException;

    /** Whether there is a row, before the first transaction. */
    boolean has(Table table, String key) throws IOException;

    /** A ledger. */
    static Target of(Ledger ledger) {
      return new Target() {
        @Override
        public long write(Change.Cause cause, TransactionBody body) throws IOException {
          return ledger.write(cause, body).first();
        }

        @Override
        public boolean has(Table table, String key) throws IOException {
          try (ViewReader view = ledger.read()) {
            return view.has(table, key);
          }
        }
      };
    }
  }

  /**
   * Creates a player.
   *
   * @param place the name of the other archive, for the source of each change
   * @param ids makes random ids for new rows
   */
  JoinPlayer(JoinPlan plan, JoinDecisions decisions, String place, Supplier<String> ids) {
    this.plan = plan;
    this.decisions = decisions;
    this.place = place;
    this.ids = ids;
  }

  /** The rows that need a decision. */
  List<Collision> collisions() {
    return List.copyOf(collisions.values());
  }

  /** How many changes were made again. */
  long taken() {
    return taken;
  }

  /** How many changes were not made again, each with a line. */
  long leftOut() {
    return leftOut;
  }

  /** Makes all changes again, as far as they are decided. */
  void play(Target target) throws IOException {
    for (RowKey row : plan.rows()) {
      requireDecided(row);
      rename(row, target);
    }
    for (Theirs theirs : plan.transactions()) {
      try {
        target.write(cause(theirs), tx -> play(theirs, tx));
      } catch (ConstraintViolationException e) {
        RowKey row = RowKey.of(theirs.changes().getFirst().row());
        collide(row, "cannot be made again as it is: " + e.getMessage(), KEPT_OR_TAKEN);
      }
    }
  }

  private void requireDecided(RowKey row) {
    Optional<Decision> decision = decisions.about(row.table(), row.key());
    switch (plan.relation(row)) {
      case BOTH -> {
        if (decision.isEmpty()) {
          collide(row, "was changed in both: " + difference(row), KEPT_OR_TAKEN);
        }
      }
      case TWO_MEMBERS -> {
        if (!(decision.orElse(null) instanceof Decision.As)) {
          collide(
              row,
              "joined in both, and may be two people: only another handle for the one of "
                  + place
                  + " keeps them apart",
              List.of("as"));
        }
      }
      case THEIRS, SAME, OF_THE_MACHINE -> {}
    }
  }

  /** Notes the new key of a row that stays beside the one of this archive. */
  private void rename(RowKey row, Target target) throws IOException {
    if (!(decisions.about(row.table(), row.key()).orElse(null)
        instanceof Decision.As(String key, String _))) {
      return;
    }
    boolean collides =
        switch (plan.relation(row)) {
          case BOTH, TWO_MEMBERS -> true;
          case THEIRS, SAME, OF_THE_MACHINE -> false;
        };
    RowKey other = new RowKey(row.table(), key);
    if (!collides || plan.rows().contains(other) || target.has(row.table(), key)) {
      throw new OperationRefusedException(
          "as|"
              + row.table()
              + "|"
              + FieldEscaping.escape(row.key())
              + ": "
              + (collides
                  ? "there is a row " + key + " already; expected another key"
                  : "the row does not collide, so it needs no other key"));
    }
    renamed.put(row, key);
  }

  private void collide(RowKey row, String what, List<String> verbs) {
    String named = row.table() + "|" + FieldEscaping.escape(row.key()) + "|";
    collisions.putIfAbsent(
        row,
        new Collision(
            row.table().name(),
            row.key(),
            what,
            verbs.stream()
                .map(verb -> verb + "|" + named + (verb.equals("as") ? "NEW|" : ""))
                .toList()));
  }

  /** Which columns of a row differ, or which history has removed it. */
  private String difference(RowKey row) {
    Optional<Row> here = plan.here(row);
    Optional<Row> there = plan.there(row);
    if (here.isEmpty() || there.isEmpty()) {
      return here.isEmpty() ? "removed here" : "removed in " + place;
    }
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < row.table().columns().size(); i++) {
      if (!Objects.equals(here.get().value(i), there.get().value(i))) {
        columns.add(row.table().columns().get(i).name());
      }
    }
    return "they differ in " + String.join(", ", columns);
  }

  private Change.Cause cause(Theirs theirs) {
    Change.TransactionInfo stamp = theirs.stamp();
    Change.Cause cause = stamp.cause();
    String numbers =
        stamp.first() == stamp.last()
            ? String.valueOf(stamp.first())
            : stamp.first() + "-" + stamp.last();
    String source = place + ":" + numbers + " of " + Timestamps.format(stamp.atMicros());
    return new Change.Cause(
        renamed.getOrDefault(new RowKey(Catalog.MEMBERS, cause.actor()), cause.actor()),
        cause.reason(),
        cause.source().isEmpty() ? source : source + ", " + cause.source(),
        theirs.key());
  }

  private void play(Theirs theirs, Transaction tx) throws IOException {
    for (Change change : theirs.changes()) {
      Optional<String> outcome = outcome(change, tx);
      if (outcome.isPresent()) {
        leaveOut(change, outcome.get(), tx);
      } else {
        apply(change, tx);
        taken++;
      }
    }
  }

  /** Why a change is not made again; empty if it is. */
  private Optional<String> outcome(Change change, Transaction tx) throws IOException {
    if (change.table() == Catalog.OPERATIONS) {
      return Optional.of(THERE); // What was done to that archive was not done to this one.
    }
    RowKey row = RowKey.of(change.row());
    Optional<Decision> decision = decisions.about(row.table(), row.key());
    return switch (plan.relation(row)) {
      case SAME -> Optional.of(SAME);
      case OF_THE_MACHINE -> Optional.of(KEPT);
      case BOTH, TWO_MEMBERS -> decision.filter(Decision.Keep.class::isInstance).map(_ -> KEPT);
      case THEIRS -> outcomeOfTheirs(change, decision.orElse(null), tx);
    };
  }

  private Optional<String> outcomeOfTheirs(
      Change change, @Nullable Decision decision, Transaction tx) throws IOException {
    Optional<String> obstacle = obstacle(change, tx);
    if (obstacle.isEmpty() || decision instanceof Decision.Take) {
      return Optional.empty();
    }
    if (decision == null) {
      collide(RowKey.of(change.row()), obstacle.get(), KEPT_OR_TAKEN);
    }
    return Optional.of(KEPT);
  }

  /** What of this archive speaks against a change of a row that only the other one has changed. */
  private Optional<String> obstacle(Change change, Transaction tx) throws IOException {
    return change.operation() == Operation.REMOVED
        ? reference(RowKey.of(change.row()), tx)
        : missingTarget(translated(change.row()), tx);
  }

  private Optional<String> reference(RowKey removed, Transaction tx) throws IOException {
    for (Table table : Catalog.TABLES) {
      for (Column<?> column : table.columns()) {
        if (column.refersTo(removed.table())) {
          for (Row row : tx.findBy(column.asText(), removed.key())) {
            if (plan.isChangedHere(RowKey.of(row))) {
              return Optional.of(
                  "was removed in "
                      + place
                      + ", and "
                      + row
                      + " here names it in "
                      + column.name());
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> missingTarget(Row row, Transaction tx) throws IOException {
    for (Column<?> column : row.table().columns()) {
      Optional<Table> target = column.target();
      if (target.isPresent()
          && row.value(column.name()) instanceof String key
          && !(target.get() == Catalog.MEMBERS && key.equals(HandleNormalizer.SYSTEM))
          && tx.find(target.get(), key).isEmpty()) {
        return Optional.of(
            "names in " + column.name() + " a row of " + target.get() + " that is not there");
      }
    }
    return Optional.empty();
  }

  /** A row with the new keys of those that were renamed. */
  private Row translated(Row row) {
    if (renamed.isEmpty()) {
      return row;
    }
    Map<String, @Nullable Object> changed = new LinkedHashMap<>();
    for (Column<?> column : row.table().columns()) {
      Table target =
          column.equals(row.table().keyColumn()) ? row.table() : column.target().orElse(null);
      if (target != null && row.value(column.name()) instanceof String key) {
        String other = renamed.get(new RowKey(target, key));
        if (other != null) {
          changed.put(column.name(), other);
        }
      }
    }
    return changed.isEmpty() ? row : row.with(changed);
  }

  private void apply(Change change, Transaction tx) throws IOException {
    Row row = translated(change.row());
    boolean exists = tx.find(row.table(), row.key()).isPresent();
    if (change.operation() == Operation.REMOVED) {
      if (exists) {
        tx.remove(row.table(), row.key());
      }
      return;
    }
    if (!exists) {
      boolean isWhole =
          row.table().columns().stream()
              .allMatch(column -> !column.required() || row.value(column.name()) != null);
      if (isWhole && missingTarget(row, tx).isEmpty()) {
        tx.add(row);
      } else {
        tx.addImported(row);
      }
      return;
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Column<?> column : row.table().columns()) {
      if (!column.equals(row.table().keyColumn())) {
        values.put(column.name(), row.value(column.name()));
      }
    }
    tx.change(row.table(), row.key(), values);
  }

  private void leaveOut(Change change, String outcome, Transaction tx) throws IOException {
    leftOut++;
    Optional<Decision> decision = decisions.about(change.table(), change.row().key());
    String why =
        outcome.equals(KEPT) && decision.isPresent()
            ? " (" + decisions.decidedBy() + ": " + decision.get().why() + ")"
            : "";
    String line = plan.line(change);
    String shown =
        line.length() <= LINE_CHARS_MAX
            ? line
            : line.substring(0, line.offsetByCodePoints(0, LINE_CHARS_MAX / 2)) + "…";
    tx.add(
        new OperationLog.Entry(
                ids.get(),
                OperationLog.FORK,
                outcome,
                place + ":" + change.seq() + why + ": " + shown,
                "")
            .row());
  }

  /**
   * Records the join.
   *
   * @param here the head of this archive before
   * @param there the head of the other one
   * @return the number of the change
   */
  long record(Target target, String here, String there) throws IOException {
    Row row =
        new OperationLog.Entry(
                ids.get(),
                OperationLog.FORK,
                "joined",
                "common %d; here %s; there %s; from %s; taken %d, not taken %d"
                    .formatted(plan.common(), here, there, place, taken, leftOut),
                "")
            .row();
    return target.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because(decidedReasons()), tx -> tx.add(row));
  }

  private String decidedReasons() {
    Set<String> parts = new LinkedHashSet<>();
    parts.add("join --from " + place);
    if (!decisions.decidedBy().isEmpty()) {
      parts.add("decided by " + decisions.decidedBy());
    }
    return String.join(", ", parts);
  }
}
