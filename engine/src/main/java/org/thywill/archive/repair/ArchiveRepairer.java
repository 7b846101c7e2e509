package org.thywill.archive.repair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.derived.PageUpdater;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;

/**
 * Makes damaged files of an archive again what they were, from the good lines that stand elsewhere.
 *
 * <p>How: everything is tried on an overlay first, so nothing is touched before the outcome is
 * known. (1) A control file of which both copies are damaged is looked for under what has mangled
 * it, and at the other locations. (2) The archive is checked; {@link LogRepairer} makes each
 * damaged log and journal file again, line by line, as far as all of it can be had and something
 * that was written before vouches for it. (3) SealFile, parities, snapshots, control files and
 * pages are what sound logs lead to. This is repeated until nothing changes. (4) The archive is
 * checked as it would be: what is made anew and is not sound then stays as it was. {@link #apply}
 * writes the rest, file by file, each beside its place and then in one step; a crash leaves some
 * files to be repaired by the next try. What stood in their places is kept in {@code quarantine/},
 * with a list of the bytes that changed.
 */
public final class ArchiveRepairer {
  private final Disk disk;
  private final OverlayDisk overlay;
  private final List<RepairSource> sources = new ArrayList<>();
  private final LiveRowSource rows;
  private final ProgressListener progress;
  private final Map<String, Set<String>> from = new TreeMap<>();
  private final List<String> controlsLost = new ArrayList<>();
  private Map<String, byte[]> expected = new TreeMap<>();
  private CheckReport before;
  private CheckReport after;

  /**
   * A file that can be, or has been, made again.
   *
   * @param causes the codes of what was wrong with it
   * @param sources the files that have what it lacked, those of another location with its name;
   *     empty if all of it was in the file itself
   * @param action what is done: {@code restored}, or {@code set aside} if it should not be there
   */
  public record Mended(String file, List<String> causes, List<String> sources, String action) {}

  private ArchiveRepairer(
      Disk disk,
      Map<String, ? extends Disk> locations,
      LiveRowSource rows,
      Disk scratch,
      ProgressListener progress) {
    this.disk = disk;
    this.rows = rows;
    this.overlay = new OverlayDisk(disk, scratch);
    this.progress = progress;
    this.before = new CheckReport(0, 0, 0, List.of(), Map.of(), false);
    this.after = before;
    sources.add(new RepairSource("", overlay));
    locations.forEach((name, location) -> sources.add(new RepairSource(name, location)));
  }

  /**
   * Finds out what can be repaired. Nothing is changed.
   *
   * @param locations copies of the archive by the names that people are told; of the same community
   * @param scratch an empty disk for what is made anew; of no use afterwards
   * @throws NotAnArchiveException if there is none, or a newer one
   */
  public static ArchiveRepairer plan(
      Disk disk, Map<String, ? extends Disk> locations, Disk scratch, ProgressListener progress)
      throws IOException {
    return plan(disk, locations, LiveRowSource.NONE, scratch, progress);
  }

  /**
   * As {@link #plan(Disk, Map, Disk, Checker.Progress)}, also from a database.
   *
   * @param rows its present rows
   */
  public static ArchiveRepairer plan(
      Disk disk,
      Map<String, ? extends Disk> locations,
      LiveRowSource rows,
      Disk scratch,
      ProgressListener progress)
      throws IOException {
    ArchiveRepairer repair = new ArchiveRepairer(disk, locations, rows, scratch, progress);
    repair.check();
    repair.before = repair.after;
    repair.controls();
    if (!repair.overlay.changed().isEmpty()) {
      repair.check();
    }
    while (repair.pass()) {
      repair.check();
    }
    repair.withdraw();
    return repair;
  }

  /** The archive as it was found. */
  public CheckReport before() {
    return before;
  }

  /** The archive as it will be when all that can be repaired has been. */
  public CheckReport after() {
    return after;
  }

  /** The archive as it will be, to be read; of use as long as the scratch disk is. */
  public Disk repaired() {
    return overlay;
  }

  /** What can be repaired, in the order of the files. */
  public List<Mended> mended() {
    List<Mended> mended = new ArrayList<>();
    Set<String> files = new TreeSet<>(overlay.changed());
    files.addAll(overlay.gone());
    for (String file : files) {
      List<String> causes =
          before.findings().stream()
              .filter(finding -> finding.file().equals(file))
              .map(Finding::code)
              .distinct()
              .toList();
      mended.add(
          new Mended(
              file,
              causes,
              List.copyOf(from.getOrDefault(file, Set.of())),
              overlay.gone().contains(file) ? "set aside" : "restored"));
    }
    return mended;
  }

  private void check() throws IOException {
    expected = new TreeMap<>();
    after = new ArchiveChecker(overlay, expected::put).check(ArchiveChecker.Mode.FULL, progress);
  }

  private Set<String> damaged() {
    Set<String> files = new LinkedHashSet<>();
    after.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .forEach(finding -> files.add(finding.file()));
    return files;
  }

  /**
   * One round: logs and journal first, since all else follows from them. Whether anything has
   * changed.
   */
  private boolean pass() throws IOException {
    Set<String> damaged = damaged();
    if (damaged.isEmpty() && overlay.exists(ReadmeFile.FILE) || !controlsLost.isEmpty()) {
      return false;
    }
    boolean changed = false;
    for (String control :
        List.of(
            ArchiveIdentity.FILE.file(),
            ArchiveIdentity.FILE.copy(),
            Head.FILE.file(),
            Head.FILE.copy())) {
      byte[] content = expected.get(control);
      changed |= content != null && put(control, content, Set.of(other(control)));
    }
    if (changed) {
      return true;
    }
    List<Disk> witnesses = new ArrayList<>(List.of(disk));
    sources.stream().skip(1).map(RepairSource::disk).forEach(witnesses::add);
    LogRepairer logs =
        new LogRepairer(
            sources, rows, witnesses, ArchiveIdentity.read(overlay), Head.read(overlay));
    for (String file : logs.targets(damaged)) {
      Optional<LogRepairer.Made> made = logs.make(file);
      changed |= made.isPresent() && put(file, made.get().content(), made.get().sources());
    }
    return changed || derived(damaged);
  }

  private static String other(String control) {
    return control.contains(".copy.")
        ? control.replace(".copy.", ".")
        : control.replace(".txt", ".copy.txt");
  }

  /** SealFile, snapshots and pages from the logs; and files that should not be there go. */
  private boolean derived(Set<String> damaged) throws IOException {
    boolean changed = false;
    for (Map.Entry<String, byte[]> made : expected.entrySet()) {
      if (isFree(made.getKey(), damaged)) {
        changed |= put(made.getKey(), made.getValue(), Set.of("the logs"));
      }
    }
    Set<String> pages = new LinkedHashSet<>(damaged);
    pages.removeIf(file -> !PrayerPageFile.isPage(file));
    // A page that knows more than the journal is the only witness that the journal has lost its
    // end.
    after.findings().stream()
        .filter(finding -> finding.code().equals("page-ahead"))
        .forEach(finding -> pages.remove(finding.file()));
    if (!pages.isEmpty()) {
      changed |= pages(pages);
    }
    for (Finding finding : after.findings()) {
      boolean isStray =
          List.of(
                  "seal-unexpected",
                  "parity-unexpected",
                  "page-unexpected",
                  "log-unexpected",
                  "snapshot-unexpected")
              .contains(finding.code());
      if (isStray && overlay.exists(finding.file()) && addsNothing(finding.file())) {
        overlay.delete(finding.file());
        changed = true;
      }
    }
    if (!overlay.exists(ReadmeFile.FILE)) {
      changed |= put(ReadmeFile.FILE, ReadmeFile.content(ArchiveIdentity.read(overlay)), Set.of());
    }
    return changed;
  }

  /**
   * Whether a file may be made anew. A sound seal is a witness, and while lines of a month
   * contradict each other neither its seal nor its parity follows from them.
   */
  private boolean isFree(String file, Set<String> damaged) throws IOException {
    if (!SealFile.isSeal(file) && !ParityEncoder.isParity(file)) {
      return true;
    }
    String month = SealFile.isSeal(file) ? SealFile.monthOf(file) : ParityEncoder.monthOf(file);
    return (ParityEncoder.isParity(file) || !SealFile.isSoundSealOf(overlay, file))
        && damaged.stream()
            .noneMatch(
                each -> JournalFile.isJournal(each) && JournalFile.month(each).equals(month));
  }

  private boolean pages(Set<String> damaged) throws IOException {
    boolean[] changed = {false};
    try {
      new PageUpdater(overlay, ArchiveIdentity.read(overlay), Head.read(overlay))
          .forEachExpected(
              (file, content) -> {
                changed[0] |= damaged.contains(file) && put(file, content, Set.of("the logs"));
              });
    } catch (DamagedArchiveException e) {
      return changed[0]; // nothing is known of pages while logs are damaged
    }
    return changed[0];
  }

  /**
   * Whether each change that a file tells of has a number that stands in the logs, which are dense
   * and have been compared.
   */
  private boolean addsNothing(String file) throws IOException {
    long head = Head.read(overlay).seq();
    LineCollector lines = new LineCollector(change -> true);
    if (Catalog.ofLog(file).isPresent()) {
      lines.fromLog(sources.getFirst(), file, Catalog.ofLog(file).orElseThrow());
    } else {
      lines.fromJournal(sources.getFirst(), file);
    }
    return lines.all().isEmpty() || lines.all().lastKey() <= head;
  }

  /** Puts a content in its place on the overlay, if it is not there. */
  private boolean put(String file, byte[] content, Set<String> sources) throws IOException {
    if (this.sources
        .getFirst()
        .read(file)
        .filter(present -> Arrays.equals(present, content))
        .isPresent()) {
      return false;
    }
    overlay.replace(file, content);
    from.put(file, sources);
    return true;
  }

  /** Looks for control files of which neither copy is sound. */
  private void controls() throws IOException {
    control(
        ArchiveIdentity.FILE,
        lines -> {
          ArchiveIdentity.parse(lines);
          return 0L;
        });
    control(Head.FILE, lines -> Head.parse(lines).seq());
  }

  private void control(ControlFile control, ControlFile.Reading<Long> age) throws IOException {
    if (ageOf(sources.getFirst().read(control.file()), age) >= 0
        || ageOf(sources.getFirst().read(control.copy()), age) >= 0) {
      return;
    }
    long newest = -1;
    for (RepairSource source : sources) {
      for (String name : List.of(control.file(), control.copy())) {
        for (String copy : source.copiesOf(name)) {
          List<byte[]> variants = new ArrayList<>();
          source
              .read(copy)
              .ifPresent(
                  bytes -> {
                    variants.add(bytes);
                    variants.addAll(EncodingDamage.undo(bytes));
                  });
          for (byte[] variant : variants) {
            long seq = ageOf(Optional.of(variant), age);
            if (seq > newest) {
              newest = seq;
              put(control.file(), variant, Set.of(source.told(copy)));
              put(control.copy(), variant, Set.of(source.told(copy)));
            }
          }
        }
      }
    }
    if (newest < 0) {
      controlsLost.add(control.file());
    }
  }

  /** How new a control file is; -1 if it is not sound. */
  private static long ageOf(Optional<byte[]> bytes, ControlFile.Reading<Long> age)
      throws IOException {
    Optional<List<String>> lines = bytes.flatMap(ControlFile::lines);
    if (lines.isEmpty()) {
      return -1;
    }
    try {
      return age.of(lines.get());
    } catch (DamagedArchiveException e) {
      return -1;
    }
  }

  /** Takes back what was made anew and is not sound all the same. */
  private void withdraw() throws IOException {
    while (true) {
      Set<String> wrong = damaged();
      wrong.removeIf(file -> !overlay.changed().contains(file));
      if (wrong.isEmpty()) {
        return;
      }
      wrong.forEach(overlay::revert);
      check();
    }
  }

  /**
   * Writes what can be repaired. The archive must be held by the caller's lock.
   *
   * @throws IOException if that failed; every file is then as it was or as it must be, and the next
   *     try goes on
   */
  public void apply() throws IOException {
    RepairSource made = new RepairSource("", overlay);
    RepairSource present = new RepairSource("", disk);
    for (String file : overlay.changed()) {
      byte[] content = made.read(file).orElseThrow();
      Optional<byte[]> was = present.read(file);
      if (was.isPresent()) {
        Quarantine.keepReplaced(disk, file, was.get(), content, from.getOrDefault(file, Set.of()));
      }
      disk.replace(file, content);
      if (present.read(file).filter(now -> Arrays.equals(now, content)).isEmpty()) {
        throw new IOException(file + ": the disk does not give back what was written to it");
      }
      if (disk.exists(file + GzipDisk.ENDING)) {
        Quarantine.move(disk, file + GzipDisk.ENDING);
      }
    }
    for (String file : overlay.gone()) {
      if (disk.exists(file)) {
        Quarantine.move(disk, file);
      }
    }
  }
}
