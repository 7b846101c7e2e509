package org.thywill.operations.report;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.thywill.archive.format.Finding;

/**
 * A requirement that a community must meet before its first member joins, and ever after.
 *
 * <p>It is met while the report has no error and no warning of its codes.
 */
public enum ReadinessRequirement {
  OWNER_ONLY("files that only their owner can read", "owner-only", "owner-only-database"),
  SECOND_LOCATION("a current copy of the archive on another disk", "copies-few", "copy-old"),
  DRILL(
      "a drill that ended well, not longer than a quarter ago",
      "drill-missing",
      "drill-old",
      "drill-red"),
  SECRETS(
      "right settings, and the secrets that they ask for",
      "secret-missing",
      "setting-wrong",
      "setting-lost",
      "setting-unknown"),
  CLOCK("a clock that is right, as far as this machine can tell", "clock-behind", "clock-adrift");

  private final String meaning;
  private final Set<String> codes;

  ReadinessRequirement(String meaning, String... codes) {
    this.meaning = meaning;
    this.codes = Set.of(codes);
  }

  /** The requirement in words. */
  public String meaning() {
    return meaning;
  }

  /** The name in JSON, such as {@code owner-only}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is met, by the findings of a report; notes do not count against it. */
  RecoveryReport.Requirement evaluate(List<Finding> findings) {
    return new RecoveryReport.Requirement(this, findings.stream().noneMatch(this::isBrokenBy));
  }

  private boolean isBrokenBy(Finding finding) {
    return finding.severity() != Finding.Severity.NOTE && codes.contains(finding.code());
  }
}
