package org.thywill.operations;

import java.io.IOException;

/**
 * Thrown when an operation is refused to protect data; nothing was changed.
 *
 * <p>The message says what to do instead.
 */
public class OperationRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  public OperationRefusedException(String message) {
    super(message);
  }
}
