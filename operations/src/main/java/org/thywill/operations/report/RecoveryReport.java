package org.thywill.operations.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.operations.drill.DrillReport;

/**
 * Whether a community could be rebuilt today, how long that would take, and what is missing.
 *
 * <p>{@link RecoveryReporter} makes it.
 *
 * @param now when it was made
 * @param contents what the archive holds; null where it cannot be opened
 * @param locations where the archive and its copies are, the archive itself first
 * @param afterwards what people must do after a recovery
 * @param findings what is not as it should be, errors first; of the warnings and notes of one code
 *     about the archive's content only the first, which says how many more there are
 * @param findingsByCode how many there are of each code, all counted
 */
public record RecoveryReport(
    Instant now,
    Readiness readiness,
    @Nullable Contents contents,
    List<ArchiveCopies.Location> locations,
    Practice practice,
    List<String> afterwards,
    List<Finding> findings,
    Map<String, Long> findingsByCode) {
  /**
   * Whether a community is ready to be rebuilt, and ready for members.
   *
   * @param canBeRebuilt whether the whole archive was read and is sound, holds all that the live
   *     database holds, and its last drill, if there was one, was green
   * @param requirements what a community needs before its first member joins, and ever after
   */
  public record Readiness(boolean canBeRebuilt, List<Requirement> requirements) {}

  /** A requirement, and whether it is met. */
  public record Requirement(ReadinessRequirement requirement, boolean met) {}

  /**
   * What an archive holds.
   *
   * @param changes how many changes
   * @param lastAt when the last of them was made
   * @param format the format that it is written in
   * @param groups every table of the catalog, by recovery group
   * @param gaps which changes are missing, in the checker's words
   * @param bytesByMonth the bytes of all logs of each month, such as {@code 2026-03}; months
   *     without a log are left out
   */
  public record Contents(
      long changes,
      Instant lastAt,
      String format,
      List<Group> groups,
      List<String> gaps,
      Map<String, Long> bytesByMonth,
      Space space) {}

  /** A part of the community that can be recovered by itself. */
  public record Group(RecoveryGroup group, List<Covered> tables) {
    public long rows() {
      return tables.stream().mapToLong(Covered::rows).sum();
    }
  }

  /**
   * A table of the catalog and where its changes are kept.
   *
   * @param rows how many rows it had at the last checkpoint
   * @param logs how many log files it has
   * @param bytes how many bytes they have
   */
  public record Covered(Table table, long rows, long logs, long bytes) {}

  /**
   * How full the disk of the archive is.
   *
   * @param archiveBytes the bytes of all files of the archive
   * @param monthsLeft until the disk is full, at the pace of the last three months; empty where
   *     nothing was written in them
   */
  public record Space(long archiveBytes, long freeBytes, OptionalLong monthsLeft) {}

  /**
   * What drills say of a recovery.
   *
   * @param lastDrill the last one that the archive has a record of; null if there is none
   * @param estimateSeconds how long a recovery would take; empty where none is possible
   * @param measured whether that follows from a drill; otherwise it follows from an assumed rate
   */
  public record Practice(
      @Nullable LastDrill lastDrill, OptionalDouble estimateSeconds, boolean measured) {}

  /** A drill that was recorded in the archive, and when. */
  public record LastDrill(DrillReport report, Instant at) {}

  /** Whether the community could be rebuilt today. */
  public boolean ready() {
    return readiness.canBeRebuilt();
  }

  /** Whether it could be rebuilt today, and nothing is missing for production. */
  public boolean readyForMembers() {
    return ready() && requirements().stream().allMatch(Requirement::met);
  }

  public List<Requirement> requirements() {
    return readiness.requirements();
  }

  /** Every table of the catalog, by recovery group; empty where the archive cannot be opened. */
  public List<Group> groups() {
    return contents == null ? List.of() : contents.groups();
  }

  /** The last drill that the archive has a record of. */
  public Optional<LastDrill> drill() {
    return Optional.ofNullable(practice.lastDrill());
  }

  /** How long a recovery would take; empty where none is possible. */
  public OptionalDouble estimateSeconds() {
    return practice.estimateSeconds();
  }

  /** Whether the estimate follows from a drill. */
  public boolean measured() {
    return practice.measured();
  }

  /** Why the community could not be rebuilt today, in one sentence; empty if it could. */
  public Optional<String> obstacle() {
    return ready()
        ? Optional.empty()
        : findings.stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst()
            .map(finding -> finding.file().equals(".") ? finding.message() : finding.toString());
  }
}
