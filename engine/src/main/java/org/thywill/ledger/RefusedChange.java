package org.thywill.ledger;

/**
 * A change that may not be made: it does not fit the catalog or the rows that are there. Nothing
 * was changed.
 */
public final class RefusedChange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedChange(String message) {
    super(message);
  }
}
