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
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.drill.DrillReport;
import org.thywill.operations.format.NumberText;
import org.thywill.operations.report.RecoveryReport.Contents;
import org.thywill.operations.report.RecoveryReport.Covered;
import org.thywill.operations.report.RecoveryReport.Group;
import org.thywill.operations.report.RecoveryReport.LastDrill;
import org.thywill.operations.report.RecoveryReport.Practice;
import org.thywill.operations.report.RecoveryReport.Readiness;
import org.thywill.operations.report.RecoveryReport.Space;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import org.thywill.progress.ProgressListener;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewException;
import org.thywill.view.ViewState;

/**
 * Makes a {@link RecoveryReport} from the archive, its copies, and this machine.
 *
 * <p>It reads every byte of the archive and changes nothing. That an archive cannot be opened is a
 * result, too.
 */
public final class RecoveryReporter {
  /** A drill that is older than a quarter of a year is a warning. */
  static final Duration DRILL_AGE_MAX = Duration.ofDays(92);

  /** A drill that is older than this is a note. */
  static final Duration DRILL_AGE_GOOD = Duration.ofDays(30);

  private static final int MONTHS_LEFT_MIN = 6;
  private static final int MONTHS_FOR_FORECAST = 3;
  private static final long CHANGES_PER_SECOND_ASSUMED = 50_000;
  private static final double START_SECONDS = 1;

  private final Path archive;
  private final Path database;
  private final Configuration configuration;
  private final ClockSyncProbe clock;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Creates the maker of one report of one community.
   *
   * @param database the file of the live view; it may be missing
   */
  public RecoveryReporter(
      Path archive, Path database, Configuration configuration, ClockSyncProbe clock, Instant now) {
    this.archive = archive;
    this.database = database;
    this.configuration = configuration;
    this.clock = clock;
    this.now = now;
  }

  /** A check of the archive, and a reader of it; null where it cannot be opened. */
  private record CheckedArchive(CheckReport check, @Nullable ArchiveReader reader) {}

  /** The state of the live database, or a finding that says why there is none. */
  private record LiveView(@Nullable ViewState state, @Nullable Finding finding) {}

  /**
   * Makes the report.
   *
   * @throws IOException if permissions of files or the database cannot be read; that the archive
   *     cannot be read is a finding of the report
   */
  public RecoveryReport make(ProgressListener progress) throws IOException {
    // Read first: what is committed later, while the archive is read, is no loss.
    LiveView live = liveView();
    CheckedArchive checked = check(progress);
    CheckReport check = checked.check();
    ArchiveReader reader = checked.reader();
    Map<String, LastDrill> drills = reader != null && check.sound() ? drills(reader) : Map.of();
    LastDrill lastDrill =
        drills.values().stream().max(Comparator.comparing(LastDrill::at)).orElse(null);
    judgeDrills(drills, lastDrill, check.sound());
    if (reader != null) {
      compare(live, reader);
    }
    List<ArchiveCopies.Location> locations =
        new ArchiveCopies(archive, reader, now, findings)
            .inspect(configuration.value(Configuration.LOCATIONS));
    Contents contents = reader == null ? null : contents(reader, check);
    Configuration inForce = inForce(reader);
    new ProductionCheck(archive, database, inForce, clock, now, findings).run(reader);
    findings.replaceAll(
        finding ->
            finding.next().equals("thywill recovery-report")
                ? finding.next(repairFromBestCopy(locations))
                : finding);
    findings.sort(Comparator.comparing(Finding::severity));
    return new RecoveryReport(
        now,
        readiness(),
        contents,
        locations,
        practice(reader, lastDrill),
        afterwards(inForce),
        List.copyOf(findings),
        byCode(check));
  }

  private Readiness readiness() {
    return new Readiness(
        findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR),
        Arrays.stream(ReadinessRequirement.values())
            .map(requirement -> requirement.evaluate(findings))
            .toList());
  }

  private CheckedArchive check(ProgressListener progress) {
    CheckReport check = new CheckReport(0, 0, 0, List.of(), Map.of(), false);
    try {
      Disk disk = ArchiveFolders.archiveAsItIs(archive);
      check = new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, progress);
      add(check);
      return new CheckedArchive(check, ArchiveReader.open(disk, 0));
    } catch (DamagedArchiveException e) {
      if (check.sound() || check.findings().isEmpty()) {
        findings.add(e.finding());
      }
    } catch (FileSystemException e) {
      addUnopened(e.getFile() + ": " + Optional.ofNullable(e.getReason()).orElse("cannot be read"));
    } catch (IOException e) {
      addUnopened(String.valueOf(e.getMessage()));
    }
    return new CheckedArchive(
        new CheckReport(
            check.changes(),
            check.files(),
            check.bytes(),
            check.findings(),
            check.findingsByCode(),
            false),
        null);
  }

  /** The command that repairs the archive from the best copy, or from itself if there is none. */
  private static String repairFromBestCopy(List<ArchiveCopies.Location> locations) {
    return "thywill repair-archives"
        + locations.stream()
            .skip(1)
            .filter(ArchiveCopies.Location::isUsable)
            .max(Comparator.comparingLong(ArchiveCopies.Location::seq))
            .map(copy -> " --from " + copy.name())
            .orElse("");
  }

  private void addUnopened(String why) {
    findings.add(Finding.error("archive-unopened", ".", 0, "the archive cannot be opened: " + why));
  }

  /**
   * Adds the findings of a check.
   *
   * <p>Errors are added one by one. Of warnings and notes, of which there may be thousands, only
   * the first of each code is added.
   */
  private void add(CheckReport check) {
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

  /** The last drill of each source, which is {@link DrillReport#THIS_ARCHIVE} or a copy's path. */
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

  private void judgeDrills(
      Map<String, LastDrill> drills, @Nullable LastDrill newest, boolean sound) {
    if (newest == null) {
      findings.add(
          Finding.warning(
                  "drill-missing",
                  ".",
                  0,
                  sound
                      ? "no drill was ever made, so no recovery was seen to succeed"
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
    Duration age = Duration.between(newest.at(), now);
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

  /** A database that is missing or unreadable is no error: a recovery makes it again. */
  private LiveView liveView() throws IOException {
    if (!Files.exists(database)) {
      return new LiveView(
          null,
          Finding.note("database-missing", ".", 0, "there is no database " + database)
              .next("thywill recover"));
    }
    try (SqliteReader view = SqliteReader.open(database)) {
      return new LiveView(view.state(), null);
    } catch (ViewException e) {
      return new LiveView(
          null,
          Finding.warning(
                  "database-unreadable",
                  ".",
                  0,
                  "the database " + database + " cannot be read: " + e.getMessage())
              .next("thywill recover --replace"));
    }
  }

  /** Nothing that the live database holds may be missing from the archive. */
  private void compare(LiveView live, ArchiveReader reader) {
    if (live.finding() != null) {
      findings.add(live.finding());
    }
    ViewState state = live.state();
    if (state == null) {
      return;
    }
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
        groups(reader.head()),
        gaps,
        months,
        space);
  }

  /** The bytes of all logs of each month; months without a log are left out. */
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

  /** Assumes that journal, pages and seals go on growing in proportion to the logs. */
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
    return Arrays.stream(RecoveryGroup.values())
        .map(
            group ->
                new Group(
                    group,
                    Catalog.TABLES.stream()
                        .filter(table -> table.group() == group)
                        .map(table -> covered(table, head))
                        .toList()))
        .toList();
  }

  private static Covered covered(Table table, Head head) {
    Digest.Entry entry = head.digest().tables().get(table.name());
    List<String> logs = head.logsOf(table);
    long bytes =
        logs.stream()
            .map(head.logs()::get)
            .filter(Objects::nonNull)
            .mapToLong(Head.Extent::bytes)
            .sum();
    return new Covered(table, entry == null ? 0 : entry.rows(), logs.size(), bytes);
  }

  /** The estimate follows from the last drill if that one rebuilt something. */
  private static Practice practice(@Nullable ArchiveReader reader, @Nullable LastDrill drill) {
    boolean measured = drill != null && drill.report().seconds() > 0 && drill.report().seq() > 0;
    DrillReport pace = drill != null && measured ? drill.report() : null;
    OptionalDouble estimateSeconds =
        reader == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(estimateSeconds(reader.lastSeq(), pace));
    return new Practice(drill, estimateSeconds, measured);
  }

  private static double estimateSeconds(long changes, @Nullable DrillReport pace) {
    return pace == null
        ? START_SECONDS + (double) changes / CHANGES_PER_SECOND_ASSUMED
        : pace.seconds() * Math.max(1, (double) changes / pace.seq());
  }

  private static List<String> afterwards(Configuration inForce) {
    List<String> steps =
        new ArrayList<>(
            List.of(
                "Members sign in again on their devices: the keys of their sessions are not in the"
                    + " archive. A sign-in that was waiting for approval starts over."));
    steps.addAll(inForce.toProvide());
    return steps;
  }

  /** The given settings, completed by those of the archive, as far as that can be read. */
  private Configuration inForce(@Nullable ArchiveReader reader) throws IOException {
    try {
      return reader == null ? configuration : configuration.with(ArchivedSettings.read(reader));
    } catch (DamagedArchiveException e) {
      return configuration; // The damage itself is among the findings of the check.
    }
  }
}
