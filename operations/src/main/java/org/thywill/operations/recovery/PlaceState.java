package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.HistoryComparison;
import org.thywill.archive.HistoryComparison.Relation;
import org.thywill.archive.format.DamagedArchiveException;

/** What a place with a copy of an archive has, compared with the archive. */
public sealed interface PlaceState {
  /** It has the same changes. */
  record Current() implements PlaceState {}

  /** It has all changes of the archive but the last ones, and no others. */
  record Behind(long changes) implements PlaceState {}

  /**
   * It has changes of its own, all of which were joined into the archive.
   *
   * @param from the first change that is another one here
   * @param joined the change of the archive by which the last of them was taken
   */
  record Joined(long from, long joined) implements PlaceState {}

  /**
   * It has no change that the archive lacks, but some of them as they were before the archive was
   * rewritten.
   *
   * @param from the first change that is another one here
   * @param by the command that rewrote the archive
   */
  record Rewritten(long from, String by) implements PlaceState {}

  /** It has all changes of the archive, and newer ones. */
  record Ahead(long changes) implements PlaceState {}

  /** From a change on, it has changes that the archive lacks under numbers that the archive has. */
  record Forked(long from) implements PlaceState {}

  /**
   * It goes further than the archive, and the lines that would show whether both have the same past
   * are damaged.
   */
  record Doubtful(long lastSeq, String why) implements PlaceState {}

  /** There is an archive that the archive cannot be compared with. */
  record Unusable(String why) implements PlaceState {}

  /** There is no archive that can be read now; what the place holds is not known. */
  record Unreachable(String why) implements PlaceState {}

  /** The state in a word, for programs. */
  default String label() {
    return switch (this) {
      case Current _ -> "current";
      case Behind _, Joined _, Rewritten _ -> "behind";
      case Ahead _ -> "ahead";
      case Forked _ -> "forked";
      case Doubtful _, Unusable _ -> "unusable";
      case Unreachable _ -> "unreachable";
    };
  }

  /** Whether the place was reached, in whatever state its archive is. */
  default boolean isReached() {
    return !(this instanceof Unreachable);
  }

  /** Whether the numbers of changes that only the place has would be given to others. */
  default boolean forbidsChanges() {
    return switch (this) {
      case Ahead _, Forked _, Doubtful _ -> true;
      case Current _, Behind _, Joined _, Rewritten _, Unusable _, Unreachable _ -> false;
    };
  }

  /**
   * Compares two archives that can be opened.
   *
   * @throws IOException if one of them cannot be read
   */
  static PlaceState of(ArchiveReader own, ArchiveReader copy) throws IOException {
    if (!own.identity().community().equals(copy.identity().community())) {
      return new Unusable("is the archive of another community");
    }
    try {
      return switch (HistoryComparison.of(own, copy)) {
        case Relation.Equal() -> new Current();
        case Relation.Behind(long changes) -> new Behind(changes);
        case Relation.Ahead(long changes) -> new Ahead(changes);
        case Relation.Forked(long from) -> {
          OptionalLong joined = JoinKey.joinedBy(own, copy, from);
          if (joined.isPresent()) {
            yield new Joined(from, joined.getAsLong());
          }
          Optional<String> by = Rewriting.command(own, copy, from);
          yield by.isPresent() ? new Rewritten(from, by.get()) : new Forked(from);
        }
      };
    } catch (DamagedArchiveException e) {
      String why = "cannot be compared, because a line is damaged: " + e.finding();
      return copy.lastSeq() > own.lastSeq() ? new Doubtful(copy.lastSeq(), why) : new Unusable(why);
    }
  }
}
