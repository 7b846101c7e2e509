package org.thywill.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Table;
import org.thywill.view.SqliteReader;
import org.thywill.view.SqliteWriter;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;
import org.thywill.view.btree.FileDigest;
import org.thywill.view.btree.TableFileWriter;

/**
 * Compares the rows of a view with the digest that the ledger recorded, before anything of it is
 * used.
 *
 * <p>The view itself records the digest of its last change, and the head of the archive that of the
 * last checkpoint. Where both are of the same change they must be equal, too.
 */
final class ViewProof {
  private static final int NAMED_MAX = 5;

  private final ViewFile file;
  private final Head head;

  /** A proof against the head of the archive. */
  ViewProof(ViewFile file, Head head) {
    this.file = file;
    this.head = head;
  }

  /**
   * Reads the pages of the file, on all processors. No connection of this process may be open.
   *
   * @return what contradicts the proof; empty if the view is proven
   * @throws ViewException if the view cannot be read
   */
  Optional<String> ofClosed() throws IOException {
    if (file.hasLog()) {
      SqliteWriter.removeLog(file.file());
    }
    if (file.hasLog()) {
      return ofOpen(); // another process has the view open, so its log stays
    }
    ViewFile.Trace before = file.trace();
    ViewState state;
    long requests;
    List<TableFileWriter.Roots> roots;
    try (SqliteReader view = SqliteReader.open(file.file())) {
      view.requireTables();
      List<String> foreign = view.foreignObjects();
      if (!foreign.isEmpty()) {
        return Optional.of(foreign(foreign));
      }
      state = view.state();
      requests = view.computeRequests();
      roots = view.tableRoots();
    }
    Digest found;
    try {
      found = FileDigest.of(file.file(), roots, true);
    } catch (IOException | IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.of("its rows cannot be read: " + e.getMessage());
    }
    if (file.hasLog() || !Objects.equals(file.trace(), before)) {
      return Optional.of("another program writes to it");
    }
    return contradiction(state, found, requests);
  }

  /** Compares only what the view and the archive have recorded; reads no row. */
  Optional<String> ofRecorded() throws IOException {
    try (SqliteReader view = SqliteReader.open(file.file())) {
      ViewState state = view.state();
      return contradiction(state, state.digest(), state.requests());
    }
  }

  /** As {@link #ofClosed}, through SQLite. */
  Optional<String> ofOpen() throws IOException {
    try (SqliteReader view = SqliteReader.open(file.file())) {
      view.pin();
      view.requireTables();
      List<String> foreign = view.foreignObjects();
      return foreign.isEmpty()
          ? contradiction(view.state(), view.computeDigest(), view.computeRequests())
          : Optional.of(foreign(foreign));
    }
  }

  private static String foreign(List<String> objects) {
    return "it has what the program did not make ("
        + String.join(", ", objects.subList(0, Math.min(NAMED_MAX, objects.size())))
        + ")";
  }

  private Optional<String> contradiction(ViewState state, Digest found, long requests) {
    if (requests != state.requests()) {
      return Optional.of("it does not hold the requests that it recorded");
    }
    List<String> tables = new ArrayList<>(differing(found, state.digest()));
    if (tables.isEmpty() && state.seq() == head.seq() && !found.hex().equals(head.digest().hex())) {
      tables.addAll(differing(found, head.digest()));
    }
    return tables.isEmpty()
        ? Optional.empty()
        : Optional.of("it does not hold what the archive recorded in " + String.join(", ", tables));
  }

  /** The names of the tables whose digests differ. */
  static List<String> differing(Digest one, Digest other) {
    return Catalog.TABLES.stream()
        .map(Table::name)
        .filter(name -> !Objects.equals(one.tables().get(name), other.tables().get(name)))
        .toList();
  }
}
