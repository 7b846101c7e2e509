package org.thywill.operations.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.drill.DrillReport;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.report.RecoveryReport.Contents;
import org.thywill.operations.report.RecoveryReport.Covered;
import org.thywill.operations.report.RecoveryReport.Group;
import org.thywill.operations.report.RecoveryReport.LastDrill;
import org.thywill.operations.report.RecoveryReport.Space;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;

/**
 * Makes a {@link RecoveryReport}: reads every byte of the archive, looks at its copies and at this
 * machine, and changes nothing. An archive that cannot be opened is an answer, too.
 */
public final class RecoveryReporter {
  /** A drill is to be made once a quarter. */
  static final Duration DRILL_AGE_MAX = Duration.ofDays(92);

  /** A drill that is older than this is worth a note. */
  static final Duration DRILL_AGE_GOOD = Duration.ofDays(30);

  private static final int MONTHS_LEFT_MIN = 6;
  private static final int MONTHS_FOR_FORECAST = 3;
  private static final long CHANGES_PER_SECOND_ASSUMED = 50_000;
  private static final double START_SECONDS = 1;

  private final Path archive;
  private final Path database;
  private final Configuration configuration;
  private final ClockSyncProbe machine;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * For one community; makes one report.
   *
   * @param database where the live view is, or may be
   */
  public RecoveryReporter(
      Path archive,
      Path database,
      Configuration configuration,
      ClockSyncProbe machine,
      Instant now) {
    this.archive = archive;
    this.database = database;
    this.configuration = configuration;
    this.machine = machine;
    this.now = now;
  }

  /** What was seen of an archive; the reader is empty where it cannot be opened. */
  private record Seen(CheckReport check, Optional<ArchiveReader> reader) {}

  /** What was seen of the live database: its state, or why there is none. */
  private record Live(Optional<ViewState> state, Optional<Finding> finding) {}

  /**
   * Makes the report.
   *
   * @throws IOException if the machine cannot be asked about itself; that the archive cannot be
   *     read is told in the report
   */
  public RecoveryReport make(ProgressListener progress) throws IOException {
    // Looked at first: what is committed later, while the archive is read, is no loss.
    Live live = live();
    Seen seen = see(progress);
    Map<String, LastDrill> drills =
        seen.reader().isPresent() && seen.check().sound() ? drills(seen.reader().get()) : Map.of();
    Optional<LastDrill> drill = drills.values().stream().max(Comparator.comparing(LastDrill::at));
    judge(drills, drill, seen.check().sound());
    if (seen.reader().isPresent()) {
      compare(live, seen.reader().get());
    }
    List<ArchiveCopies.Location> locations =
        new ArchiveCopies(archive, seen.reader(), now, findings)
            .look(configuration.value(Configuration.LOCATIONS));
    Optional<Contents> contents =
        seen.reader().isPresent()
            ? Optional.of(contents(seen.reader().get(), seen.check()))
            : Optional.empty();
    Configuration inForce = inForce(seen.reader());
    new ProductionCheck(archive, database, inForce, machine, now, findings).look(seen.reader());
    findings.replaceAll(
        finding ->
            finding.next().equals("thywill recovery-report")
                ? finding.next(fromBestCopy(locations))
                : finding);
    findings.sort(Comparator.comparing(Finding::severity));
    boolean ready =
        findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    Optional<DrillReport> pace =
        drill.map(LastDrill::report).filter(last -> last.seconds() > 0 && last.seq() > 0);
    return new RecoveryReport(
        now,
        ready,
        contents,
        seen.reader().map(reader -> groups(reader.head())).orElse(List.of()),
        locations,
        drill,
        estimate(seen.reader(), pace),
        pace.isPresent(),
        Arrays.stream(ReadinessRequirement.values()).map(need -> need.in(findings)).toList(),
        afterwards(inForce),
        List.copyOf(findings),
        byCode(seen.check()));
  }

  private Seen see(ProgressListener progress) {
    CheckReport check = new CheckReport(0, 0, 0, List.of(), Map.of(), false);
    try {
      Disk disk = ArchiveFolders.archiveAsItIs(archive);
      check = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
      take(check);
      return new Seen(check, Optional.of(ArchiveReader.open(disk, 0)));
    } catch (DamagedArchiveException e) {
      if (check.sound() || check.findings().isEmpty()) {
        findings.add(e.finding());
      }
    } catch (FileSystemException e) {
      unopened(e.getFile() + ": " + Optional.ofNullable(e.getReason()).orElse("cannot be read"));
    } catch (IOException e) {
      unopened(String.valueOf(e.getMessage()));
    }
    return new Seen(
        new CheckReport(
            check.changes(),
            check.files(),
            check.bytes(),
            check.findings(),
            check.findingsByCode(),
            false),
        Optional.empty());
  }

  /** What the archive itself cannot mend sends people to this report, to see whether a copy can. */
  private static String fromBestCopy(List<ArchiveCopies.Location> locations) {
    return "thywill repair-archives"
        + locations.stream()
            .skip(1)
            .filter(ArchiveCopies.Location::isUsable)
            .max(Comparator.comparingLong(ArchiveCopies.Location::seq))
            .map(copy -> " --from " + copy.name())
            .orElse("");
  }

  private void unopened(String why) {
    findings.add(Finding.error("archive-unopened", ".", 0, "the archive cannot be opened: " + why));
  }

  /**
   * Errors one by one; of what is only to be looked at, and may be there in thousands, the first of
   * each code.
   */
  private void take(CheckReport check) {
    Map<String, Finding> firsts = new LinkedHashMap<>();
    for (Finding finding : check.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        findings.add(finding);
      } else {
        firsts.putIfAbsent(finding.code(), finding);
      }
    }
    firsts.forEach(
        (code, first) -> {
          long more = check.findingsByCode().getOrDefault(code, 1L) - 1;
          findings.add(
              more == 0
                  ? first
                  : new Finding(
                      code,
                      first.severity(),
                      first.file(),
                      first.line(),
                      first.message() + "; and " + NumberText.of(more) + " more of this kind",
                      first.repairable(),
                      first.next()));
        });
  }

  private Map<String, Long> byCode(CheckReport check) {
    Map<String, Long> counts = new TreeMap<>();
    findings.forEach(finding -> counts.merge(finding.code(), 1L, Long::sum));
    counts.putAll(check.findingsByCode());
    return counts;
  }

  /** The last drill of each source: this archive, or one of its copies. */
  static Map<String, LastDrill> drills(ArchiveReader reader) throws IOException {
    Map<String, LastDrill> drills = new LinkedHashMap<>();
    reader.forEach(
        Catalog.OPERATIONS,
        new BitSet(),
        change -> {
          drill(change).ifPresent(drill -> drills.put(drill.report().from(), drill));
          return true;
        });
    reader
        .tail()
        .forEach(
            change -> drill(change).ifPresent(drill -> drills.put(drill.report().from(), drill)));
    return drills;
  }

  private static Optional<LastDrill> drill(Change change) {
    return DrillReport.of(change.row())
        .map(report -> new LastDrill(report, Timestamps.instant(change.at())));
  }

  private void judge(Map<String, LastDrill> drills, Optional<LastDrill> newest, boolean sound) {
    if (newest.isEmpty()) {
      findings.add(
          Finding.warning(
                  "drill-missing",
                  ".",
                  0,
                  sound
                      ? "no drill was ever made: nobody has seen a recovery succeed"
                      : "the archive is damaged, so its record of drills was not read")
              .next(sound ? "thywill test-recovery" : "thywill repair-archives"));
      return;
    }
    drills.forEach(
        (from, last) -> {
          if (!last.report().green()) {
            boolean ours = from.equals(DrillReport.THIS_ARCHIVE);
            String message =
                "the last drill "
                    + (ours ? "" : "of " + from + " ")
                    + "was red: "
                    + last.report().causes();
            String next = "thywill test-recovery" + (ours ? "" : " --from " + from);
            findings.add(
                (ours
                        ? Finding.error("drill-red", ".", 0, message)
                        : Finding.warning("drill-red", ".", 0, message))
                    .next(next));
          }
        });
    Duration age = Duration.between(newest.get().at(), now);
    String message =
        "the last drill was made "
            + NumberText.count(age.toDays(), "day")
            + " ago; expected within "
            + DRILL_AGE_MAX.toDays()
            + ", better within "
            + DRILL_AGE_GOOD.toDays();
    if (age.compareTo(DRILL_AGE_MAX) > 0) {
      findings.add(Finding.warning("drill-old", ".", 0, message).next("thywill test-recovery"));
    } else if (age.compareTo(DRILL_AGE_GOOD) > 0) {
      findings.add(Finding.note("drill-old", ".", 0, message).next("thywill test-recovery"));
    }
  }

  /** That the database itself is lost or broken is what recoveries are for. */
  private Live live() throws IOException {
    if (!Files.exists(database)) {
      return new Live(
          Optional.empty(),
          Optional.of(
              Finding.note("database-missing", ".", 0, "there is no database " + database)
                  .next("thywill recover")));
    }
    try (SqliteReader view = SqliteReader.open(database)) {
      return new Live(Optional.of(view.state()), Optional.empty());
    } catch (ViewException e) {
      return new Live(
          Optional.empty(),
          Optional.of(
              Finding.warning(
                      "database-unreadable",
                      ".",
                      0,
                      "the database " + database + " cannot be read: " + e.getMessage())
                  .next("thywill recover --replace")));
    }
  }

  /** Nothing that the live database holds may be missing from the archive. */
  private void compare(Live live, ArchiveReader reader) {
    live.finding().ifPresent(findings::add);
    live.state()
        .ifPresent(
            state -> {
              if (!state.community().equals(reader.identity().community())) {
                findings.add(
                    Finding.warning(
                            "database-foreign",
                            ".",
                            0,
                            "the database " + database + " belongs to another community")
                        .next("thywill config"));
              } else if (state.seq() > reader.lastSeq()) {
                findings.add(
                    Finding.error(
                            Drill.ARCHIVE_BEHIND,
                            ".",
                            0,
                            "the archive ends with change "
                                + reader.lastSeq()
                                + ", but the live database holds change "
                                + state.seq())
                        .next("thywill repair-archives"));
              }
            });
  }

  private Contents contents(ArchiveReader reader, CheckReport check) throws IOException {
    Map<String, Long> months = bytesByMonth(reader.head());
    Space space = space(reader.head(), check.bytes(), months);
    if (space.monthsLeft().orElse(Long.MAX_VALUE) < MONTHS_LEFT_MIN) {
      findings.add(
          Finding.warning(
                  "disk-filling",
                  ".",
                  0,
                  "at the pace of the last months the disk is full in about "
                      + NumberText.count(space.monthsLeft().getAsLong(), "month"))
              .next(""));
    }
    List<String> gaps =
        new ArrayList<>(
            check.findings().stream()
                .filter(finding -> finding.code().equals("seq-gap"))
                .map(Finding::message)
                .toList());
    if (check.acceptedGaps() > 0) {
      gaps.add(NumberText.count(check.acceptedGaps(), "change") + " given up as lost for good");
    }
    return new Contents(
        reader.lastSeq(),
        Timestamps.instant(reader.lastAt()),
        ArchiveIdentity.FORMAT,
        gaps,
        months,
        space);
  }

  /** How much text the logs of each month have; months without a log are left out. */
  static Map<String, Long> bytesByMonth(Head head) {
    Map<String, Long> months = new TreeMap<>();
    head.logs()
        .forEach(
            (file, extent) ->
                Catalog.ofLog(file)
                    .flatMap(table -> table.logLocation().period(file))
                    .filter(period -> period.matches("\\d{4}_\\d{2}"))
                    .ifPresent(
                        month -> months.merge(month.replace('_', '-'), extent.bytes(), Long::sum)));
    return months;
  }

  /** A byte of a log comes with its share of journal, pages and seals, as it did so far. */
  private Space space(Head head, long archiveBytes, Map<String, Long> months) throws IOException {
    long free = Files.getFileStore(archive).getUsableSpace();
    List<Long> recent = new ArrayList<>(months.values());
    recent = recent.subList(Math.max(0, recent.size() - MONTHS_FOR_FORECAST), recent.size());
    long logs = head.logs().values().stream().mapToLong(Head.Extent::bytes).sum();
    double pace =
        recent.stream().mapToLong(Long::longValue).average().orElse(0)
            * archiveBytes
            / Math.max(1, logs);
    return new Space(
        archiveBytes,
        free,
        pace >= 1 ? OptionalLong.of((long) (free / pace)) : OptionalLong.empty());
  }

  private static List<Group> groups(Head head) {
    Map<String, Digest.Entry> rows = head.digest().tables();
    return Arrays.stream(RecoveryGroup.values())
        .map(
            group ->
                new Group(
                    group,
                    Catalog.TABLES.stream()
                        .filter(table -> table.group() == group)
                        .map(
                            table -> {
                              List<String> logs = head.logsOf(table);
                              long bytes =
                                  logs.stream()
                                      .mapToLong(
                                          log ->
                                              Optional.ofNullable(head.logs().get(log))
                                                  .map(Head.Extent::bytes)
                                                  .orElse(0L))
                                      .sum();
                              return new Covered(
                                  table,
                                  Optional.ofNullable(rows.get(table.name()))
                                      .map(Digest.Entry::rows)
                                      .orElse(0L),
                                  logs.size(),
                                  bytes);
                            })
                        .toList()))
        .toList();
  }

  private static OptionalDouble estimate(
      Optional<ArchiveReader> reader, Optional<DrillReport> pace) {
    if (reader.isEmpty()) {
      return OptionalDouble.empty();
    }
    long changes = reader.get().lastSeq();
    return OptionalDouble.of(
        pace.map(last -> last.seconds() * Math.max(1, (double) changes / last.seq()))
            .orElse(START_SECONDS + (double) changes / CHANGES_PER_SECOND_ASSUMED));
  }

  private static List<String> afterwards(Configuration inForce) {
    List<String> steps =
        new ArrayList<>(
            List.of(
                "Members sign in again on their devices: the keys of their sessions are not in the"
                    + " archive. A sign-in that was waiting for approval begins anew."));
    steps.addAll(inForce.toProvide());
    return steps;
  }

  /**
   * The settings with what the archive remembers of them; why it cannot be read is among the
   * findings of the check.
   */
  private Configuration inForce(Optional<ArchiveReader> reader) throws IOException {
    try {
      return reader.isPresent()
          ? configuration.with(ArchivedSettings.read(reader.get()))
          : configuration;
    } catch (DamagedArchiveException e) {
      return configuration;
    }
  }
}
