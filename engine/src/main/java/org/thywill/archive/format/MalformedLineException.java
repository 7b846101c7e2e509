package org.thywill.archive.format;

/**
 * Thrown when a line is not exactly what a codec writes.
 *
 * <p>The message says in a few words what was found and what was expected, without content.
 */
public final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedLineException(String message) {
    super(message);
  }
}
