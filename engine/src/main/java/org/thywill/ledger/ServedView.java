package org.thywill.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Finding;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewException;
import org.thywill.view.rebuild.PointInTime;

/**
 * The view that a ledger serves, and whether it can be believed.
 *
 * <p>Only the ledger may write the view. One that another program has changed, that was cut short,
 * or that SQLite finds damaged is doubted: it is set aside and rebuilt from the text before the
 * ledger reads from it again. So nothing of it enters the text.
 */
final class ServedView implements Closeable {
  /** In the name of a view that was set aside. */
  private static final String DAMAGED = "damaged";

  private static final Doubt CHANGED =
      new Doubt("view-changed", "the database was changed by another program");

  private final Disk disk;
  private final ViewFile file;
  private final ArchiveWriter archive;
  private final List<Finding> findings;

  /** Null while the view cannot be used. */
  private @Nullable SqliteWriter writer;

  /** The file that {@link #writer} has open, as it was last seen. */
  private ViewFile.@Nullable Trace trace;

  /** Why the view must be rebuilt; null while it is believed. */
  private @Nullable Doubt doubt;

  private int openings;

  /**
   * Why a view is not believed.
   *
   * @param code of the finding
   */
  private record Doubt(String code, String reason) {}

  /**
   * A view that is not open yet.
   *
   * @param findings receives a finding for each view that is set aside
   */
  ServedView(Disk disk, ViewFile file, ArchiveWriter archive, List<Finding> findings) {
    this.disk = disk;
    this.file = file;
    this.archive = archive;
    this.findings = findings;
  }

  /**
   * Opens the view, and applies the changes of the journal that it lacks. Builds it first if it is
   * missing, cannot be read, or proves to be damaged.
   *
   * @param found what is at its path
   * @throws StartRefusedException if the view and the archive do not belong together
   */
  void open(StartupDecision.Found found, ProgressListener progress) throws IOException {
    switch (StartupDecision.decide(
        found, archive.identity().community(), archive.head().seq(), archive.lastSeq())) {
      case StartupDecision.Decision.Serve(), StartupDecision.Decision.CatchUp() -> {}
      case StartupDecision.Decision.Build() -> build(progress);
      case StartupDecision.Decision.SetAsideAndBuild(String reason) ->
          setAsideAndBuild(reason, progress);
      case StartupDecision.Decision.Refuse(String reason) ->
          throw new StartRefusedException(reason);
    }
    try {
      openAndCatchUp();
    } catch (ViewException e) {
      if (!e.needsRebuild()) {
        throw e;
      }
      setAsideAndBuild(String.valueOf(e.getMessage()), progress);
      openAndCatchUp();
    }
  }

  private void setAsideAndBuild(String reason, ProgressListener progress) throws IOException {
    findings.add(
        Finding.note(
            "view-rebuilt",
            file.file().toString(),
            0,
            "rebuilt: "
                + reason
                + "; the old one is kept as "
                + file.setAside(DAMAGED).getFileName()));
    build(progress);
  }

  private void build(ProgressListener progress) throws IOException {
    file.build(ArchiveReader.open(disk, archive.lastSeq()), PointInTime.NOW, progress);
  }

  private void openAndCatchUp() throws IOException {
    SqliteWriter opened = SqliteWriter.open(file.file());
    try {
      opened.requireTables();
      opened.catchUp(archive.pending());
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
   * Whether the view is open, is not doubted, and its file is in place: the same as before, and no
   * shorter. Only the ledger's own connection copies pages to the file, which never shortens it.
   */
  boolean isInPlace() throws IOException {
    ViewFile.Trace before = trace;
    if (writer == null || doubt != null || before == null) {
      return false;
    }
    ViewFile.Trace now = file.trace();
    if (now == null || !Objects.equals(now.key(), before.key())) {
      return false;
    }
    if (now.sizeBytes() < before.sizeBytes()) {
      doubt =
          new Doubt(
              "view-damaged",
              "the database was cut from "
                  + before.sizeBytes()
                  + " to "
                  + now.sizeBytes()
                  + " bytes");
      return false;
    }
    trace = now;
    return true;
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
      doubt = new Doubt("view-damaged", "a reader found the database damaged");
    }
  }

  /** Doubts the view if a failure shows that it is damaged. */
  void doubtIfDamaged(Exception failure) {
    try {
      throwIfDamaged(failure);
    } catch (ViewException e) {
      if (doubt == null) {
        doubt = new Doubt("view-damaged", String.valueOf(e.getMessage()));
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
   * Opens the view again, after it was doubted, closed or replaced. A doubted one is set aside,
   * whatever it says of itself, and rebuilt.
   *
   * @throws IOException if that fails; the next call tries again
   */
  void replace() throws IOException {
    // It is opened again or set aside: that closing it failed says nothing of the new one.
    closeAfter(new IOException("not reported"));
    Doubt because = doubt;
    if (because != null) {
      if (file.exists()) {
        findings.add(kept(because, String.valueOf(file.setAside(DAMAGED).getFileName())));
      }
      doubt = null;
    }
    open(file.inspect(), ProgressListener.NONE);
  }

  private Finding kept(Doubt because, String aside) {
    return Finding.warning(
            because.code(),
            file.file().toString(),
            0,
            because.reason() + "; rebuilt from the archive; the old one is kept as " + aside)
        .next("");
  }

  @Override
  public void close() throws IOException {
    SqliteWriter open = writer;
    if (open != null) {
      open.close();
    }
  }
}
