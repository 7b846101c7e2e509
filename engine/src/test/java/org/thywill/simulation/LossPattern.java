package org.thywill.simulation;

/**
 * What survives of unforced bytes and names when the power fails. Forced ones always survive.
 *
 * <p>Most file systems keep the order in which names are added, changed and removed, so in most
 * patterns the first changes survive.
 */
public enum LossPattern {
  /** Everything survives, as when only the process was killed. */
  ALL_KEPT,
  /** Nothing survives: no unforced byte and no unforced name. */
  ALL_LOST,
  /** Of each file's unforced bytes the first ones survive, any number of them. */
  PREFIX,
  /**
   * Files have their full length, with zeros for the unforced bytes: the length was written, the
   * bytes were not.
   */
  ZEROED,
  /** Files have their full length, with random bytes in place of the unforced ones. */
  GARBAGE,
  /** Each sector of 512 bytes survives or is zeros, independently. */
  SECTORS,
  /** Each file has one of the patterns above, and each name survives or not, in any order. */
  REORDERED,
  /** Bytes as in {@link #PREFIX}; each changed name survives or not, independently. */
  LOST_ENTRY;

  /** Whether names survive independently, rather than in their order. */
  boolean shufflesNames() {
    return this == REORDERED || this == LOST_ENTRY;
  }

  /** Whether the length of a file survives without its bytes. */
  boolean keepsLength() {
    return this == ZEROED || this == GARBAGE || this == SECTORS;
  }
}
