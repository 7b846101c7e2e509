package org.thywill.archive.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.FilePeriod;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Sha256;
import org.thywill.catalog.Timestamps;

/** Checks that each ended month has exactly the seal and the parity that the logs lead to. */
final class SealChecker {
  private final CheckContext context;
  private final ParityChecker parity;
  private final Map<String, String> hashes = new ConcurrentHashMap<>();
  private final Set<String> damaged = new HashSet<>();

  /** The changes of one month. */
  private record Month(String name, long first, long last) {}

  /** What the seal of a month contains about the seal before it. */
  private record Before(String month, String hash, Map<String, SealFile.SealedLog> logs) {}

  /** The lines of a seal that may be damaged. */
  private record SealLines(List<String> lines) {
    static SealLines of(byte[] bytes) {
      if (bytes.length == Disk.WHOLE_BYTES_MAX) {
        return new SealLines(List.of()); // No seal is as large.
      }
      return new SealLines(new String(bytes, StandardCharsets.UTF_8).lines().toList());
    }

    /** The line of a log. */
    Optional<String> log(String file) {
      return lines.stream().filter(line -> line.startsWith("log|" + file + "|")).findFirst();
    }
  }

  SealChecker(CheckContext context) {
    this.context = context;
    this.parity = new ParityChecker(context);
  }

  /**
   * Checks all seals and parities. Called after the logs and the order of the changes were checked.
   */
  void run(List<String> files, List<String> parities) throws IOException {
    damaged.addAll(context.findings().damagedFiles());
    List<Month> months = months(files);
    Set<String> expected = new HashSet<>();
    months.forEach(month -> expected.add(SealFile.file(month.name())));
    hashLogs(months);
    Before before = new Before("", "", Map.of());
    for (int i = 0; i < months.size(); i++) {
      String next = i + 1 < months.size() ? SealFile.file(months.get(i + 1).name()) : "";
      before = check(months.get(i), before, next);
    }
    if (context.sequence().isAnythingLost()) {
      return; // Also a month whose only change is lost ends the month before it.
    }
    files.stream().filter(file -> !expected.contains(file)).forEach(this::unexpected);
    for (String file :
        parities.stream()
            .filter(file -> !expected.contains(SealFile.file(ParityEncoder.monthOf(file))))
            .toList()) {
      if (isBeingSealed(ParityEncoder.monthOf(file))) {
        context
            .findings()
            .add(
                Finding.note(
                        "seal-unfinished",
                        SealFile.file(ParityEncoder.monthOf(file)),
                        0,
                        "is not there, and the parity that is written before it is; the next start"
                            + " does both again")
                    .next("thywill seal"));
      } else {
        parity.unexpected(file, isAhead(ParityEncoder.monthOf(file)));
      }
    }
  }

  /** Whether a month has its parity and not yet its seal, which is written after it. */
  private boolean isBeingSealed(String month) throws IOException {
    return month.equals(SealFile.month(context.head().atMicros()))
        && !hasLaterChangesInMonth()
        && !context.disk().exists(SealFile.file(month))
        && ParityEncoder.isWholeOf(context.disk(), month);
  }

  /** Checks what can be checked without reading the logs. */
  void runQuick(List<String> files) throws IOException {
    Set<String> expected = new HashSet<>();
    for (String log : context.head().logs().keySet()) {
      Catalog.ofLog(log)
          .flatMap(table -> table.logLocation().period(log))
          .filter(period -> period.length() > 4)
          .filter(period -> period.compareTo(SealFile.month(context.head().atMicros())) < 0)
          .map(SealFile::file)
          .ifPresent(expected::add);
    }
    for (String file : expected) {
      if (!context.disk().exists(file)) {
        missing(file, FindingCollector.Remedy.UNKNOWN);
      }
      if (!context.disk().exists(ParityEncoder.file(SealFile.monthOf(file)))) {
        parity.missing(ParityEncoder.file(SealFile.monthOf(file)), FindingCollector.Remedy.UNKNOWN);
      }
    }
    for (String file : files) {
      if (ControlFile.lines(context.disk().readAll(file)).isEmpty()) {
        context.findings().error(damaged(file, 0), () -> FindingCollector.Remedy.UNKNOWN);
      }
    }
  }

  /**
   * The months that have changes and have ended: each one that another one follows, and the last
   * one if it has been sealed.
   */
  private List<Month> months(List<String> files) throws IOException {
    List<Month> months = new ArrayList<>();
    SequenceIndex sequence = context.sequence();
    FilePeriod period = FilePeriod.of("0000");
    long first = 1;
    for (long seq = 1; seq <= context.head().seq(); seq++) {
      if (!sequence.has(seq) || period.holds(sequence.at(seq))) {
        continue;
      }
      if (seq > 1 && period.until() > period.from()) {
        months.add(new Month(SealFile.month(period.from()), first, seq - 1));
        first = seq;
      }
      period = FilePeriod.of(SealFile.month(sequence.at(seq)));
    }
    String last = SealFile.month(context.head().atMicros());
    if (context.head().seq() > 0
        && !hasLaterChangesInMonth()
        && files.contains(SealFile.file(last))
        && (isSealed(last) || ParityEncoder.isWholeOf(context.disk(), last))) {
      months.add(new Month(last, first, context.head().seq()));
    }
    return months;
  }

  private boolean isSealed(String month) throws IOException {
    return SealFile.isSealed(context.disk(), month, context.head().seq());
  }

  /** Whether the journal has later changes in the month of the checkpoint. */
  private boolean hasLaterChangesInMonth() {
    return context.tail().lines().stream()
        .anyMatch(
            line ->
                SealFile.month(line.change().at())
                    .equals(SealFile.month(context.head().atMicros())));
  }

  private void hashLogs(List<Month> months) throws IOException {
    Set<String> names = new HashSet<>();
    months.forEach(month -> names.add(month.name()));
    List<CheckContext.Task> tasks = new ArrayList<>();
    context
        .head()
        .logs()
        .forEach(
            (file, extent) -> {
              boolean sealed =
                  !damaged.contains(file)
                      && !isNotByMonth(file)
                      && names.stream().anyMatch(month -> SealFile.covers(month, file));
              if (sealed) {
                tasks.add(
                    () -> hashes.put(file, SealFile.sha256(context.disk(), file, extent.bytes())));
              }
            });
    context.all(tasks);
  }

  private static boolean isNotByMonth(String file) {
    return Catalog.ofLog(file)
        .filter(table -> !table.logLocation().pattern().contains("{month}"))
        .isPresent();
  }

  /**
   * Checks one seal, and returns what the next one must contain about it.
   *
   * @param next the path of that one; empty if there is none
   */
  private Before check(Month month, Before before, String next) throws IOException {
    String file = SealFile.file(month.name());
    byte[] bytes = context.disk().readIfPresent(file).orElse(new byte[0]);
    Map<String, SealFile.SealedLog> logs = logs(month, SealLines.of(bytes));
    byte[] expected =
        SealFile.content(
            month.name(), month.first(), month.last(), before.month(), before.hash(), logs);
    boolean certain =
        !context.sequence().isAnythingLost()
            && damaged.stream().noneMatch(log -> SealFile.covers(month.name(), log));
    ParityLayout layout = ParityLayout.of(month.name(), logs, before.logs());
    // A sound seal is evidence: if the logs differ from it, the logs may be wrong.
    boolean isFree =
        certain
            && (!SealFile.isOf(month.name(), bytes)
                || !Arrays.equals(expected, bytes) && isOutvoted(expected, next, layout));
    FindingCollector.Remedy remedy = FindingCollector.Remedy.of(isFree);
    if (isFree) {
      context.expected().of(file, expected);
    }
    byte[] right = expected;
    if (bytes.length == 0) {
      missing(file, remedy);
    } else if (ControlFile.lines(bytes).isEmpty()) {
      context.findings().error(damaged(file, line(expected, bytes)), () -> remedy);
    } else if (!Arrays.equals(expected, bytes) && !context.sequence().isAnythingLost()) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  "seal-differs",
                  file,
                  line(expected, bytes),
                  "is not the seal that the logs lead to; expected "
                      + expectedLine(expected, bytes)),
              () -> remedy);
    } else {
      right = bytes;
    }
    parity.check(layout, certain && (isFree || Arrays.equals(expected, bytes)));
    return new Before(month.name(), Sha256.hex(right), logs);
  }

  /**
   * Whether what was written beside and after a seal confirms the logs and not the seal: the seal
   * after it names the hash that the logs lead to, or the parity of the month is theirs.
   */
  private boolean isOutvoted(byte[] expected, String next, ParityLayout layout) throws IOException {
    String hash = Sha256.hex(expected);
    boolean isNamed =
        !next.isEmpty()
            && ControlFile.lines(context.disk().readIfPresent(next).orElse(new byte[0])).stream()
                .flatMap(List::stream)
                .anyMatch(line -> line.startsWith("previous|") && line.endsWith("|" + hash));
    String file = ParityEncoder.file(layout.month());
    return isNamed
        || context.disk().exists(file)
            && ParityEncoder.isWhole(context.disk(), file)
            && new ParityEncoder(context.disk(), layout).firstDifference() == 0;
  }

  private static long line(byte[] expected, byte[] bytes) {
    return PageChecker.lineAt(bytes, Math.max(0, Arrays.mismatch(expected, bytes)));
  }

  private static String expectedLine(byte[] expected, byte[] bytes) {
    List<String> lines = SealLines.of(expected).lines();
    int line = (int) line(expected, bytes);
    return line <= lines.size() ? lines.get(line - 1) : "its end";
  }

  private Map<String, SealFile.SealedLog> logs(Month month, SealLines found) throws IOException {
    Map<String, SealFile.SealedLog> logs = new TreeMap<>();
    for (Map.Entry<String, Head.Extent> log : context.head().logs().entrySet()) {
      if (SealFile.covers(month.name(), log.getKey())) {
        sealed(month, log.getKey(), log.getValue(), found)
            .ifPresent(whole -> logs.put(log.getKey(), whole));
      }
    }
    return logs;
  }

  /** How a log was at the end of a month. For a damaged log it is what the seal says. */
  private Optional<SealFile.SealedLog> sealed(
      Month month, String file, Head.Extent extent, SealLines found) throws IOException {
    if (damaged.contains(file)) {
      return found.log(file).flatMap(SealFile.SealedLog::parse);
    }
    if (!isNotByMonth(file)) {
      return Optional.of(new SealFile.SealedLog(extent, Objects.requireNonNull(hashes.get(file))));
    }
    Head.Extent then = until(file, FilePeriod.of(month.name()).until(), extent);
    return then.bytes() == 0
        ? Optional.empty()
        : Optional.of(
            new SealFile.SealedLog(then, SealFile.sha256(context.disk(), file, then.bytes())));
  }

  /** The extent at an instant of a log that is not kept by month; nothing if it did not exist. */
  private Head.Extent until(String file, long end, Head.Extent extent) throws IOException {
    try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
      long lines = 0;
      long bytes = 0;
      while (lines < extent.lines() && in.next()) {
        if (lines >= Header.LINES
            && Timestamps.parse(
                    in.bytes(), in.from(), Math.min(Timestamps.LENGTH, in.to() - in.from()))
                >= end) {
          break;
        }
        lines++;
        bytes = in.endOffset();
      }
      return lines == Header.LINES ? new Head.Extent(0, 0) : new Head.Extent(lines, bytes);
    }
  }

  private void missing(String file, FindingCollector.Remedy remedy) {
    context
        .findings()
        .error(
            Finding.error(
                "seal-missing", file, 0, "is missing; expected the seal of a month that has ended"),
            () -> remedy);
  }

  private static Finding damaged(String file, long line) {
    return Finding.error("seal-damaged", file, line, "its check does not match its bytes");
  }

  /**
   * Reports a seal of a month that needs none. A seal of the month of the checkpoint is right if
   * the journal has later months; then its checkpoint was stopped before the head.
   */
  private void unexpected(String file) {
    if (!isAhead(SealFile.monthOf(file))) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  "seal-unexpected",
                  file,
                  0,
                  "is of a month that has not ended, or has no changes; expected none"),
              () -> FindingCollector.Remedy.EXACT);
    } else if (isDamaged(file)) {
      context.findings().error(damaged(file, 0), () -> FindingCollector.Remedy.EXACT);
    }
  }

  private boolean isAhead(String month) {
    return !context.isClosed()
        && month.compareTo(SealFile.month(context.head().atMicros())) >= 0
        && month.compareTo(SealFile.month(lastAt())) < 0;
  }

  private boolean isDamaged(String file) {
    try {
      return ControlFile.lines(context.disk().readAll(file)).isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  private long lastAt() {
    return context.tail().lines().isEmpty()
        ? context.head().atMicros()
        : context.tail().lines().getLast().change().at();
  }
}
