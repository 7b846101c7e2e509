package org.thywill.community.access;

/**
 * A person may not do what they tried. The message is a sentence for that person; nothing was
 * changed.
 */
public class ForbiddenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ForbiddenException(String message) {
    super(message);
  }
}
