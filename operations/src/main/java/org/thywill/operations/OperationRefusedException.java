package org.thywill.operations;

import java.io.IOException;

/**
 * An operation is refused to protect what is there; nothing was changed. The message says what to
 * do instead.
 */
public final class OperationRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  public OperationRefusedException(String message) {
    super(message);
  }
}
