package org.thywill.view.rebuild;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Table;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SeqRange;
import org.thywill.view.SqliteReader;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewBuilder;
import org.thywill.view.ViewState;
import org.thywill.view.btree.DuplicateKeyException;
import org.thywill.view.btree.FileDigest;
import org.thywill.view.btree.FileWorkers;
import org.thywill.view.btree.TableFileWriter;

/**
 * Builds a view from an archive, in a scratch file, and proves it by its digest: that of the rows
 * in the file must be the one that the archive recorded at its last checkpoint.
 *
 * <p>How: the logs of one table hold all its changes in order, so tables are loaded one after the
 * other. Additions of new rows are written directly as pages of the file, which is fastest. Changes
 * and removals are applied afterwards, in a second reading of the logs. The changes after the
 * checkpoint are applied last, from the journal, as a running server would.
 */
public final class Rebuild {
  private static final long REPORT_EVERY = 4_096;

  private final ArchiveReader archive;
  private final PointInTime until;
  private final ProgressListener progress;
  private final boolean isProofRequired;
  private final Map<String, SeqRange> requests = new HashMap<>();
  private long changes;
  private long lastSeq;
  private long lastAtMicros;

  private Rebuild(
      ArchiveReader archive,
      PointInTime until,
      ProgressListener progress,
      boolean isProofRequired) {
    this.archive = archive;
    this.until = until;
    this.progress = progress;
    this.isProofRequired = isProofRequired;
    this.lastAtMicros = archive.identity().createdAt();
  }

  /**
   * The outcome of a rebuild.
   *
   * @param changes how many changes were read
   * @param seq the last change in the view
   * @param digest of the rows in the file
   * @param proven whether the digest was compared with one that the archive recorded
   * @param differing the tables whose rows are not those that were recorded; only a rebuild of some
   *     tables leaves others as they were
   */
  public record Result(
      long changes, long seq, Digest digest, boolean proven, List<Table> differing) {
    public Result {
      differing = List.copyOf(differing);
    }
  }

  /**
   * Builds a whole view in a file that does not exist yet.
   *
   * @param until where the rebuild ends
   * @throws DamagedArchiveException if the archive is damaged
   * @throws DigestMismatchException if the view does not have the digest that the archive recorded
   */
  public static Result into(
      Path scratch, ArchiveReader archive, PointInTime until, ProgressListener progress)
      throws IOException {
    return new Rebuild(archive, until, progress, true).whole(scratch);
  }

  /**
   * Builds a whole view whose digest need not be the one that the archive recorded, for a caller
   * that has checked everything else.
   *
   * @throws DamagedArchiveException if the archive is damaged
   */
  public static Result unproven(
      Path scratch, ArchiveReader archive, PointInTime until, ProgressListener progress)
      throws IOException {
    return new Rebuild(archive, until, progress, false).whole(scratch);
  }

  /**
   * Rebuilds some tables of a copied view, up to the last change of that view.
   *
   * @throws DamagedArchiveException if the archive is damaged, or ends before the view does
   * @throws DigestMismatchException if the tables do not have the digests that the archive recorded
   */
  public static Result tables(
      Path copy, ArchiveReader archive, Collection<Table> tables, ProgressListener progress)
      throws IOException {
    ViewState state;
    try (ViewBuilder view = ViewBuilder.open(copy)) {
      state = view.state();
    }
    if (state.seq() > archive.lastSeq()) {
      throw new DamagedArchiveException(
          "archive-behind",
          ".",
          0,
          "the archive ends with change "
              + archive.lastSeq()
              + ", the database holds change "
              + state.seq());
    }
    return new Rebuild(archive, PointInTime.seq(state.seq()), progress, true)
        .part(copy, tables, state);
  }

  private Result whole(Path scratch) throws IOException {
    BitSet seen = new BitSet();
    try (ViewBuilder view = ViewBuilder.open(scratch)) {
      view.begin();
      view.createBookkeeping();
      view.commit();
    }
    List<TableFileWriter.Roots> roots = createTables(scratch, Catalog.TABLES);
    List<Table> unfinished = fill(scratch, roots, seen);
    archive.requireDense(seen);
    if (!unfinished.isEmpty()) {
      try (ViewBuilder view = ViewBuilder.open(scratch)) {
        view.begin();
        for (Table table : unfinished) {
          applyChanges(view, table);
        }
        view.commit();
      }
    }
    Digest atCheckpoint = readBack(scratch, roots);
    if (isProofRequired && lastSeq == archive.head().seq()) {
      prove(atCheckpoint);
    }
    try (ViewBuilder view = ViewBuilder.open(scratch)) {
      view.begin();
      view.recordRequests(requests);
      boolean asOf = !until.equals(PointInTime.NOW);
      view.finish(
          new ViewState(
              archive.identity().community(),
              Catalog.VERSION,
              lastSeq,
              lastAtMicros,
              asOf,
              atCheckpoint,
              0)); // the requests that were recorded count from here
      view.commit();
    }
    return new Result(
        changes + followJournal(scratch),
        lastSeq,
        digestOf(scratch),
        isProofRequired && !archive.isHeadDerived() && lastSeq >= archive.head().seq(),
        List.of());
  }

  /**
   * Computes the digest of the rows in the file, while SQLite checks its pages and the disk writes
   * them.
   */
  private static Digest readBack(Path scratch, List<TableFileWriter.Roots> roots)
      throws IOException {
    CompletableFuture<Digest> digest = new CompletableFuture<>();
    FileWorkers.run(
        "read-back",
        List.of(
            () -> digest.complete(FileDigest.of(scratch, roots)),
            () -> requireSound(scratch),
            () -> force(scratch)));
    return digest.join();
  }

  /** Forces the file early, so that the force before its installation has little left to do. */
  private static void force(Path scratch) throws IOException {
    try (FileChannel file = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
      file.force(false);
    }
  }

  private static void requireSound(Path scratch) throws IOException {
    try (SqliteReader reader = SqliteReader.open(scratch)) {
      reader.requireSound();
    }
  }

  private Digest digestOf(Path file) throws IOException {
    try (SqliteWriter view = SqliteWriter.open(file)) {
      return view.digest();
    }
  }

  private Result part(Path copy, Collection<Table> tables, ViewState state) throws IOException {
    List<Table> unfinished = fill(copy, createTables(copy, tables), new BitSet());
    Digest recorded;
    try (ViewBuilder view = ViewBuilder.open(copy)) {
      view.begin();
      for (Table table : unfinished) {
        applyChanges(view, table);
      }
      Digest atCheckpoint = view.digest(tables);
      if (state.seq() >= archive.head().seq()) {
        prove(merged(archive.head().digest(), atCheckpoint));
      }
      for (Change change : archive.tail()) {
        if (tables.contains(change.table()) && until.includes(change)) {
          view.apply(change);
          changes++;
        }
      }
      recorded = merged(recordedAt(state), view.digest(tables));
      view.finish(
          new ViewState(
              state.community(),
              state.catalog(),
              state.seq(),
              state.atMicros(),
              state.asOf(),
              recorded,
              state.requests()));
      view.commit();
    }
    Digest found = digestOfRows(copy);
    return new Result(
        changes,
        state.seq(),
        found,
        !archive.isHeadDerived() && state.seq() >= archive.head().seq(),
        Catalog.TABLES.stream()
            .filter(Table::inDigest)
            .filter(
                table ->
                    !Objects.equals(
                        found.tables().get(table.name()), recorded.tables().get(table.name())))
            .toList());
  }

  /** The digest of the rows as they are in a finished file. */
  private static Digest digestOfRows(Path file) throws IOException {
    try (SqliteReader view = SqliteReader.open(file)) {
      return view.computeDigest();
    }
  }

  /**
   * The digest that was recorded for the change with which a view ends: by the archive, for tables
   * that have not changed since its last checkpoint, and otherwise by the view itself.
   */
  private Digest recordedAt(ViewState state) throws IOException {
    if (state.seq() < archive.head().seq()) {
      return state.digest();
    }
    Map<String, Digest.Entry> unchanged = new HashMap<>(archive.head().digest().tables());
    for (Change change : archive.tail()) {
      unchanged.remove(change.table().name());
    }
    return merged(state.digest(), new Digest(unchanged));
  }

  private static Digest merged(Digest base, Digest some) {
    Map<String, Digest.Entry> entries = new HashMap<>(base.tables());
    entries.putAll(some.tables());
    return new Digest(entries);
  }

  private void prove(Digest digest) throws DigestMismatchException {
    Digest recorded = archive.head().digest();
    if (digest.hex().equals(recorded.hex())) {
      return;
    }
    Optional<String> different =
        digest.tables().keySet().stream()
            .filter(
                table -> !Objects.equals(digest.tables().get(table), recorded.tables().get(table)))
            .findFirst();
    throw new DigestMismatchException(
        "the rebuilt database differs from what the archive recorded at change "
            + archive.head().seq()
            + ", first in table "
            + different.orElse("none")
            + ". Run: thywill validate-archives");
  }

  private static List<TableFileWriter.Roots> createTables(Path scratch, Collection<Table> tables)
      throws IOException {
    List<TableFileWriter.Roots> all = new ArrayList<>();
    try (ViewBuilder view = ViewBuilder.open(scratch)) {
      view.begin();
      for (Table table : tables) {
        view.createTable(table);
      }
      view.commit();
      for (Table table : tables) {
        all.add(view.roots(table));
      }
    }
    return all;
  }

  /**
   * Fills tables with the rows that were added up to the checkpoint. If a log is damaged, starts
   * again with the lines that the journal has.
   *
   * @return the tables in which rows were also changed or removed
   */
  private List<Table> fill(Path scratch, List<TableFileWriter.Roots> tables, BitSet seen)
      throws IOException {
    try (TableFileWriter pages = TableFileWriter.open(scratch)) {
      while (true) {
        try {
          List<Table> unfinished = fillOnce(pages, tables, seen);
          pages.finish();
          return unfinished;
        } catch (DamagedArchiveException damage) {
          archive.readFromJournal(damage);
          pages.restart();
          changes = 0;
        }
      }
    } catch (DuplicateKeyException e) {
      String log = archive.head().logsOf(e.table()).getLast();
      throw (DamagedArchiveException)
          new DamagedArchiveException("row-added-twice", log, 0, String.valueOf(e.getMessage()))
              .initCause(e);
    }
  }

  private List<Table> fillOnce(
      TableFileWriter pages, List<TableFileWriter.Roots> tables, BitSet seen) throws IOException {
    List<Table> unfinished = new ArrayList<>();
    for (TableFileWriter.Roots roots : tables) {
      pages.begin(roots);
      boolean[] more = {false};
      AdditionFilter additions = new AdditionFilter();
      PrefetchingReader.run(
          sink -> archive.forEach(roots.table(), seen, sink),
          change -> {
            if (!until.includes(change)) {
              return; // the line is checked, but not loaded
            }
            note(change);
            if (additions.isAdditionOfNewKey(change)) {
              pages.add(change);
            } else {
              more[0] = true;
            }
          });
      pages.end();
      if (more[0]) {
        unfinished.add(roots.table());
      }
    }
    return unfinished;
  }

  /** Reads the logs of a table again, and applies everything but additions of new rows. */
  private void applyChanges(ViewBuilder view, Table table) throws IOException {
    AdditionFilter additions = new AdditionFilter();
    archive.forEach(
        table,
        new BitSet(),
        change -> {
          if (!until.includes(change)) {
            return false;
          }
          if (!additions.isAdditionOfNewKey(change)) {
            view.apply(change);
          }
          return true;
        });
  }

  private void note(Change change) {
    changes++;
    if (change.seq() > lastSeq) {
      lastSeq = change.seq();
      lastAtMicros = change.at();
    }
    String request = change.stamp().cause().idempotencyKey();
    if (!request.isEmpty()) {
      requests.put(request, new SeqRange(change.stamp().first(), change.stamp().last()));
    }
    if (changes % REPORT_EVERY == 0) {
      progress.report("changes", changes, archive.lastSeq());
    }
  }

  private long followJournal(Path scratch) throws IOException {
    if (lastSeq < archive.head().seq() || archive.tail().isEmpty()) {
      return 0;
    }
    List<Change> wanted = archive.tail().stream().filter(until::includes).toList();
    try (SqliteWriter view = SqliteWriter.open(scratch)) {
      view.catchUp(wanted);
      lastSeq = view.state().seq();
    }
    return wanted.size();
  }

  /**
   * Separates additions of new keys from all other changes. A key that was removed before is not
   * new.
   */
  private static final class AdditionFilter {
    private final Set<String> removed = new HashSet<>();

    boolean isAdditionOfNewKey(Change change) {
      if (change.operation() == Operation.REMOVED) {
        removed.add(change.row().key());
      }
      return change.operation() == Operation.ADDED
          && (removed.isEmpty() || !removed.contains(change.row().key()));
    }
  }
}
