package org.thywill.ledger;

import java.io.IOException;

/** A ledger does not start, to protect what is there. Nothing was changed. */
public final class StartRefused extends IOException {
  private static final long serialVersionUID = 1L;

  StartRefused(String message) {
    super(message);
  }
}
