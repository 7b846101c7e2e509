package org.thywill.ledger;

import java.io.IOException;

/** Thrown when a change could not be made safe, and was not made. The caller may try again. */
public final class WriteFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  WriteFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
