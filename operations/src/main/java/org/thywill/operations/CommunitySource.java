package org.thywill.operations;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewState;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * A community to be read, given as a database or as an archive; an archive is rebuilt into a
 * scratch folder, which goes when this is closed.
 */
public final class CommunitySource implements Closeable {
  private final SqliteReader view;
  private final Optional<Path> scratch;

  private CommunitySource(SqliteReader view, Optional<Path> scratch) {
    this.view = view;
    this.scratch = scratch;
  }

  /** A database. */
  public static CommunitySource database(Path file) throws IOException {
    SqliteReader view = SqliteReader.open(file);
    try {
      ViewState state = view.state();
      if (state.catalog() != Catalog.VERSION) {
        throw new OperationRefusedException(
            file + " was made for another version of this program. Run: thywill recover --replace");
      }
      return new CommunitySource(view, Optional.empty());
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /** An archive. */
  public static CommunitySource archive(Path folder, ProgressListener progress) throws IOException {
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(folder), 0);
    Path scratch = Files.createTempDirectory("thywill-");
    try {
      Path file = scratch.resolve("view.db");
      Rebuild.into(file, reader, PointInTime.NOW, progress);
      return new CommunitySource(SqliteReader.open(file), Optional.of(scratch));
    } catch (IOException | RuntimeException e) {
      ArchiveFolders.delete(scratch);
      throw e;
    }
  }

  /** Whichever it is: a folder is an archive, anything else a database. */
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
    if (scratch.isPresent()) {
      ArchiveFolders.delete(scratch.get());
    }
  }
}
