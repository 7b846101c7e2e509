package org.thywill.simulation;

/**
 * What a disk remembers of the bytes and names that were not forced when the power failed. What was
 * forced is never touched.
 *
 * <p>Names come, go and change in an order that most file systems keep, so most patterns let a
 * beginning of that order survive.
 */
public enum LossPattern {
  /** Everything had reached the disk by chance, as after a mere kill of the process. */
  ALL_KEPT,
  /** Nothing had: no unforced byte and no unforced name. */
  ALL_LOST,
  /** Of each file's unforced bytes the first ones, any number of them. */
  PREFIX,
  /**
   * Files have their full length, with zeros for the unforced bytes: the length was written, the
   * bytes were not.
   */
  ZEROED,
  /** Files have their full length, with what lay on the disk before for the unforced bytes. */
  GARBAGE,
  /** Each sector of 512 bytes has reached the disk or is zeros, each for itself. */
  SECTORS,
  /**
   * Each file suffers one of the patterns above, and each name survives or not, without regard to
   * the order of writing.
   */
  REORDERED,
  /**
   * Bytes as in {@link #PREFIX}; each new, changed or deleted name survives or not, each for
   * itself.
   */
  LOST_ENTRY;

  /** Whether names survive each for itself rather than in their order. */
  boolean shufflesNames() {
    return this == REORDERED || this == LOST_ENTRY;
  }

  /** Whether a file's length is on disk though its bytes are not. */
  boolean keepsLength() {
    return this == ZEROED || this == GARBAGE || this == SECTORS;
  }
}
