package org.thywill.view;

import java.util.List;

/**
 * What a recovery leaves in a view for whoever serves it next; taken away with the transaction that
 * does what is to be done. No part of the community, and not in any digest.
 *
 * @param seq the last change that the view held when it was recovered
 * @param lost changes that stand nowhere in the archive, in order; empty if the view is what the
 *     archive holds
 * @param accepted whether the operator has given the lost changes up for good; as long as not,
 *     nobody serves the view
 * @param decisions what the operator decided about single rows, in order
 */
public record PendingRecovery(
    long seq, List<Lost> lost, boolean accepted, List<Decision> decisions) {
  /** A recovery of everything. */
  public static PendingRecovery whole(long seq) {
    return new PendingRecovery(seq, List.of(), true, List.of());
  }

  /**
   * Changes that stand nowhere.
   *
   * @param tables the kinds of rows, by name, of which some may have been changed
   */
  public record Lost(long first, long last, List<String> tables) {
    /** {@code 17}, or {@code 17-18}. */
    public String seqs() {
      return first == last ? Long.toString(first) : first + "-" + last;
    }
  }

  /**
   * A decision of the operator.
   *
   * @param line as it stands in the file of decisions
   * @param who decided
   * @param instead the change that had made the row what it was
   */
  public record Decision(String line, String who, long instead) {}

  /** Whether the view must not be served. */
  public boolean isLacking() {
    return !lost.isEmpty() && !accepted;
  }
}
