package org.thywill.view.rebuild;

import java.io.IOException;

/**
 * Thrown when a rebuilt view does not have the digest that the archive recorded. The scratch file
 * replaced nothing.
 */
public final class DigestMismatchException extends IOException {
  private static final long serialVersionUID = 1L;

  public DigestMismatchException(String message) {
    super(message);
  }
}
