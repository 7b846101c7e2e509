package org.thywill.ledger;

import java.io.IOException;

/** Thrown when a ledger does not start, because data would be at risk. Nothing was changed. */
public final class StartRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  StartRefusedException(String message) {
    super(message);
  }
}
