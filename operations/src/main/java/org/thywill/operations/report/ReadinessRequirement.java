package org.thywill.operations.report;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.thywill.archive.format.Finding;

/**
 * What a community needs before its first member joins, and ever after. A need is met while none of
 * its findings is there.
 */
public enum ReadinessRequirement {
  OWNER_ONLY("files that only their owner can read"),
  SECOND_LOCATION("a current copy of the archive on another disk"),
  DRILL("a drill that ended well, not longer than a quarter ago"),
  SECRETS("right settings, and the secrets that they ask for"),
  CLOCK("a clock that is right, as far as this machine can tell");

  private final String what;

  ReadinessRequirement(String what) {
    this.what = what;
  }

  private Set<String> codes() {
    return switch (this) {
      case OWNER_ONLY -> Set.of("owner-only", "owner-only-database");
      case SECOND_LOCATION -> Set.of("copies-few", "copy-old");
      case DRILL -> Set.of("drill-missing", "drill-old", "drill-red");
      case SECRETS -> Set.of("secret-missing", "setting-wrong", "setting-lost", "setting-unknown");
      case CLOCK -> Set.of("clock-behind", "clock-adrift");
    };
  }

  /** The need in words. */
  public String what() {
    return what;
  }

  /** The name in JSON, such as {@code owner-only}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it is met; notes do not count against it. */
  RecoveryReport.Requirement in(List<Finding> findings) {
    Set<String> codes = codes();
    return new RecoveryReport.Requirement(
        this,
        findings.stream()
            .noneMatch(
                finding ->
                    finding.severity() != Finding.Severity.NOTE && codes.contains(finding.code())));
  }
}
