package org.thywill.operations;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewState;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * A community that is read from a database or from an archive.
 *
 * <p>An archive is rebuilt into a scratch folder, which is deleted when the source is closed.
 */
public final class CommunitySource implements Closeable {
  private final SqliteReader view;
  private final @Nullable Path scratch;

  private CommunitySource(SqliteReader view, @Nullable Path scratch) {
    this.view = view;
    this.scratch = scratch;
  }

  /**
   * Opens a database.
   *
   * @throws OperationRefusedException if it was made by another version of the program
   */
  public static CommunitySource database(Path file) throws IOException {
    SqliteReader view = SqliteReader.open(file);
    try {
      ViewState state = view.state();
      if (state.catalog() != Catalog.VERSION) {
        throw new OperationRefusedException(
            file + " was made for another version of this program. Run: thywill recover --replace");
      }
      return new CommunitySource(view, null);
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /**
   * Opens an archive.
   *
   * @throws org.thywill.archive.format.DamagedArchiveException if it is not what was written
   */
  public static CommunitySource archive(Path folder, ProgressListener progress) throws IOException {
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(folder), 0);
    Path scratch = ScratchFolder.create(folder);
    try {
      Path file = scratch.resolve("view.db");
      Rebuild.into(file, reader, PointInTime.NOW, progress);
      return new CommunitySource(SqliteReader.open(file), scratch);
    } catch (IOException | RuntimeException e) {
      ArchiveFolders.delete(scratch);
      throw e;
    }
  }

  /** Opens an archive if the name is that of a folder, and a database otherwise. */
  public static CommunitySource of(String name, ProgressListener progress) throws IOException {
    Path path = DatabaseUrl.file(name);
    return Files.isDirectory(path) ? archive(path, progress) : database(path);
  }

  public SqliteReader view() {
    return view;
  }

  @Override
  public void close() throws IOException {
    view.close();
    if (scratch != null) {
      ArchiveFolders.delete(scratch);
    }
  }
}
