package org.thywill.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.CheckReport;
import org.thywill.archive.Checker;
import org.thywill.archive.DamagedArchive;
import org.thywill.archive.Finding;
import org.thywill.archive.Head;
import org.thywill.archive.Identity;
import org.thywill.archive.disk.RealDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.rebuild.Progress;

/**
 * Where an operator stands: whether a community can be rebuilt today, how long that would take, what it covers, where copies are, when it was last tried, and
 * what people must do afterwards. Made from the archive alone; changes nothing.
 *
 * @param now when it was made
 * @param ready whether the whole archive was read and is sound, and the last drill, if there was one, was green
 * @param changes in the archive
 * @param lastAt when the last of them was made
 * @param groups every table of the catalog, by recovery group
 * @param locations this disk first
 * @param drill the last one
 * @param estimateSeconds how long a recovery would take
 * @param measured whether that follows from a drill; otherwise from an assumed rate
 * @param oldestFormat the oldest format of any file of the archive
 * @param gaps numbers of changes that are missing, in the checker's words
 * @param bytesByMonth of the logs; months without a log are left out
 * @param space what the disk has left
 * @param afterwards what people must do after a recovery
 * @param findings what is not as it should be; also what is missing for production
 */
public record RecoveryReport(Instant now, boolean ready, long changes, Instant lastAt, List<Group> groups, List<Locations.Location> locations, Optional<LastDrill> drill,
    double estimateSeconds, boolean measured, String oldestFormat, List<String> gaps, Map<String, Long> bytesByMonth, Space space, List<String> afterwards, List<Finding> findings) {
  /** A drill is to be made once a quarter; one that is older than this is a finding. */
  static final Duration DRILL_AGE_MAX = Duration.ofDays(30);
  private static final long CHANGES_PER_SECOND_ASSUMED = 50_000;
  private static final double START_SECONDS = 1;
  private static final int MONTHS_FOR_FORECAST = 3;

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
   * @param monthsLeft until the disk is full, at the pace of the last three months; empty where there is no pace yet
   */
  public record Space(long archiveBytes, long freeBytes, OptionalLong monthsLeft) {}

  /**
   * Makes the report. Reads every byte of the archive.
   *
   * @throws DamagedArchive if the archive cannot be opened at all
   */
  public static RecoveryReport make(Path archive, Path database, Configuration configuration, Instant now, Progress progress) throws IOException {
    RealDisk disk = Places.archive(archive);
    CheckReport check = new Checker(disk).check(Checker.Mode.FULL, progress::report);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    List<Finding> findings = new ArrayList<>(check.findings());
    Optional<LastDrill> drill = check.sound() ? lastDrill(reader) : Optional.empty();
    lookAtDrill(drill, check.sound(), now, findings);
    Locations locations = new Locations(archive, reader, now);
    List<Locations.Location> copies = locations.look(configuration.value(Configuration.LOCATIONS), findings);
    Map<String, Long> months = bytesByMonth(reader.head());
    Space space = space(archive, reader.head(), check.bytes(), months);
    space.monthsLeft().ifPresent(left -> {
      if (left < 6) {
        findings.add(Finding.warning("disk-filling", ".", 0, "at the pace of the last months the disk is full in about " + left + " months").next(""));
      }
    });
    new Production(archive, database, configuration, reader, now).look(findings);
    boolean ready = check.sound() && drill.map(last -> last.report().green()).orElse(true);
    Optional<DrillReport> pace = drill.map(LastDrill::report).filter(last -> last.seconds() > 0 && last.seq() > 0);
    double estimate = pace.map(last -> last.seconds() * Math.max(1, (double) reader.lastSeq() / last.seq()))
        .orElse(START_SECONDS + (double) reader.lastSeq() / CHANGES_PER_SECOND_ASSUMED);
    List<String> gaps = check.findings().stream().filter(finding -> finding.code().equals("seq-gap")).map(Finding::message).toList();
    return new RecoveryReport(now, ready, reader.lastSeq(), Timestamps.instant(reader.lastAt()), groups(reader.head()), copies, drill, estimate, pace.isPresent(), Identity.FORMAT, gaps, months,
        space, afterwards(configuration), List.copyOf(findings));
  }

  private static Optional<LastDrill> lastDrill(ArchiveReader reader) throws IOException {
    List<LastDrill> drills = new ArrayList<>();
    reader.forEach(Catalog.OPERATIONS, new BitSet(), change -> {
      drill(change).ifPresent(drills::add);
      return true;
    });
    reader.tail().forEach(change -> drill(change).ifPresent(drills::add));
    return drills.isEmpty() ? Optional.empty() : Optional.of(drills.getLast());
  }

  private static Optional<LastDrill> drill(Change change) {
    return DrillReport.of(change.row()).map(report -> new LastDrill(report, Timestamps.instant(change.at())));
  }

  private static void lookAtDrill(Optional<LastDrill> drill, boolean sound, Instant now, List<Finding> findings) {
    if (drill.isEmpty()) {
      findings.add(Finding.warning("drill-missing", ".", 0, sound ? "no drill was ever made: nobody has seen a recovery succeed"
          : "the archive is damaged, so its record of drills was not read").next(sound ? "thywill test-recovery" : "thywill repair-archives"));
      return;
    }
    LastDrill last = drill.get();
    if (!last.report().green()) {
      findings.add(Finding.error("drill-red", ".", 0, "the last drill was red: " + last.report().causes()).next("thywill test-recovery"));
    }
    long days = Duration.between(last.at(), now).toDays();
    if (days > DRILL_AGE_MAX.toDays()) {
      findings.add(Finding.warning("drill-old", ".", 0, "the last drill was made " + days + " days ago; expected within " + DRILL_AGE_MAX.toDays()).next("thywill test-recovery"));
    }
  }

  private static List<Group> groups(Head head) {
    Map<String, Digest.Entry> rows = head.digest().tables();
    return Arrays.stream(RecoveryGroup.values()).map(group -> new Group(group, Catalog.TABLES.stream().filter(table -> table.group() == group).map(table -> {
      List<String> logs = head.logsOf(table);
      long bytes = logs.stream().mapToLong(log -> extent(head, log)).sum();
      return new Covered(table, Optional.ofNullable(rows.get(table.name())).map(Digest.Entry::rows).orElse(0L), logs.size(), bytes);
    }).toList())).toList();
  }

  private static long extent(Head head, String log) {
    return Optional.ofNullable(head.logs().get(log)).map(Head.Extent::bytes).orElse(0L);
  }

  private static Map<String, Long> bytesByMonth(Head head) {
    Map<String, Long> months = new TreeMap<>();
    head.logs().forEach((file, extent) -> Catalog.ofLog(file).flatMap(table -> table.home().period(file)).filter(period -> period.matches("\\d{4}_\\d{2}"))
        .ifPresent(month -> months.merge(month.replace('_', '-'), extent.bytes(), Long::sum)));
    return months;
  }

  /** A byte of a log comes with its share of journal, pages and seals, as it did so far. */
  private static Space space(Path archive, Head head, long archiveBytes, Map<String, Long> months) throws IOException {
    long free = Files.getFileStore(archive).getUsableSpace();
    List<Long> recent = new ArrayList<>(months.values());
    recent = recent.subList(Math.max(0, recent.size() - MONTHS_FOR_FORECAST), recent.size());
    long logs = head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
    double pace = recent.stream().mapToLong(Long::longValue).average().orElse(0) * archiveBytes / Math.max(1, logs);
    return new Space(archiveBytes, free, pace >= 1 ? OptionalLong.of((long) (free / pace)) : OptionalLong.empty());
  }

  private static List<String> afterwards(Configuration configuration) {
    List<String> steps = new ArrayList<>();
    steps.add("Members sign in again on their devices: the keys of their sessions are not in the archive.");
    for (Configuration.Known known : Configuration.KNOWN) {
      if (known.secret() && configuration.missingSecrets().contains(known.name())) {
        steps.add("Set the secret " + known.name() + ": " + known.meaning() + ".");
      }
    }
    steps.add("Set again what the environment of the server had set; ./thywill config shows what is in force.");
    return steps;
  }
}
