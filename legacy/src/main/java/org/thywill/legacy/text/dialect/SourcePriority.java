package org.thywill.legacy.text.dialect;

import java.util.stream.Stream;

/**
 * How much a source is believed where two state the same, most first. For times, one with its
 * seconds comes before all that have none.
 */
public enum SourcePriority {
  /**
   * A database that is taken over in the same call, or the community that is added to: it wins
   * wherever it speaks.
   */
  DATABASE(0),
  /** JSON, a snapshot, a membership application: every digit, and null told from nothing. */
  BACKUP(1),
  /** A table written by {@code export-all}, which has ids and values as they stood then. */
  EXPORT(2),
  /** A table that was appended to while the application ran. */
  LIVE(3),
  /** A prayer's own file, and the lists of registrations. */
  FILE(4),
  /** The monthly activity, which tells again what the others told, at the time of writing. */
  MONTHLY(5),
  /** Concluded from something else. */
  INFERRED(6);

  private final int rank;

  SourcePriority(int rank) {
    this.rank = rank;
  }

  /** The smaller, the more it is believed. */
  public int rank() {
    return rank;
  }

  public static SourcePriority of(int rank) {
    return Stream.of(values()).filter(priority -> priority.rank == rank).findFirst().orElseThrow();
  }
}
