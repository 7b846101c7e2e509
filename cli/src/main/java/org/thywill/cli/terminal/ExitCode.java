package org.thywill.cli.terminal;

/** The exit codes that scripts rely on. */
public enum ExitCode {
  /** Done; sound; equal. */
  OK(0, "ok"),
  /** Done, and something is wrong: a finding of severity error, differences. */
  FINDINGS(1, "findings"),
  /** The command line or a setting is wrong. */
  USAGE(2, "failed"),
  /** Refused to protect data. */
  REFUSED(3, "refused"),
  /** The environment failed: disk full, no permission, database not reachable. */
  ENVIRONMENT(4, "failed"),
  /** A defect of this program. */
  DEFECT(70, "failed");

  private final int number;
  private final String status;

  ExitCode(int number, String status) {
    this.number = number;
    this.status = status;
  }

  /** The number for the operating system. */
  public int number() {
    return number;
  }

  /** The value of {@code status} in the JSON object. */
  String status() {
    return status;
  }
}
