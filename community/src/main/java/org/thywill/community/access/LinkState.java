package org.thywill.community.access;

/**
 * Whether a link can be used now, and if not, why.
 *
 * <p>A link that is revoked gets an end in the past and no uses beyond those that it had. A row
 * does not say that this was done: a link that was revoked after its first use counts as expired.
 */
public enum LinkState {
  /** It can be used. */
  OPEN,
  /** Its time is over. */
  EXPIRED,
  /** It has been used as often as it may be. */
  USED_UP,
  /** It was ended before its first use. */
  REVOKED
}
