package org.thywill.legacy.text.dialect;

import java.util.stream.Stream;

/**
 * Which source is taken where several state a value; the first has the highest priority.
 *
 * <p>A time with its seconds is taken before all times without.
 */
public enum SourcePriority {
  /**
   * A database of the same import, or the community that is added to: its values are always taken.
   */
  DATABASE(0),
  /** JSON, a snapshot, an application: times with all digits, and null differs from empty. */
  BACKUP(1),
  /** A table that {@code export-all} wrote, with the ids and values of that time. */
  EXPORT(2),
  /** A table that the original appended to while it ran. */
  LIVE(3),
  /** A prayer's own file, and the lists of registrations. */
  FILE(4),
  /** The monthly activity, which repeats what the others state, with the time of writing. */
  MONTHLY(5),
  /** Inferred from other assertions. */
  INFERRED(6);

  private final int rank;

  SourcePriority(int rank) {
    this.rank = rank;
  }

  /** The rank; a smaller one is a higher priority. */
  public int rank() {
    return rank;
  }

  /** The priority of a rank. */
  public static SourcePriority of(int rank) {
    return Stream.of(values()).filter(priority -> priority.rank == rank).findFirst().orElseThrow();
  }
}
