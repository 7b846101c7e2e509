package org.thywill.archive.format;

/**
 * Something in an archive that is not as it should be, or worth knowing.
 *
 * @param code a word that scripts can rely on, such as {@code line-damaged}
 * @param file below the archive
 * @param line from 1 on; 0 for the file as a whole
 * @param message what was found and what was expected
 * @param repairable whether what should stand there stands elsewhere, exactly
 * @param next the command to run next
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
    /** Meaning that somebody should look at. */
    WARNING,
    /** Good to know. */
    NOTE
  }

  public static Finding error(String code, String file, long line, String message) {
    return new Finding(code, Severity.ERROR, file, line, message, false, VALIDATE);
  }

  public static Finding warning(String code, String file, long line, String message) {
    return new Finding(code, Severity.WARNING, file, line, message, false, VALIDATE);
  }

  public static Finding note(String code, String file, long line, String message) {
    return new Finding(code, Severity.NOTE, file, line, message, false, "");
  }

  public Finding next(String command) {
    return new Finding(code, severity, file, line, message, repairable, command);
  }

  public Finding asRepairable() {
    return new Finding(code, severity, file, line, message, true, next);
  }

  /** {@code FILE:LINE: message}. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line : "") + ": " + message;
  }
}
