package org.thywill.archive.format;

import java.io.IOException;

/**
 * Thrown when a folder is no archive, or one in a format that this program does not read.
 *
 * <p>Nothing else was read from the folder, and nothing was written.
 */
public final class NotAnArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  public NotAnArchiveException(String message) {
    super(message);
  }
}
