package org.thywill.archive.format;

import java.io.IOException;

/**
 * A folder is refused before anything is read from it or written to it: it is no archive, or one
 * that this program is too old for.
 */
public final class NotAnArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  public NotAnArchiveException(String message) {
    super(message);
  }
}
