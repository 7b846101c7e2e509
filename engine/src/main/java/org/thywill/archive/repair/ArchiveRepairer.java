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
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.derived.PageUpdater;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.disk.OverlayDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.EncodingDamage;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.Quarantine;
import org.thywill.archive.format.ReadmeFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.JournalLines;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.catalog.Catalog;
import org.thywill.progress.ProgressListener;

/**
 * Restores damaged files of an archive exactly, from the good lines of other files and copies.
 *
 * <p>How: everything is tried on an overlay first, so nothing is changed before the outcome is
 * known. (1) If no copy of a control file can be used, it is {@linkplain ControlFiles made again},
 * also from those at the other locations. (2) The archive is checked. {@link LogRepairer} restores
 * each damaged log and journal file line by line, if all of its lines are found and something that
 * was written earlier confirms them. (3) Seals, parities, snapshots, control files and pages are
 * made from sound logs. Steps 2 and 3 are repeated until nothing changes. (4) The archive is
 * checked as it would be: a restored file that is not sound then is left as it was.
 *
 * <p>{@link #apply} replaces the files one by one, each in one step; after a crash the next repair
 * does the rest. The replaced files are kept in {@code quarantine/}, with a list of the bytes that
 * changed.
 */
public final class ArchiveRepairer {
  /** The action for a file of which some lines are lost everywhere. */
  public static final String IN_PART = "restored in part";

  private final Disk disk;
  private final OverlayDisk overlay;
  private final List<RepairSource> sources = new ArrayList<>();
  private final LiveRowSource rows;
  private final ProgressListener progress;
  private final Map<String, Set<String>> from = new TreeMap<>();
  private Map<String, byte[]> expected = new TreeMap<>();
  private CheckReport before;
  private CheckReport after;
  private final Set<String> improved = new TreeSet<>();
  private boolean isLost;
  private boolean isHeadDerived;

  /**
   * A file that can be, or has been, repaired.
   *
   * @param causes the codes of what was wrong with it
   * @param sources the files that have what it lacked, with the name of their location; empty if
   *     the file itself had everything
   * @param action what is done: {@code restored}, {@code restored in part} if some of its lines are
   *     lost everywhere, or {@code set aside} if it should not be there
   */
  public record RepairedFile(
      String file, List<String> causes, List<String> sources, String action) {}

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
   * @param locations copies of the archive, by the names that are shown to people; of the same
   *     community
   * @param scratch an empty disk for the restored files
   * @throws NotAnArchiveException if there is none, or a newer one
   */
  public static ArchiveRepairer plan(
      Disk disk, Map<String, ? extends Disk> locations, Disk scratch, ProgressListener progress)
      throws IOException {
    return plan(disk, locations, LiveRowSource.NONE, scratch, progress);
  }

  /**
   * Finds out what can be repaired, also with the rows of a database. Nothing is changed.
   *
   * @param locations copies of the archive, by the names that are shown to people; of the same
   *     community
   * @param rows the present rows of the database
   * @param scratch an empty disk for the restored files
   * @throws NotAnArchiveException if there is none, or a newer one
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
    repair.repairControlFiles();
    if (!repair.overlay.changed().isEmpty()) {
      repair.check();
    }
    while (repair.pass()) {
      repair.check();
    }
    repair.discardUnsound();
    if (!repair.after.sound() && repair.improve()) {
      repair.check();
      while (repair.pass()) {
        repair.check();
      }
      repair.discardUnsound();
    }
    repair.addRunningHash();
    return repair;
  }

  /** The check of the archive as it was found. */
  public CheckReport before() {
    return before;
  }

  /** The check of the archive as it will be after {@link #apply}. */
  public CheckReport after() {
    return after;
  }

  /** The archive as it will be after {@link #apply}, for reading while the scratch disk exists. */
  public Disk repaired() {
    return overlay;
  }

  /** What can be repaired, in the order of the files. */
  public List<RepairedFile> repairedFiles() {
    List<RepairedFile> files = new ArrayList<>();
    Set<String> paths = new TreeSet<>(overlay.changed());
    paths.addAll(overlay.gone());
    for (String file : paths) {
      List<String> causes =
          before.findings().stream()
              .filter(finding -> finding.file().equals(file))
              .map(Finding::code)
              .distinct()
              .toList();
      files.add(
          new RepairedFile(
              file, causes, List.copyOf(from.getOrDefault(file, Set.of())), action(file)));
    }
    return files;
  }

  private String action(String file) {
    if (overlay.gone().contains(file)) {
      return "set aside";
    }
    return improved.contains(file) ? IN_PART : "restored";
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
   * One round: logs and journal first, since everything else follows from them.
   *
   * @return whether anything has changed
   */
  private boolean pass() throws IOException {
    Set<String> damaged = damaged();
    if (damaged.isEmpty() && overlay.exists(ReadmeFile.FILE) || isLost) {
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
    List<Disk> trusted = new ArrayList<>(List.of(disk));
    trusted.addAll(places());
    ControlFiles control = ControlFiles.read(overlay);
    LogRepairer logs = new LogRepairer(sources, rows, trusted, control.identity(), control.head());
    for (String file : logs.targets(damaged)) {
      Optional<LogRepairer.RestoredFile> made = logs.restore(file);
      changed |= made.isPresent() && put(file, made.get().content(), made.get().sources());
    }
    return changed || repairDerivedFiles(damaged);
  }

  /**
   * Puts into logs and journal files that stay damaged the good lines that they lack, so that only
   * what is lost everywhere is lost.
   *
   * @return whether anything has changed
   */
  private boolean improve() throws IOException {
    if (isLost) {
      return false;
    }
    ControlFiles control = ControlFiles.read(overlay);
    LogRepairer logs =
        new LogRepairer(sources, rows, List.of(), control.identity(), control.head());
    for (String file : logs.targets(damaged())) {
      Optional<LogRepairer.RestoredFile> better = logs.improved(file);
      if (better.isPresent() && put(file, better.get().content(), better.get().sources())) {
        improved.add(file);
      }
    }
    return !improved.isEmpty();
  }

  private static String other(String control) {
    return control.contains(".copy.")
        ? control.replace(".copy.", ".")
        : control.replace(".txt", ".copy.txt");
  }

  /** Makes seals, snapshots and pages from the logs, and deletes files that should not be there. */
  private boolean repairDerivedFiles(Set<String> damaged) throws IOException {
    boolean changed = false;
    for (Map.Entry<String, byte[]> made : expected.entrySet()) {
      if (mayBeMade(made.getKey(), damaged)) {
        changed |= put(made.getKey(), made.getValue(), Set.of("the logs"));
      }
    }
    Set<String> pages = new LinkedHashSet<>(damaged);
    pages.removeIf(file -> !PrayerPageFile.isPage(file));
    // A page that has a change which the journal lacks is the only evidence that the journal has
    // lost its end.
    after.findings().stream()
        .filter(finding -> finding.code().equals("page-ahead"))
        .forEach(finding -> pages.remove(finding.file()));
    if (!pages.isEmpty()) {
      changed |= repairPages(pages);
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
      changed |=
          put(ReadmeFile.FILE, ReadmeFile.content(ControlFiles.read(overlay).identity()), Set.of());
    }
    return changed;
  }

  /**
   * Whether a file may be made from the logs. While lines of a month contradict each other, neither
   * its seal nor its parity follows from them.
   */
  private static boolean mayBeMade(String file, Set<String> damaged) {
    if (!SealFile.isSeal(file) && !ParityEncoder.isParity(file)) {
      return true;
    }
    String month = SealFile.isSeal(file) ? SealFile.monthOf(file) : ParityEncoder.monthOf(file);
    return damaged.stream()
        .noneMatch(each -> JournalFile.isJournal(each) && JournalFile.month(each).equals(month));
  }

  private boolean repairPages(Set<String> damaged) throws IOException {
    List<String> changed = new ArrayList<>();
    try {
      ControlFiles control = ControlFiles.read(overlay);
      new PageUpdater(overlay, control.identity(), control.head())
          .forEachExpected(
              (file, content) -> {
                if (damaged.contains(file) && put(file, content, Set.of("the logs"))) {
                  changed.add(file);
                }
              });
    } catch (DamagedArchiveException e) {
      // The content of a page is not known while its logs are damaged.
      return !changed.isEmpty();
    }
    return !changed.isEmpty();
  }

  /**
   * Whether the logs, which have every change up to the checkpoint, also have each change of a
   * file.
   */
  private boolean addsNothing(String file) throws IOException {
    ControlFiles control = ControlFiles.read(overlay);
    long head = control.head().seq();
    LineCollector lines = new LineCollector(control.identity().community(), change -> true);
    if (Catalog.ofLog(file).isPresent()) {
      lines.fromLog(sources.getFirst(), file, Catalog.ofLog(file).orElseThrow());
    } else {
      lines.fromJournal(sources.getFirst(), file);
    }
    return lines.all().isEmpty() || lines.all().lastKey() <= head;
  }

  /** Writes a file on the overlay, and returns whether it was different before. */
  private boolean put(String file, byte[] content, Set<String> sources) throws IOException {
    if (overlay.holds(file, content)) {
      return false;
    }
    overlay.replace(file, content);
    from.put(file, sources);
    return true;
  }

  /** Makes control files again of which no copy can be used, also with those of other places. */
  private void repairControlFiles() throws IOException {
    try {
      ControlFiles control = ControlFiles.read(overlay, places());
      makeAgain(
          ArchiveIdentity.FILE,
          control.identity().content(),
          has(control, ControlFiles.IDENTITY_DERIVED));
      if (control.isHeadComplete()) {
        isHeadDerived = control.isHeadDerived();
        makeAgain(Head.FILE, control.head().content(), isHeadDerived);
      }
    } catch (DamagedArchiveException e) {
      isLost = true; // Nothing says which community it is; the check has said so.
    }
  }

  /** Adds the running hash to a head that was derived before the journal was restored. */
  private void addRunningHash() throws IOException {
    if (!isHeadDerived || !after.sound()) {
      return;
    }
    Head head = ControlFiles.read(overlay).head();
    Optional<String> hash =
        head.history() == null ? new JournalLines(overlay).hash(head.seq()) : Optional.empty();
    if (hash.isPresent()) {
      byte[] content = ControlFile.content(head.withHistory(hash.get()).content());
      put(Head.FILE.file(), content, Set.of("the logs", "the journal"));
      put(Head.FILE.copy(), content, Set.of("the logs", "the journal"));
      check();
    }
  }

  private List<Disk> places() {
    return sources.stream().skip(1).map(RepairSource::disk).toList();
  }

  private static boolean has(ControlFiles control, String code) {
    return control.findings().stream().anyMatch(finding -> finding.code().equals(code));
  }

  /** Writes both copies of a control file that no copy has as it must be. */
  private void makeAgain(ControlFile control, String lines, boolean isDerived) throws IOException {
    byte[] content = ControlFile.content(lines);
    for (String file : List.of(control.file(), control.copy())) {
      if (isSame(file, content)) {
        return; // The other copy is made from this one, if it is not the same.
      }
    }
    Set<String> whence = isDerived ? Set.of("the logs", "the journal") : whence(control, content);
    put(control.file(), content, whence);
    put(control.copy(), content, whence);
  }

  private boolean isSame(String file, byte[] content) throws IOException {
    return sources.getFirst().read(file).filter(now -> Arrays.equals(now, content)).isPresent();
  }

  /** The copies that have the content of a control file, or else all that have some of it. */
  private Set<String> whence(ControlFile control, byte[] content) throws IOException {
    Set<String> same = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (RepairSource source : sources) {
      for (String file : List.of(control.file(), control.copy())) {
        Optional<byte[]> bytes = source.read(file);
        if (bytes.isPresent()) {
          all.add(source.label(file));
          if (isVariant(bytes.get(), content)) {
            same.add(source.label(file));
          }
        }
      }
    }
    return same.isEmpty() ? all : Set.of(same.iterator().next());
  }

  private static boolean isVariant(byte[] bytes, byte[] content) {
    return Arrays.equals(bytes, content)
        || EncodingDamage.undo(bytes).stream().anyMatch(each -> Arrays.equals(each, content));
  }

  /** Discards restored files that are not sound. */
  private void discardUnsound() throws IOException {
    while (true) {
      Set<String> wrong = damaged();
      wrong.removeIf(file -> !overlay.changed().contains(file) || improved.contains(file));
      if (wrong.isEmpty()) {
        return;
      }
      wrong.forEach(overlay::revert);
      check();
    }
  }

  /**
   * Writes the repaired files. The caller must hold the archive's lock.
   *
   * @throws IOException if that failed; each file is then as it was or repaired, and another repair
   *     does the rest
   */
  public void apply() throws IOException {
    RepairSource made = new RepairSource("", overlay);
    for (String file : overlay.changed()) {
      byte[] content = made.made(file);
      Quarantine.clearWay(disk, file);
      if (disk.exists(file)) {
        Quarantine.keepReplaced(disk, file, content, from.getOrDefault(file, Set.of()));
      }
      disk.replace(file, content);
      if (!disk.holds(file, content)) {
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
