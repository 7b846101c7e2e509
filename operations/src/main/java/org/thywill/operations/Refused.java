package org.thywill.operations;

import java.io.IOException;

/**
 * An operation is refused to protect what is there; nothing was changed. The message says what to
 * do instead.
 */
public final class Refused extends IOException {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message);
  }
}
