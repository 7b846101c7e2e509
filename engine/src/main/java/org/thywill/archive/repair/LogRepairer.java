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
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineBuffer;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.log.LogTailTruncation;
import org.thywill.archive.parity.ParityDecoder;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Table;

/**
 * Restores logs and journal files from good lines.
 *
 * <p>A log is restored from the journal, the journal from the logs, both also from pages,
 * snapshots, copies in the same folder and other locations, and the logs of ended months from their
 * parity. A file is restored completely or not at all. A restored log is confirmed by the lines and
 * bytes that the head gives and by the SHA-256 in the seal of its month; a journal file by having
 * every seq, and the last one by the lines and bytes that the head gives.
 */
final class LogRepairer {
  private final List<RepairSource> sources;
  private final RepairSource archive;
  private final ArchiveIdentity identity;
  private final Head head;
  private final LiveRowSource rows;
  private final List<Disk> trusted;
  private final Map<String, Optional<ParityDecoder>> decoders = new HashMap<>();
  private final TreeSet<String> journals =
      new TreeSet<>(Comparator.comparingLong(JournalFile::firstSeq));

  /** A restored file, and the other files that some of its lines are from. */
  @SuppressWarnings("ArrayRecordComponent") // It is never compared.
  record RestoredFile(byte[] content, Set<String> sources) {}

  /**
   * A repairer for one state of an archive.
   *
   * @param sources where lines may be; the first is the archive itself, as far as it is repaired
   * @param rows the rows of a database, for lines whose columns are damaged in all sources
   * @param trusted disks whose seals were written before the repair; a seal that follows from
   *     restored files proves nothing
   */
  LogRepairer(
      List<RepairSource> sources,
      LiveRowSource rows,
      List<Disk> trusted,
      ArchiveIdentity identity,
      Head head) {
    this.sources = sources;
    this.rows = rows;
    this.archive = sources.getFirst();
    this.identity = identity;
    this.head = head;
    this.trusted = List.copyOf(trusted);
  }

  /**
   * The logs and journal files among damaged files, and those that may have to be restored because
   * of them.
   */
  List<String> targets(Set<String> damaged) throws IOException {
    Set<String> targets = new LinkedHashSet<>();
    journals.addAll(JournalFile.list(archive.disk()));
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
        // If a journal line and a log's line contradict each other, the check names the journal,
        // but
        // the log may be wrong.
        disputedLogs(file).forEach(targets::add);
      }
    }
    return List.copyOf(targets);
  }

  /** A log or a journal file; empty if some of it is not found or not confirmed. */
  Optional<RestoredFile> restore(String file) throws IOException {
    return JournalFile.isJournal(file) ? journal(file) : log(file);
  }

  /**
   * A log or a journal file with every good line that any source has, where some lines are lost
   * everywhere; empty if there is none to add, or good lines contradict each other.
   */
  Optional<RestoredFile> improved(String file) throws IOException {
    Optional<byte[]> now = archive.read(file);
    boolean isJournal = JournalFile.isJournal(file);
    LineCollector lines = isJournal ? everyLineOfJournal(file) : everyLineOfLog(file);
    if (now.isEmpty() || lines.isDisputed(1, Long.MAX_VALUE)) {
      return Optional.empty();
    }
    LineCodec codec = new LineCodec();
    Table table = Catalog.ofLog(file).orElse(null);
    LineFiller filler =
        new LineFiller(
            new TreeMap<>(lines.all().headMap(head.seq(), true)),
            line ->
                Arrays.copyOfRange(
                    line.line(), isJournal ? 0 : line.logStart(), line.line().length));
    byte[] header =
        table == null
            ? Header.ofJournal(identity.community(), file)
            : Header.ofLog(identity.community(), table, file);
    return filler.fill(now.get(), header, in -> seqOf(codec, table, in), file);
  }

  private static long seqOf(LineCodec codec, @Nullable Table table, LineReader in) {
    try {
      return table == null
          ? codec.decodeJournal(in.bytes(), in.from(), in.to()).seq()
          : codec.decodeLog(table, in.bytes(), in.from(), in.to()).seq();
    } catch (MalformedLineException e) {
      return 0; // A damaged line, or one of the header.
    }
  }

  private LineCollector everyLineOfLog(String file) throws IOException {
    Table table = Catalog.ofLog(file).orElseThrow();
    FilePeriod period = FilePeriod.of(table.logLocation().period(file).orElseThrow());
    LineCollector lines =
        new LineCollector(
            identity.community(), change -> change.table() == table && period.holds(change.at()));
    for (RepairSource source : sources) {
      for (String copy : source.copiesOf(file)) {
        lines.fromLog(source, copy, table);
      }
      journal(source, period, lines);
      if (table.pageColumn().isPresent()) {
        lines.fromPages(source);
      }
      lines.fromSnapshots(source, table::equals);
    }
    fromParity(file, table, lines);
    return lines;
  }

  private LineCollector everyLineOfJournal(String file) throws IOException {
    LineCollector lines = journalLines(file);
    for (RepairSource source : sources) {
      for (String log : LogTailTruncation.logs(source.disk())) {
        if (periodOf(log).overlaps(FilePeriod.of(JournalFile.month(file)))) {
          lines.fromLog(source, log, Catalog.ofLog(log).orElseThrow());
        }
      }
      for (String copy : source.copiesOf(file)) {
        lines.fromJournal(source, copy);
      }
      lines.fromPages(source);
      lines.fromSnapshots(source, table -> true);
    }
    return lines;
  }

  private Optional<RestoredFile> log(String file) throws IOException {
    Table table = Catalog.ofLog(file).orElseThrow();
    FilePeriod period = FilePeriod.of(table.logLocation().period(file).orElseThrow());
    LineCollector lines =
        new LineCollector(
            identity.community(), change -> change.table() == table && period.holds(change.at()));
    Optional<RestoredFile> restored;
    for (RepairSource source : sources) {
      for (String copy : source.copiesOf(file)) {
        lines.fromLog(source, copy, table);
      }
      journal(source, period, lines);
      restored = assembledLog(file, table, lines);
      if (restored.isPresent()) {
        return restored;
      }
    }
    for (RepairSource source : sources) {
      if (table.pageColumn().isPresent()) {
        lines.fromPages(source);
      }
      lines.fromSnapshots(source, table::equals);
    }
    restored = assembledLog(file, table, lines);
    if (restored.isEmpty()) {
      fromParity(file, table, lines);
      restored = assembledLog(file, table, lines);
    }
    if (restored.isEmpty()) {
      lines.fromRows(archive, file, table, rows);
      for (String journal : archive.disk().files(JournalFile.FOLDER)) {
        lines.fromRows(archive, journal, rows);
      }
      restored = assembledLog(file, table, lines);
    }
    return restored;
  }

  /** Adds the lines that parities decoder. */
  private void fromParity(String file, Table table, LineCollector lines) throws IOException {
    for (RepairSource source : sources) {
      for (String parity : source.disk().files(SealFile.FOLDER)) {
        if (ParityEncoder.isParity(parity)
            && SealFile.covers(ParityEncoder.monthOf(parity), file)) {
          Optional<ParityDecoder> decoder = decoder(source, ParityEncoder.monthOf(parity));
          Optional<byte[]> part =
              decoder.isPresent() ? decoder.get().piece(file) : Optional.empty();
          if (part.isPresent()) {
            lines.replaceBy(table, part.get(), source.label(parity));
          }
        }
      }
    }
  }

  private Optional<ParityDecoder> decoder(RepairSource source, String month) throws IOException {
    String name = source.label(ParityEncoder.file(month));
    Optional<ParityDecoder> known = decoders.get(name);
    if (known == null) {
      Optional<ParityFile> parity = ParityFile.read(source.disk(), month);
      known =
          parity.isPresent()
              ? Optional.of(
                  ParityDecoder.of(parity.get(), sources.stream().map(RepairSource::disk).toList()))
              : Optional.empty();
      decoders.put(name, known);
    }
    return known;
  }

  /** Adds the lines of the journal of a period, and of all other files in its folder. */
  private static void journal(RepairSource source, FilePeriod period, LineCollector lines)
      throws IOException {
    for (String file : source.disk().files(JournalFile.FOLDER)) {
      if (!JournalFile.isJournal(file) || period.overlaps(FilePeriod.of(JournalFile.month(file)))) {
        lines.fromJournal(source, file);
      }
    }
  }

  /**
   * If lines contradict each other, only the seal decides which are right: first those of the file
   * itself are tried, then the others.
   */
  private Optional<RestoredFile> assembledLog(String file, Table table, LineCollector lines)
      throws IOException {
    Optional<String> sealed = sealedHash(file);
    boolean isDisputed = lines.isDisputed(1, head.seq());
    if (isDisputed && sealed.isEmpty()) {
      return Optional.empty();
    }
    for (boolean own : isDisputed ? new boolean[] {true, false} : new boolean[] {true}) {
      Optional<RestoredFile> restored = assembledLog(file, table, lines, own);
      if (restored.isPresent()
          && sealed.stream()
              .allMatch(hash -> hash.equals(sealedPart(file, restored.get().content())))) {
        return restored;
      }
    }
    return Optional.empty();
  }

  private String sealedPart(String file, byte[] content) {
    int length = Math.toIntExact(Objects.requireNonNull(head.logs().get(file)).bytes());
    return Sha256.hex(length == content.length ? content : Arrays.copyOf(content, length));
  }

  private Optional<RestoredFile> assembledLog(
      String file, Table table, LineCollector lines, boolean own) {
    Head.Extent extent = Objects.requireNonNull(head.logs().get(file));
    LineBuffer out = new LineBuffer();
    byte[] header = Header.ofLog(identity.community(), table, file);
    out.put(header, 0, header.length);
    NavigableMap<Long, List<LineCollector.SoundLine>> covered =
        lines.all().headMap(head.seq(), true);
    covered.values().forEach(each -> put(own ? each.getFirst() : each.getLast(), out));
    if (covered.size() + Header.LINES != extent.lines() || out.length() != extent.bytes()) {
      return Optional.empty();
    }
    // Lines that an unfinished checkpoint had copied stay: they prove what the journal had.
    lines.all().tailMap(head.seq(), false).values().stream()
        .map(List::getFirst)
        .filter(line -> line.source().equals(file))
        .forEach(line -> put(line, out));
    return Optional.of(restored(file, out, lines));
  }

  private static void put(LineCollector.SoundLine line, LineBuffer out) {
    out.put(line.line(), line.logStart(), line.line().length - line.logStart());
  }

  private static RestoredFile restored(String file, LineBuffer out, LineCollector lines) {
    Set<String> from = lines.sources();
    from.remove(file);
    return new RestoredFile(out.copy(0), from);
  }

  /**
   * The SHA-256 of a log in the seal of its month; empty if the month has not ended, no seal is
   * sound, or two seals differ.
   */
  private Optional<String> sealedHash(String log) throws IOException {
    String period = Catalog.ofLog(log).flatMap(table -> table.logLocation().period(log)).orElse("");
    String seal = SealFile.file(period);
    Set<String> hashes = new TreeSet<>();
    for (Disk disk : trusted) {
      if (SealFile.isSeal(seal) && SealFile.isSoundSealOf(disk, seal)) {
        ControlFile.lines(disk.readAll(seal))
            .flatMap(
                lines ->
                    lines.stream().filter(line -> line.startsWith("log|" + log + "|")).findFirst())
            .map(line -> line.substring(line.lastIndexOf('|') + 1))
            .ifPresent(hashes::add);
      }
    }
    return hashes.size() == 1 ? hashes.stream().findFirst() : Optional.empty();
  }

  private Optional<RestoredFile> journal(String file) throws IOException {
    LineCollector lines = journalLines(file);
    for (RepairSource source : sources) {
      for (String log : LogTailTruncation.logs(source.disk())) {
        if (periodOf(log).overlaps(FilePeriod.of(JournalFile.month(file)))) {
          lines.fromLog(source, log, Catalog.ofLog(log).orElseThrow());
        }
      }
      if (!source.equals(archive)) {
        for (String copy : source.copiesOf(file)) {
          lines.fromJournal(source, copy);
        }
      }
    }
    Optional<RestoredFile> restored = assembledJournal(file, lines);
    if (restored.isPresent()) {
      return restored;
    }
    for (RepairSource source : sources) {
      lines.fromPages(source);
      lines.fromSnapshots(source, table -> true);
    }
    restored = assembledJournal(file, lines);
    if (restored.isEmpty()) {
      lines.fromRows(archive, file, rows);
      restored = assembledJournal(file, lines);
    }
    return restored;
  }

  /** The lines of a journal file and of its copies in the same folder. */
  private LineCollector journalLines(String file) throws IOException {
    long first = JournalFile.firstSeq(file);
    String next = journals.higher(file);
    long until = next == null ? Long.MAX_VALUE : JournalFile.firstSeq(next) - 1;
    FilePeriod period = FilePeriod.of(JournalFile.month(file));
    LineCollector lines =
        new LineCollector(
            identity.community(),
            change -> change.seq() >= first && change.seq() <= until && period.holds(change.at()));
    for (String copy : archive.copiesOf(file)) {
      lines.fromJournal(archive, copy);
    }
    return lines;
  }

  private Optional<RestoredFile> assembledJournal(String file, LineCollector lines)
      throws IOException {
    long first = JournalFile.firstSeq(file);
    String following = journals.higher(file);
    long covered =
        Math.min(
            head.seq(), following == null ? Long.MAX_VALUE : JournalFile.firstSeq(following) - 1);
    LineBuffer out = new LineBuffer();
    byte[] header = Header.ofJournal(identity.community(), file);
    out.put(header, 0, header.length);
    for (long seq = first; seq <= covered; seq++) {
      Optional<LineCollector.SoundLine> line = undisputed(lines, seq);
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
        : Optional.of(restored(file, out, lines));
  }

  /**
   * Adds the whole transactions after the checkpoint.
   *
   * @return false if something proves that there were more
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
      Optional<LineCollector.SoundLine> line = undisputed(lines, seq);
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
            || LogTailTruncation.highestSeq(archive.disk(), head) <= Math.max(end, head.seq()));
  }

  /**
   * The line of a change. If sound lines contradict each other, it is the one of a log that the
   * seal of its month confirms; empty if there is none.
   */
  private Optional<LineCollector.SoundLine> undisputed(LineCollector lines, long seq)
      throws IOException {
    List<LineCollector.SoundLine> all = lines.all().getOrDefault(seq, List.of());
    if (all.size() <= 1) {
      return all.stream().findFirst();
    }
    for (LineCollector.SoundLine line : all) {
      Head.Extent extent = head.logs().get(line.source());
      Optional<String> sealed = sealedHash(line.source());
      if (extent != null
          && sealed.isPresent()
          && archive.disk().exists(line.source())
          && archive.disk().size(line.source()) >= extent.bytes()
          && sealed.get().equals(SealFile.sha256(archive.disk(), line.source(), extent.bytes()))) {
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
          && archive.disk().exists(log.getKey())) {
        LineCollector both =
            new LineCollector(identity.community(), change -> lines.has(change.seq()));
        both.fromLog(archive, log.getKey(), Catalog.ofLog(log.getKey()).orElseThrow());
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
