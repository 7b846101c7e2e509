package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Finding;
import org.thywill.progress.ProgressListener;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteReader;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewException;

/**
 * The view that a ledger serves, and whether it can be believed.
 *
 * <p>Only the ledger may write the view. One that another program has changed, that was cut short,
 * whose rows are not those that the archive recorded, or that SQLite finds damaged is doubted: it
 * is set aside and rebuilt from the text before the ledger reads from it again. So nothing of it
 * enters the text.
 */
final class ServedView implements Closeable {
  private static final double NANOS_PER_SECOND = 1e9;

  private static final Doubt CHANGED =
      new Doubt(ViewIncident.CHANGED, "the database was changed by another program", false);
  private static final Doubt GONE = new Doubt(ViewIncident.LOST, "the database was gone", false);
  private static final Doubt REPLACED =
      new Doubt(ViewIncident.REPLACED, "another file was put in the place of the database", false);

  private final Disk disk;
  private final ViewFile file;
  private final ArchiveWriter archive;
  private final ViewEvents events;
  private final LongSupplier nanoTime;

  /** Null while the view cannot be used. */
  private @Nullable SqliteWriter writer;

  /** The file that {@link #writer} has open, as it was last seen. */
  private ViewFile.@Nullable Trace trace;

  /** Why the view must be rebuilt; null while it is believed. */
  private @Nullable Doubt doubt;

  /** Whether the observer knows of the doubt. */
  private boolean isLossReported;

  /** The work that a recovery left in the view; null for none. */
  private @Nullable PendingRecovery recovery;

  private boolean isComparisonWanted;
  private int openings;

  /**
   * Why a view is not believed.
   *
   * @param code of the finding
   * @param isMismatch whether its rows are known to be wrong
   */
  private record Doubt(String code, String reason, boolean isMismatch) {
    static Doubt damaged(String reason) {
      return new Doubt(ViewIncident.DAMAGED, reason, false);
    }
  }

  /**
   * A view that is not open yet.
   *
   * @param events receives what happens to the view
   */
  ServedView(
      Disk disk, ViewFile file, ArchiveWriter archive, ViewEvents events, LongSupplier nanoTime) {
    this.disk = disk;
    this.file = file;
    this.archive = archive;
    this.events = events;
    this.nanoTime = nanoTime;
  }

  /**
   * Opens the view, and applies the changes of the journal that it lacks. Builds it first if it is
   * missing, cannot be read, proves to be damaged, or was changed since its ledger closed it.
   *
   * @param found what is at its path
   * @throws StartRefusedException if the view and the archive do not belong together
   */
  void open(StartupDecision.Found found, ProgressListener progress) throws IOException {
    recovery = found instanceof StartupDecision.Found.View view ? view.recovery() : null;
    switch (StartupDecision.decide(
        found, archive.identity().community(), archive.head().seq(), archive.lastSeq())) {
      case StartupDecision.Decision.Serve(), StartupDecision.Decision.CatchUp() ->
          openIfProven(progress);
      case StartupDecision.Decision.Build() -> {
        build(progress);
        openAndCatchUp();
      }
      case StartupDecision.Decision.SetAsideAndBuild(String reason) ->
          rebuild(new Doubt(ViewIncident.REBUILT, reason, false), progress);
      case StartupDecision.Decision.Refuse(String reason) ->
          throw new StartRefusedException(reason);
    }
  }

  private void openIfProven(ProgressListener progress) throws IOException {
    try {
      Optional<String> problem = problemAtStart();
      if (problem.isEmpty()) {
        openAndCatchUp();
      } else {
        rebuild(
            new Doubt(
                ViewIncident.CHANGED,
                "the database was changed while no server ran: " + problem.get(),
                true),
            progress);
      }
    } catch (ViewException e) {
      if (!e.needsRebuild()) {
        throw e;
      }
      rebuild(new Doubt(ViewIncident.REBUILT, String.valueOf(e.getMessage()), false), progress);
    }
  }

  /** Why a view that no ledger has open is not believed; empty if it is. */
  private Optional<String> problemAtStart() throws IOException {
    ViewProof proof = new ViewProof(file, archive.head());
    return switch (ViewStamp.verdict(file)) {
      case UNTOUCHED -> proof.ofRecorded();
      case CHANGED -> Optional.of(proof.ofClosed().orElse("its bytes are not those that it had"));
      case UNKNOWN -> {
        isComparisonWanted = true; // of the indexes, too
        yield proof.ofClosed();
      }
    };
  }

  private void build(ProgressListener progress) throws IOException {
    file.replace(archiveReader(), recovery, progress);
  }

  private ArchiveReader archiveReader() throws IOException {
    return ArchiveReader.open(disk, archive.lastSeq());
  }

  /** Builds a view in the place of one that is not believed, opens it, and reports that. */
  private void rebuild(Doubt because, ProgressListener progress) throws IOException {
    long start = nanoTime.getAsLong();
    boolean isServing = openings > 0;
    Path aside = isServing && file.exists() ? file.setAside(ViewFile.DAMAGED) : null;
    ViewFile.Replacement built = file.replace(archiveReader(), recovery, progress);
    openAndCatchUp();
    Path old = aside == null ? built.aside() : aside;
    SqliteReader now = SqliteReader.open(file.file());
    try {
      now.pin();
      events.rebuilt(
          new ViewEvents.Replaced(
              new ViewIncident(
                  because.code(),
                  because.reason(),
                  old == null ? "" : String.valueOf(old.getFileName()),
                  built.result().changes(),
                  (nanoTime.getAsLong() - start) / NANOS_PER_SECOND,
                  List.of(),
                  ""),
              because.isMismatch(),
              old,
              now));
    } catch (IOException | RuntimeException e) {
      now.close();
      throw e;
    }
  }

  private void openAndCatchUp() throws IOException {
    ViewStamp.delete(file); // from now on nothing says how the file must look
    SqliteWriter opened = SqliteWriter.open(file.file());
    try {
      opened.requireTables();
      opened.catchUp(archive.pending());
      opened
          .madeIndexes()
          .forEach(
              index ->
                  events.add(
                      Finding.note(
                          "view-index-made",
                          file.file().toString(),
                          0,
                          "the index " + index + " was missing, and was made again")));
      trace = file.trace();
      writer = opened;
      openings++;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The view, which must be open. */
  SqliteWriter writer() {
    return Objects.requireNonNull(writer);
  }

  /** How often the view was opened; every rebuild counts. */
  int openings() {
    return openings;
  }

  boolean isDoubted() {
    return doubt != null;
  }

  /**
   * Whether the view is open, is not doubted, and its file is in place: the same as before, no
   * shorter, and not written by others. Only the ledger's own connection copies pages to the file,
   * when it commits.
   */
  boolean isInPlace() throws IOException {
    ViewFile.Trace before = trace;
    if (writer == null || doubt != null || before == null) {
      return false;
    }
    ViewFile.Trace now = file.trace();
    if (now == null || !now.isOf(before)) {
      return false;
    }
    if (now.sizeBytes() < before.sizeBytes()) {
      doubt =
          Doubt.damaged(
              "the database was cut from "
                  + before.sizeBytes()
                  + " to "
                  + now.sizeBytes()
                  + " bytes");
      return false;
    }
    if (!now.modified().equals(before.modified())) {
      doubt = CHANGED;
      return false;
    }
    if (!now.changed().equals(before.changed())) {
      isComparisonWanted = true;
    }
    trace = now;
    return true;
  }

  /**
   * Requires, before anything that was read from the view enters the text, that no other program
   * has written to the file meanwhile.
   *
   * @throws IOException if one has; then the view is doubted
   */
  void requireUntouched() throws IOException {
    if (!isInPlace() && doubt != null) {
      throw new IOException(doubt.reason() + " while the change was made; try again");
    }
  }

  /** Commits the transaction of the writer. */
  void commit() throws IOException {
    isInPlace(); // what others have written to the file must not look like our own copy
    writer().commit();
    ViewFile.Trace now = file.trace();
    if (now != null && trace != null && now.isOf(trace)) {
      trace = now;
    }
  }

  /** Whether something happened to the file that a comparison of the rows should clear up. */
  boolean takeComparisonWish() {
    boolean wanted = isComparisonWanted;
    isComparisonWanted = false;
    return wanted;
  }

  /** Notes that the work that a recovery left has been done. */
  void endRecovery() {
    recovery = null;
  }

  /** Doubts the view, because its rows are not those that the ledger wrote. */
  void doubtRows(List<String> tables) {
    if (writer != null && doubt == null) {
      doubt =
          new Doubt(
              ViewIncident.CHANGED,
              "the database was changed by another program: it does not hold what the archive"
                  + " recorded in "
                  + String.join(", ", tables),
              true);
    }
  }

  /** Doubts the view, which is open, if another program has changed it. */
  void lookForChangesByOthers() throws IOException {
    try {
      if (writer().isChangedByOthers()) {
        doubt = CHANGED;
      }
    } catch (ViewException e) {
      doubtIfDamaged(e);
      if (!isDoubted()) {
        throw e;
      }
    }
  }

  /**
   * Begins a transaction. The view is looked at within it, when no other program can change it.
   *
   * @return false if the view is doubted now; then {@link #replace} it
   */
  boolean begin() throws IOException {
    try {
      writer().begin();
    } catch (ViewException e) {
      doubtIfDamaged(e);
      if (isDoubted()) {
        return false;
      }
      throw e; // the view stays open, so that it still notices what others write
    }
    try {
      lookForChangesByOthers();
      return !isDoubted();
    } catch (IOException | RuntimeException e) {
      rollback(e);
      throw e;
    }
  }

  /** Undoes the transaction. If that fails, the view is closed, and {@link #replace} opens it. */
  void rollback(Exception because) {
    try {
      writer().rollback();
    } catch (IOException e) {
      because.addSuppressed(e);
      closeAfter(because);
    }
  }

  /** Closes the view after a failure. */
  void closeAfter(Exception failure) {
    SqliteWriter open = writer;
    writer = null;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Doubts the view if it is open: a reader found it damaged. */
  void doubtAfterReport() {
    if (writer != null && doubt == null) {
      doubt = Doubt.damaged("a reader found the database damaged");
    }
  }

  /** Doubts the view if a failure shows that it is damaged. */
  void doubtIfDamaged(Exception failure) {
    try {
      throwIfDamaged(failure);
    } catch (ViewException e) {
      if (doubt == null) {
        doubt = Doubt.damaged(String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Returns if a failure does not show that the view is damaged.
   *
   * @throws ViewException the failure, or the cause of it, that shows damage
   */
  static void throwIfDamaged(Throwable failure) throws ViewException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ViewException e && e.needsRebuild()) {
        throw e;
      }
    }
  }

  /**
   * Opens the view again, after it was doubted, lost, replaced or closed. One that may be wrong is
   * set aside, whatever it says of itself, and rebuilt.
   *
   * @throws IOException if that fails; the next call tries again
   */
  void replace() throws IOException {
    // It is opened again or set aside: that closing it failed says nothing of the new one.
    closeAfter(new IOException("not reported"));
    if (doubt == null) {
      doubt = loss();
    }
    if (doubt == null) {
      doubt = openAgain();
    }
    Doubt because = doubt;
    if (because != null) {
      if (!isLossReported) {
        isLossReported = true;
        events.lost(because.reason());
      }
      rebuild(because, ProgressListener.NONE);
    }
    doubt = null;
    isLossReported = false;
  }

  /** What happened to the file since it was last seen; null if it is still there. */
  private @Nullable Doubt loss() throws IOException {
    ViewFile.Trace now = file.trace();
    if (now == null) {
      return GONE;
    }
    return trace != null && now.isOf(trace) ? null : REPLACED;
  }

  /**
   * Opens the file again that was closed after a failure, if it can be proven.
   *
   * @return why not; null if it is open
   */
  private @Nullable Doubt openAgain() throws IOException {
    try {
      Optional<String> problem = new ViewProof(file, archive.head()).ofOpen();
      if (problem.isPresent()) {
        return new Doubt(
            ViewIncident.CHANGED,
            "the database was changed by another program: " + problem.get(),
            true);
      }
      openAndCatchUp();
      return null;
    } catch (ViewException e) {
      if (!e.needsRebuild()) {
        throw e;
      }
      return Doubt.damaged(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Closes a view that holds all changes, and notes how its file looks, so that the next start need
   * not read it. Without the note it does.
   */
  void closeComplete() throws IOException {
    ViewFile.Trace last = isInPlace() ? stateAtRest() : null;
    close();
    if (last != null && last.equals(file.trace()) && !file.hasLog()) {
      ViewStamp.write(file, last);
    }
  }

  /** How the file looks when it has all pages, and no other program can commit; null if one has. */
  private ViewFile.@Nullable Trace stateAtRest() throws IOException {
    if (!writer().copyLog() || !begin()) {
      return null;
    }
    ViewFile.Trace last = file.trace();
    writer().rollback();
    return last;
  }

  @Override
  public void close() throws IOException {
    SqliteWriter open = writer;
    if (open != null) {
      open.close();
    }
  }
}
