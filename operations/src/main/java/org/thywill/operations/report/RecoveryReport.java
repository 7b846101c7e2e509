package org.thywill.operations.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.operations.drill.DrillReport;

/**
 * Where an operator stands: whether a community can be rebuilt today, how long that would take,
 * what it covers, where copies are, when it was last tried, what people must do afterwards, and
 * what is missing for production. {@link RecoveryReporter} makes it.
 *
 * @param now when it was made
 * @param ready whether the whole archive was read and is sound, holds all that the live database
 *     holds, and its last drill, if there was one, was green
 * @param contents what the archive holds; empty where it cannot be opened
 * @param groups every table of the catalog, by recovery group; empty where the archive cannot be
 *     opened
 * @param locations the archive itself first
 * @param drill the last one that the archive tells of
 * @param estimateSeconds how long a recovery would take; empty where none is possible
 * @param measured whether that follows from a drill; otherwise from an assumed rate
 * @param requirements what a community needs before its first member joins, and ever after
 * @param afterwards what people must do after a recovery
 * @param findings what is not as it should be, errors first; of the warnings and notes of one code
 *     about the archive's content the first, which says how many more there are
 * @param findingsByCode how many there are of each code, all counted
 */
public record RecoveryReport(
    Instant now,
    boolean ready,
    Optional<Contents> contents,
    List<Group> groups,
    List<ArchiveCopies.Location> locations,
    Optional<LastDrill> drill,
    OptionalDouble estimateSeconds,
    boolean measured,
    List<Requirement> requirements,
    List<String> afterwards,
    List<Finding> findings,
    Map<String, Long> findingsByCode) {
  /**
   * What an archive holds.
   *
   * @param changes in the archive
   * @param lastAt when the last of them was made
   * @param format in which it is written
   * @param gaps numbers of changes that are missing, in the checker's words
   * @param bytesByMonth of the logs; months without a log are left out
   */
  public record Contents(
      long changes,
      Instant lastAt,
      String format,
      List<String> gaps,
      Map<String, Long> bytesByMonth,
      Space space) {}

  /** A part that can be recovered by itself. */
  public record Group(RecoveryGroup group, List<Covered> tables) {
    public long rows() {
      return tables.stream().mapToLong(Covered::rows).sum();
    }
  }

  /**
   * A table of the catalog and where its changes are kept.
   *
   * @param rows at the last checkpoint
   * @param logs how many files
   */
  public record Covered(Table table, long rows, long logs, long bytes) {}

  /** A drill that was kept in the archive. */
  public record LastDrill(DrillReport report, Instant at) {}

  /**
   * Room on the disk of the archive.
   *
   * @param archiveBytes of all its files
   * @param monthsLeft until the disk is full, at the pace of the last three months; empty where
   *     there is no pace yet
   */
  public record Space(long archiveBytes, long freeBytes, OptionalLong monthsLeft) {}

  /** Something that a community needs before its first member joins. */
  public record Requirement(ReadinessRequirement need, boolean met) {}

  /** Whether nothing is missing for production. */
  public boolean readyForMembers() {
    return ready && requirements.stream().allMatch(Requirement::met);
  }

  /** Why the answer is no, in one sentence; empty if it is yes. */
  public Optional<String> obstacle() {
    return ready
        ? Optional.empty()
        : findings.stream()
            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
            .findFirst()
            .map(finding -> finding.file().equals(".") ? finding.message() : finding.toString());
  }
}
