package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.ledger.ArchiveRewriter;

/**
 * Tells an archive that was rewritten from one that has another history.
 *
 * <p>After {@code correct-times} the changes of an older copy have other times, and a line in
 * {@code operations/} says so. Where there is one, and nothing but times differs, the copy has no
 * change that the archive lacks. A copy with a change in whose place the archive has a gap does
 * have one.
 */
final class Rewriting {
  private Rewriting() {}

  /**
   * The command that rewrote an archive after a copy was made.
   *
   * @param from the first change that differs
   * @return empty if the copy has another history
   */
  static Optional<String> command(ArchiveReader own, ArchiveReader copy, long from)
      throws IOException {
    if (copy.lastSeq() > own.lastSeq()) {
      return Optional.empty();
    }
    List<String> commands = new ArrayList<>();
    own.forEachInJournal(
        from,
        change -> {
          command(change).ifPresent(commands::add);
          return true;
        });
    return commands.isEmpty() || !isContained(own, copy, from)
        ? Optional.empty()
        : Optional.of(commands.getFirst());
  }

  private static Optional<String> command(Change change) {
    if (change.table() != Catalog.OPERATIONS) {
      return Optional.empty();
    }
    return change.row().has(Catalog.Operations.KIND, ArchiveRewriter.Purpose.TIMES.kind())
        ? Optional.of("correct-times")
        : Optional.empty();
  }

  /** Whether each change of a copy is here with the same content. */
  private static boolean isContained(ArchiveReader own, ArchiveReader copy, long from)
      throws IOException {
    List<Change> theirs = new ArrayList<>();
    copy.forEachInJournal(from, theirs::add);
    boolean[] isSame = {true};
    own.forEachInJournal(
        from,
        change -> {
          int index = Math.toIntExact(change.seq() - from);
          if (index >= theirs.size()) {
            return false;
          }
          isSame[0] = isSame(change, theirs.get(index));
          return isSame[0];
        });
    return isSame[0];
  }

  private static boolean isSame(Change one, Change other) {
    return one.operation() == other.operation()
        && one.row().equals(other.row())
        && one.stamp().first() == other.stamp().first()
        && one.stamp().last() == other.stamp().last()
        && one.stamp().cause().equals(other.stamp().cause());
  }
}
