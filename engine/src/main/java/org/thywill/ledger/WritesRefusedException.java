package org.thywill.ledger;

import java.io.IOException;

/** Thrown when a ledger that was opened for reading is asked for a change; nothing was changed. */
public final class WritesRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  WritesRefusedException(String why) {
    super(why);
  }
}
