package org.thywill.cli.terminal;

/** How a command ended, for scripts. */
public enum ExitCode {
  OK(0, "ok"),
  FINDINGS(1, "findings"),
  USAGE(2, "failed"),
  REFUSED(3, "refused"),
  ENVIRONMENT(4, "failed"),
  DEFECT(70, "failed");

  private final int number;
  private final String status;

  ExitCode(int number, String status) {
    this.number = number;
    this.status = status;
  }

  public int number() {
    return number;
  }

  /** The word in the JSON object. */
  String status() {
    return status;
  }
}
