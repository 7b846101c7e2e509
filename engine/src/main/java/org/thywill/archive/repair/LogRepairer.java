package org.thywill.archive.repair;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.archive.parity.ParityDecoder;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityFile;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Table;

/**
 * Makes logs and journal files again from good lines: a log from the journal, the journal from the
 * logs, both also from pages and snapshots, from copies beside them, from other locations, and logs
 * of months that have ended from their parity. A file is made whole or not at all. What vouches for
 * a log: the lines and bytes that the head gives, and the SHA-256 in the seal of its month; for a
 * journal file: that no number is missing, and the lines and bytes that the head gives of the last
 * one.
 */
final class LogRepairer {
  private final List<RepairSource> sources;
  private final RepairSource here;
  private final ArchiveIdentity identity;
  private final Head head;
  private final LiveRowSource rows;
  private final List<Disk> witnesses;
  private final Map<String, Optional<ParityDecoder>> restores = new HashMap<>();
  private final TreeSet<String> journals =
      new TreeSet<>(Comparator.comparingLong(JournalFile::firstSeq));

  /** The content of a file, and the other files that some of its lines are from. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Made(byte[] content, Set<String> sources) {}

  /**
   * For one state of an archive.
   *
   * @param sources where lines may be; the archive itself, as far as it has been made again, is the
   *     first
   * @param rows of a database, for lines whose columns are damaged everywhere
   * @param witnesses disks whose seals were written before any of this began; what follows from
   *     what is made here vouches for nothing
   */
  LogRepairer(
      List<RepairSource> sources,
      LiveRowSource rows,
      List<Disk> witnesses,
      ArchiveIdentity identity,
      Head head) {
    this.sources = sources;
    this.rows = rows;
    this.here = sources.getFirst();
    this.identity = identity;
    this.head = head;
    this.witnesses = List.copyOf(witnesses);
  }

  /**
   * The logs and journal files among damaged ones, and those that may have to be made because of
   * them.
   */
  List<String> targets(Set<String> damaged) throws IOException {
    Set<String> targets = new LinkedHashSet<>();
    journals.addAll(JournalFile.list(here.disk()));
    damaged.stream().filter(JournalFile::isJournal).forEach(journals::add);
    if (!head.journal().isEmpty()) {
      journals.add(head.journal());
    }
    if (damaged.contains(JournalFile.FOLDER)) {
      for (RepairSource source : sources) {
        JournalFile.list(source.disk()).stream()
            .filter(file -> JournalFile.firstSeq(file) <= head.seq())
            .forEach(journals::add);
      }
      targets.addAll(journals);
    }
    damaged.stream().filter(file -> head.logs().containsKey(file)).forEach(targets::add);
    damaged.stream().filter(JournalFile::isJournal).forEach(targets::add);
    for (String file : damaged) {
      if (JournalFile.isJournal(file)) {
        // Where a journal line and a log's line contradict each other, the journal is named, and
        // the log may be the one that is wrong.
        disputedLogs(file).forEach(targets::add);
      }
    }
    return List.copyOf(targets);
  }

  /** The content of a log or a journal file, if all of it can be had and is vouched for. */
  Optional<Made> make(String file) throws IOException {
    return JournalFile.isJournal(file) ? journal(file) : log(file);
  }

  private Optional<Made> log(String file) throws IOException {
    Table table = Catalog.ofLog(file).orElseThrow();
    FilePeriod period = FilePeriod.of(table.logLocation().period(file).orElseThrow());
    LineCollector lines =
        new LineCollector(change -> change.table() == table && period.holds(change.at()));
    Optional<Made> made;
    for (RepairSource source : sources) {
      for (String copy : source.copiesOf(file)) {
        lines.fromLog(source, copy, table);
      }
      journal(source, period, lines);
      made = assembledLog(file, table, lines);
      if (made.isPresent()) {
        return made;
      }
    }
    for (RepairSource source : sources) {
      if (table.pageColumn().isPresent()) {
        lines.fromPages(source);
      }
      lines.fromSnapshots(source, table::equals);
    }
    made = assembledLog(file, table, lines);
    if (made.isEmpty()) {
      fromParity(file, table, lines);
      made = assembledLog(file, table, lines);
    }
    if (made.isEmpty()) {
      lines.fromRows(here, file, table, rows);
      for (String journal : here.disk().files(JournalFile.FOLDER)) {
        lines.fromRows(here, journal, rows);
      }
      made = assembledLog(file, table, lines);
    }
    return made;
  }

  /** Takes the lines that the parities of the months give back. */
  private void fromParity(String file, Table table, LineCollector lines) throws IOException {
    for (RepairSource source : sources) {
      for (String parity : source.disk().files(SealFile.FOLDER)) {
        if (ParityEncoder.isParity(parity)
            && SealFile.covers(ParityEncoder.monthOf(parity), file)) {
          Optional<ParityDecoder> restore = restore(source, ParityEncoder.monthOf(parity));
          Optional<byte[]> part =
              restore.isPresent() ? restore.get().piece(file) : Optional.empty();
          if (part.isPresent()) {
            lines.decide(table, part.get(), source.told(parity));
          }
        }
      }
    }
  }

  private Optional<ParityDecoder> restore(RepairSource source, String month) throws IOException {
    String name = source.told(ParityEncoder.file(month));
    Optional<ParityDecoder> known = restores.get(name);
    if (known == null) {
      Optional<ParityFile> parity =
          ParityFile.read(source.disk(), month, ParityLayout.ofSeals(source.disk(), month));
      known =
          parity.isPresent()
              ? Optional.of(
                  ParityDecoder.of(parity.get(), sources.stream().map(RepairSource::disk).toList()))
              : Optional.empty();
      restores.put(name, known);
    }
    return known;
  }

  /** Takes the lines of the journal of a period, and of whatever else lies in its folder. */
  private static void journal(RepairSource source, FilePeriod period, LineCollector lines)
      throws IOException {
    for (String file : source.disk().files(JournalFile.FOLDER)) {
      if (!JournalFile.isJournal(file) || period.overlaps(FilePeriod.of(JournalFile.month(file)))) {
        lines.fromJournal(source, file);
      }
    }
  }

  /**
   * Where lines contradict each other, the seal alone can say which is right: those of the file
   * itself are tried, and then the others.
   */
  private Optional<Made> assembledLog(String file, Table table, LineCollector lines)
      throws IOException {
    Optional<String> sealed = sealedHash(file);
    boolean isDisputed = lines.isDisputed(1, head.seq());
    if (isDisputed && sealed.isEmpty()) {
      return Optional.empty();
    }
    for (boolean own : isDisputed ? new boolean[] {true, false} : new boolean[] {true}) {
      Optional<Made> made = assembledLog(file, table, lines, own);
      if (made.isPresent()
          && sealed.stream()
              .allMatch(hash -> hash.equals(sealedPart(file, made.get().content())))) {
        return made;
      }
    }
    return Optional.empty();
  }

  private String sealedPart(String file, byte[] content) {
    int length = Math.toIntExact(Objects.requireNonNull(head.logs().get(file)).bytes());
    return Sha256.hex(length == content.length ? content : Arrays.copyOf(content, length));
  }

  private Optional<Made> assembledLog(String file, Table table, LineCollector lines, boolean own) {
    Head.Extent extent = Objects.requireNonNull(head.logs().get(file));
    LineBuffer out = new LineBuffer();
    byte[] header = Header.ofLog(identity.community(), table, file);
    out.put(header, 0, header.length);
    NavigableMap<Long, List<LineCollector.Good>> covered = lines.all().headMap(head.seq(), true);
    covered.values().forEach(each -> put(own ? each.getFirst() : each.getLast(), out));
    if (covered.size() + Header.LINES != extent.lines() || out.length() != extent.bytes()) {
      return Optional.empty();
    }
    // What a checkpoint had begun to copy stays: it bears witness of what the journal held.
    lines.all().tailMap(head.seq(), false).values().stream()
        .map(List::getFirst)
        .filter(line -> line.source().equals(file))
        .forEach(line -> put(line, out));
    return Optional.of(made(file, out, lines));
  }

  private static void put(LineCollector.Good line, LineBuffer out) {
    out.put(line.line(), line.logStart(), line.line().length - line.logStart());
  }

  private static Made made(String file, LineBuffer out, LineCollector lines) {
    Set<String> from = lines.sources();
    from.remove(file);
    return new Made(out.copy(0), from);
  }

  /**
   * The SHA-256 that the seal of its month gives of a log; empty if the month has not ended, or no
   * seal is sound, or two say something else.
   */
  private Optional<String> sealedHash(String log) throws IOException {
    String period = Catalog.ofLog(log).flatMap(table -> table.logLocation().period(log)).orElse("");
    String seal = SealFile.file(period);
    Set<String> said = new TreeSet<>();
    for (Disk witness : witnesses) {
      if (SealFile.isSeal(seal) && SealFile.isSoundSealOf(witness, seal)) {
        ControlFile.lines(SealFile.read(witness, seal))
            .flatMap(
                lines ->
                    lines.stream().filter(line -> line.startsWith("log|" + log + "|")).findFirst())
            .map(line -> line.substring(line.lastIndexOf('|') + 1))
            .ifPresent(said::add);
      }
    }
    return said.size() == 1 ? said.stream().findFirst() : Optional.empty();
  }

  private Optional<Made> journal(String file) throws IOException {
    LineCollector lines = journalLines(file);
    for (RepairSource source : sources) {
      for (String log : LogTailTruncation.logs(source.disk())) {
        if (periodOf(log).overlaps(FilePeriod.of(JournalFile.month(file)))) {
          lines.fromLog(source, log, Catalog.ofLog(log).orElseThrow());
        }
      }
      if (!source.equals(here)) {
        for (String copy : source.copiesOf(file)) {
          lines.fromJournal(source, copy);
        }
      }
    }
    Optional<Made> made = assembledJournal(file, lines);
    if (made.isPresent()) {
      return made;
    }
    for (RepairSource source : sources) {
      lines.fromPages(source);
      lines.fromSnapshots(source, table -> true);
    }
    made = assembledJournal(file, lines);
    if (made.isEmpty()) {
      lines.fromRows(here, file, rows);
      made = assembledJournal(file, lines);
    }
    return made;
  }

  /** The lines of a journal file itself, and of what lies beside it with its name. */
  private LineCollector journalLines(String file) throws IOException {
    long first = JournalFile.firstSeq(file);
    String next = journals.higher(file);
    long until = next == null ? Long.MAX_VALUE : JournalFile.firstSeq(next) - 1;
    FilePeriod period = FilePeriod.of(JournalFile.month(file));
    LineCollector lines =
        new LineCollector(
            change -> change.seq() >= first && change.seq() <= until && period.holds(change.at()));
    for (String copy : here.copiesOf(file)) {
      lines.fromJournal(here, copy);
    }
    return lines;
  }

  private Optional<Made> assembledJournal(String file, LineCollector lines) throws IOException {
    long first = JournalFile.firstSeq(file);
    String following = journals.higher(file);
    long covered =
        Math.min(
            head.seq(), following == null ? Long.MAX_VALUE : JournalFile.firstSeq(following) - 1);
    LineBuffer out = new LineBuffer();
    byte[] header = Header.ofJournal(identity.community(), file);
    out.put(header, 0, header.length);
    for (long seq = first; seq <= covered; seq++) {
      Optional<LineCollector.Good> line = undisputed(lines, seq);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      out.put(line.get().line(), 0, line.get().line().length);
    }
    if (file.equals(head.journal())
        && (out.length() != head.journalExtent().bytes()
            || covered - first + 1 + Header.LINES != head.journalExtent().lines())) {
      return Optional.empty();
    }
    boolean goesOn = following == null || JournalFile.firstSeq(following) > head.seq() + 1;
    return goesOn && !tail(file, Math.max(first, head.seq() + 1), lines, out)
        ? Optional.empty()
        : Optional.of(made(file, out, lines));
  }

  /**
   * Adds the whole transactions behind the checkpoint; false if something shows that there were
   * more.
   */
  private boolean tail(String file, long from, LineCollector lines, LineBuffer out)
      throws IOException {
    long end = from - 1;
    while (lines.has(end + 1)) {
      end++;
    }
    while (end >= from && lines.first(end).stamp().last() > end) {
      end = lines.first(end).stamp().first() - 1;
    }
    for (long seq = from; seq <= end; seq++) {
      Optional<LineCollector.Good> line = undisputed(lines, seq);
      if (line.isEmpty()) {
        return false;
      }
      out.put(line.get().line(), 0, line.get().line().length);
    }
    long known =
        lines.all().values().stream()
            .mapToLong(each -> each.getFirst().stamp().durableSeq())
            .max()
            .orElse(0);
    String following = journals.higher(file);
    return known <= Math.max(end, head.seq())
        && (following != null
            || LogTailTruncation.highestSeq(here.disk(), head) <= Math.max(end, head.seq()));
  }

  /**
   * The line of a change; where sound lines contradict each other, the one of a log that the seal
   * of its month vouches for.
   */
  private Optional<LineCollector.Good> undisputed(LineCollector lines, long seq)
      throws IOException {
    List<LineCollector.Good> all = lines.all().getOrDefault(seq, List.of());
    if (all.size() <= 1) {
      return all.stream().findFirst();
    }
    for (LineCollector.Good line : all) {
      Head.Extent extent = head.logs().get(line.source());
      Optional<String> sealed = sealedHash(line.source());
      if (extent != null
          && sealed.isPresent()
          && here.disk().exists(line.source())
          && here.disk().size(line.source()) >= extent.bytes()
          && sealed.get().equals(SealFile.sha256(here.disk(), line.source(), extent.bytes()))) {
        return Optional.of(line);
      }
    }
    return Optional.empty();
  }

  /** The logs whose lines contradict those of a journal file. */
  private List<String> disputedLogs(String journal) throws IOException {
    LineCollector lines = journalLines(journal);
    List<String> disputed = new ArrayList<>();
    for (Map.Entry<String, Head.Extent> log : head.logs().entrySet()) {
      if (periodOf(log.getKey()).overlaps(FilePeriod.of(JournalFile.month(journal)))
          && here.disk().exists(log.getKey())) {
        LineCollector both = new LineCollector(change -> lines.has(change.seq()));
        both.fromLog(here, log.getKey(), Catalog.ofLog(log.getKey()).orElseThrow());
        boolean differs =
            both.all().entrySet().stream()
                .anyMatch(
                    line ->
                        !Arrays.equals(
                            line.getValue().getFirst().line(), lines.first(line.getKey()).line()));
        if (differs) {
          disputed.add(log.getKey());
        }
      }
    }
    return disputed;
  }

  private static FilePeriod periodOf(String log) {
    return FilePeriod.of(
        Catalog.ofLog(log).flatMap(table -> table.logLocation().period(log)).orElse(""));
  }
}
