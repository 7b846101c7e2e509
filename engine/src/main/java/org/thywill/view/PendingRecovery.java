package org.thywill.view;

import java.util.List;

/**
 * The work that a recovery left in a view. The transaction that does the work removes it. It is no
 * part of the community, and of no digest.
 *
 * @param seq the last change that the view held when it was recovered
 * @param lost the changes that the archive has lost, in order; empty if it has lost none
 * @param accepted whether the operator has accepted the losses; until then the view is not served
 * @param decisions the operator's overrides of single rows, in order
 */
public record PendingRecovery(
    long seq, List<Lost> lost, boolean accepted, List<Decision> decisions) {
  /** The work after a recovery without losses. */
  public static PendingRecovery whole(long seq) {
    return new PendingRecovery(seq, List.of(), true, List.of());
  }

  /**
   * A run of lost changes.
   *
   * @param first the first seq
   * @param last the last seq
   * @param tables the names of the tables that they may have changed
   */
  public record Lost(long first, long last, List<String> tables) {
    /** The seqs as text: {@code 17}, or {@code 17-18}. */
    public String seqs() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  /**
   * An override of one row.
   *
   * @param line of the overrides file
   * @param who decided
   * @param instead the seq of the change that had made the row what it was
   */
  public record Decision(String line, String who, long instead) {}

  /** Whether the view must not be served. */
  public boolean isLacking() {
    return !lost.isEmpty() && !accepted;
  }
}
