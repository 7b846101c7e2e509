package org.thywill.archive.format;

import java.io.IOException;

/** Thrown when a file of an archive is not what was written. Nothing was changed. */
public final class DamagedArchiveException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient Finding finding;

  public DamagedArchiveException(Finding finding) {
    super(finding.toString());
    this.finding = finding;
  }

  public DamagedArchiveException(String code, String file, long line, String message) {
    this(Finding.error(code, file, line, message));
  }

  /** What is wrong, and where. */
  public Finding finding() {
    return finding;
  }
}
