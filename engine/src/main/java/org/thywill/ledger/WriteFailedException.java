package org.thywill.ledger;

import java.io.IOException;
import org.thywill.archive.disk.DiskFull;

/** Thrown when a change could not be made safe, and was not made. The caller may try again. */
public final class WriteFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private WriteFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  static WriteFailedException of(Exception cause) {
    return new WriteFailedException(
        "the change could not be saved, and was not made: " + DiskFull.orMessage(cause), cause);
  }
}
