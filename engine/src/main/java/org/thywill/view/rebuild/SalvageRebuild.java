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
import org.thywill.view.SqliteWriter;

/**
 * Builds a view from what can be had of an archive that has lost something. Each line carries its
 * whole row, so a row is what its last line says, also where an earlier one is lost. Nothing proves
 * such a view: it gets a {@link RecoveryMarker}, and the ledger does not serve it.
 */
public final class SalvageRebuild {
  private static final int BATCH = 10_000;
  private static final int NAMED_MAX = 1_000;

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
   * What was built.
   *
   * @param changes how many changes could be had
   * @param seq the last change that is known to have been
   * @param proven whether nothing is lost after all, and the digest is the one that the archive
   *     recorded
   * @param defaults what was put in the place of what is lost, one sentence for each row, the first
   *     thousand
   * @param refitted the changes that were taken for something else than their lines say, since a
   *     line before them is lost, by number; empty for a removal of what is not there
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
      long[] waiting = {0};
      archive.forEach(
          table,
          change -> {
            apply(change);
            if (++waiting[0] % BATCH == 0) {
              seal();
              view.begin();
            }
            return true;
          });
      seal();
    }
    boolean proven =
        archive.lost().isEmpty() && view.digest().hex().equals(archive.digestAtCheckpoint().hex());
    view.begin();
    for (Change change : archive.tail()) {
      apply(change);
    }
    seal();
    return new Result(
        changes,
        archive.lastSeq(),
        view.digest(),
        proven,
        List.copyOf(defaults),
        Collections.unmodifiableSortedMap(refitted));
  }

  private void seal() throws IOException {
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
    String request = change.stamp().cause().idempotencyKey();
    if (!request.isEmpty()) {
      view.recordRequest(request, change.stamp().first(), change.stamp().last());
    }
  }

  /** The change that leads to the row of a line, whatever was lost before it. */
  private Optional<Change> fitting(Change change) throws IOException {
    boolean present = view.has(change.table(), change.row().key());
    return switch (change.operation()) {
      case ADDED -> {
        if (!present) {
          yield Optional.of(change);
        }
        said(change, "was added again; the line that removed it before is lost");
        yield Optional.of(change.as(Operation.CHANGED));
      }
      case CHANGED -> {
        if (present) {
          yield Optional.of(change);
        }
        said(change, "is made from a later line; the one that added it is lost");
        yield Optional.of(change.as(Operation.ADDED));
      }
      case REMOVED -> {
        if (!present) {
          said(change, "was removed; the line that added it is lost");
        }
        yield present ? Optional.of(change) : Optional.empty();
      }
    };
  }

  private void said(Change change, String what) {
    if (defaults.size() < NAMED_MAX) {
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
