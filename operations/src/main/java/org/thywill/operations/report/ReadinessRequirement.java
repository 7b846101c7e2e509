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
  OWNER_ONLY("files that only their owner can read"),
  SECOND_LOCATION("a current copy of the archive on another disk"),
  DRILL("a drill that ended well, not longer than a quarter ago"),
  SECRETS("right settings, and the secrets that they ask for"),
  CLOCK("a clock that is right, as far as this machine can tell");

  private final String meaning;

  ReadinessRequirement(String meaning) {
    this.meaning = meaning;
  }

  /** The codes of the findings that it must not have. */
  private Set<String> codes() {
    return switch (this) {
      case OWNER_ONLY -> Set.of("owner-only", "owner-only-database");
      case SECOND_LOCATION -> Set.of("copies-few", "copy-old");
      case DRILL -> Set.of("drill-missing", "drill-old", "drill-red");
      case SECRETS -> Set.of("secret-missing", "setting-wrong", "setting-lost", "setting-unknown");
      case CLOCK -> Set.of("clock-behind", "clock-adrift");
    };
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
    return finding.severity() != Finding.Severity.NOTE && codes().contains(finding.code());
  }
}
