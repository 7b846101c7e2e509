package org.thywill.ledger;

/**
 * Thrown when a change breaks a rule of the catalog, or does not fit the rows that are there.
 * Nothing was changed.
 */
public final class ConstraintViolationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConstraintViolationException(String message) {
    super(message);
  }
}
