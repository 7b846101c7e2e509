package org.thywill.community.access;

/**
 * A person's input that cannot be used. The message is a sentence for that person; nothing was
 * changed.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }
}
