package org.thywill.archive.format;

/**
 * Something that a check found in an archive: damage, a doubt, or a note.
 *
 * @param code a word that scripts can rely on, such as {@code line-damaged}
 * @param file the path below the archive
 * @param line from 1; 0 for the file as a whole
 * @param message what was found and what was expected
 * @param repairable whether the lost bytes exist elsewhere, exactly
 * @param next the command to run next; empty if there is none
 */
public record Finding(
    String code,
    Severity severity,
    String file,
    long line,
    String message,
    boolean repairable,
    String next) {
  /** Restores damaged files. */
  public static final String REPAIR = "thywill repair-archives";

  /** Checks every byte of an archive. */
  public static final String VALIDATE = "thywill validate-archives";

  /** Shows whether the community could be rebuilt. */
  public static final String REPORT = "thywill recovery-report";

  /** How much a finding matters. */
  public enum Severity {
    /** Bytes, sequence or content are not what was written. */
    ERROR,
    /** The bytes are right, but a person should look at what they mean. */
    WARNING,
    /** Nothing is wrong. */
    NOTE
  }

  /** An error that is not known to be repairable. */
  public static Finding error(String code, String file, long line, String message) {
    return new Finding(code, Severity.ERROR, file, line, message, false, VALIDATE);
  }

  /** A warning. */
  public static Finding warning(String code, String file, long line, String message) {
    return new Finding(code, Severity.WARNING, file, line, message, false, VALIDATE);
  }

  /** A note, after which there is nothing to do. */
  public static Finding note(String code, String file, long line, String message) {
    return new Finding(code, Severity.NOTE, file, line, message, false, "");
  }

  /** This finding with another command to run next. */
  public Finding next(String command) {
    return new Finding(code, severity, file, line, message, repairable, command);
  }

  /** This finding as one that a repair can undo. */
  public Finding asRepairable() {
    return new Finding(code, severity, file, line, message, true, next);
  }

  /** As {@code FILE:LINE: message}. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + message;
  }
}
