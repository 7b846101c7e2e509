package org.thywill.view.rebuild;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thywill.archive.repair.Salvage;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SeqRange;
import org.thywill.view.SqliteWriter;

/**
 * Builds a view from the remaining lines of an archive that has lost some. Each line has its whole
 * row, so the last line of a row is enough, even where an earlier one is lost. No digest proves
 * such a view: it gets a {@link RecoveryMarker}, and the ledger does not serve it.
 */
public final class SalvageRebuild {
  private static final int BATCH_CHANGES = 10_000;
  private static final int DEFAULTS_MAX = 1_000;

  private final SqliteWriter view;
  private final Salvage archive;
  private final ProgressListener progress;
  private final List<String> defaults = new ArrayList<>();
  private final SortedMap<Long, Optional<Operation>> refitted = new TreeMap<>();
  private long changes;

  private SalvageRebuild(SqliteWriter view, Salvage archive, ProgressListener progress) {
    this.view = view;
    this.archive = archive;
    this.progress = progress;
  }

  /**
   * The outcome.
   *
   * @param changes how many changes were found
   * @param seq the last change that is known to have been made
   * @param digest of the view
   * @param proven whether nothing is lost, and the digest is the one that the archive recorded
   * @param defaults what replaces the lost changes, one sentence a row, at most a thousand
   * @param refitted by seq, the operations of changes that differ from what their lines say,
   *     because an earlier line is lost or contradicts it; empty for a removal of a row that is not
   *     there
   */
  public record Result(
      long changes,
      long seq,
      Digest digest,
      boolean proven,
      List<String> defaults,
      SortedMap<Long, Optional<Operation>> refitted) {}

  /** Builds a whole view in a file that does not exist yet. */
  public static Result into(Path scratch, Salvage archive, ProgressListener progress)
      throws IOException {
    try (SqliteWriter view =
        SqliteWriter.create(
            scratch, archive.identity().community(), archive.identity().createdAt())) {
      return new SalvageRebuild(view, archive, progress).build();
    }
  }

  private Result build() throws IOException {
    for (Table table : Catalog.TABLES) {
      view.begin();
      archive.forEach(
          table,
          change -> {
            apply(change);
            if (changes % BATCH_CHANGES == 0) {
              commit();
              view.begin();
            }
            return true;
          });
      commit();
    }
    boolean proven =
        archive.lost().isEmpty() && view.digest().hex().equals(archive.digestAtCheckpoint().hex());
    view.begin();
    for (Change change : archive.tail()) {
      apply(change);
    }
    commit();
    return new Result(
        changes,
        archive.lastSeq(),
        view.digest(),
        proven,
        List.copyOf(defaults),
        Collections.unmodifiableSortedMap(refitted));
  }

  private void commit() throws IOException {
    view.writeViewState(
        archive.lastSeq(),
        Math.max(archive.lastAt(), archive.identity().createdAt()),
        Set.copyOf(Catalog.TABLES));
    view.commit();
    progress.report("changes", changes, archive.lastSeq());
  }

  private void apply(Change change) throws IOException {
    Optional<Change> fitting = fitting(change);
    if (fitting.isPresent()) {
      view.apply(fitting.get());
    }
    Optional<Operation> operation = fitting.map(Change::operation);
    if (!operation.equals(Optional.of(change.operation()))) {
      refitted.put(change.seq(), operation);
    }
    changes++;
    String key = change.stamp().cause().idempotencyKey();
    if (!key.isEmpty()) {
      view.recordRequest(key, new SeqRange(change.stamp().first(), change.stamp().last()));
    }
  }

  /** The change that makes the row what its line says, whatever was lost before; empty for none. */
  private Optional<Change> fitting(Change change) throws IOException {
    boolean present = view.has(change.table(), change.row().key());
    return switch (change.operation()) {
      case ADDED -> {
        if (!present) {
          yield Optional.of(change);
        }
        addDefault(
            change,
            archive.lost().isEmpty()
                ? "was added although it was there; that counts as a change of it"
                : "was added again; the line that removed it before is lost");
        yield Optional.of(change.as(Operation.CHANGED));
      }
      case CHANGED -> {
        if (present) {
          yield Optional.of(change);
        }
        addDefault(
            change,
            archive.lost().isEmpty()
                ? "was changed although it was not there; that counts as adding it"
                : "is made from a later line; the one that added it is lost");
        yield Optional.of(change.as(Operation.ADDED));
      }
      case REMOVED -> {
        if (!present) {
          addDefault(
              change,
              archive.lost().isEmpty()
                  ? "was removed although it was not there; that becomes a gap"
                  : "was removed; the line that added it is lost");
        }
        yield present ? Optional.of(change) : Optional.empty();
      }
    };
  }

  private void addDefault(Change change, String what) {
    if (defaults.size() < DEFAULTS_MAX) {
      defaults.add(
          change.table()
              + "/"
              + SemanticRules.shown(change.table(), change.row().key())
              + " "
              + what
              + " (change "
              + change.seq()
              + ")");
    }
  }
}
