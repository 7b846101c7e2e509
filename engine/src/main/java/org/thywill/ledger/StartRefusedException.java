package org.thywill.ledger;

import java.io.IOException;

/** A ledger does not start, to protect what is there. Nothing was changed. */
public final class StartRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  StartRefusedException(String message) {
    super(message);
  }
}
