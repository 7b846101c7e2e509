package org.thywill.view.rebuild;

import java.io.IOException;

/**
 * A rebuilt view is not what the archive says it must be. The scratch file was not put in the place
 * of anything.
 */
public final class DigestMismatchException extends IOException {
  private static final long serialVersionUID = 1L;

  public DigestMismatchException(String message) {
    super(message);
  }
}
