package org.thywill.ledger;

/**
 * A change that may not be made: it does not fit the catalog or the rows that are there. Nothing
 * was changed.
 */
public final class ConstraintViolationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConstraintViolationException(String message) {
    super(message);
  }
}
