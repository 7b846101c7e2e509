package org.thywill.archive.format;

/**
 * A line that is not exactly what a codec writes. The message says what was found and what was
 * expected, in a few words and without content.
 */
public final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedLineException(String message) {
    super(message);
  }
}
