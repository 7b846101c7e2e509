package org.thywill.operations;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Catalog;
import org.thywill.view.DatabaseUrl;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewState;
import org.thywill.view.rebuild.Progress;
import org.thywill.view.rebuild.Rebuild;
import org.thywill.view.rebuild.Until;

/**
 * A community to be read, given as a database or as an archive; an archive is rebuilt into a
 * scratch folder, which goes when this is closed.
 */
public final class Source implements Closeable {
  private final SqliteReader view;
  private final Optional<Path> scratch;

  private Source(SqliteReader view, Optional<Path> scratch) {
    this.view = view;
    this.scratch = scratch;
  }

  /** A database. */
  public static Source database(Path file) throws IOException {
    SqliteReader view = SqliteReader.open(file);
    try {
      ViewState state = view.state();
      if (state.catalog() != Catalog.VERSION) {
        throw new Refused(
            file + " was made for another version of this program. Run: thywill recover --replace");
      }
      return new Source(view, Optional.empty());
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  /** An archive. */
  public static Source archive(Path folder, Progress progress) throws IOException {
    ArchiveReader reader = ArchiveReader.open(Places.archive(folder), 0);
    Path scratch = Files.createTempDirectory("thywill-");
    try {
      Path file = scratch.resolve("view.db");
      Rebuild.into(file, reader, Until.NOW, progress);
      return new Source(SqliteReader.open(file), Optional.of(scratch));
    } catch (IOException | RuntimeException e) {
      Places.delete(scratch);
      throw e;
    }
  }

  /** Whichever it is: a folder is an archive, anything else a database. */
  public static Source of(String name, Progress progress) throws IOException {
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
      Places.delete(scratch.get());
    }
  }
}
