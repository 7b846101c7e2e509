package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/**
 * Checks that files exist, have their header, and have the size that the checkpoint or the seal of
 * their month leads to.
 *
 * <p>It does not read the lines of logs, journal, parities and pages. Of a page it is only known
 * how small and how large one can be.
 */
final class QuickChecker {
  private final CheckContext context;

  QuickChecker(CheckContext context) {
    this.context = context;
  }

  void run(FileInventory files) throws IOException {
    for (Map.Entry<String, Head.Extent> log : context.head().logs().entrySet()) {
      Optional<Table> table = Catalog.ofLog(log.getKey());
      if (table.isPresent()) {
        log(log.getKey(), table.get(), log.getValue());
      } else {
        error("control-damaged", Head.FILE.file(), "names a log " + log.getKey() + " of no table");
      }
    }
    journals(files.journals());
    files
        .oddPages()
        .forEach(
            (page, bytes) ->
                error(
                    "page-damaged",
                    page,
                    bytes
                        + " bytes; expected "
                        + PrayerPageFile.BYTES_MIN
                        + " to "
                        + Disk.WHOLE_BYTES_MAX));
    sizesOfMonths(files);
    for (Table table : Snapshots.tables()) {
      snapshot(table);
    }
  }

  private void log(String file, Table table, Head.Extent extent) throws IOException {
    if (!context.disk().exists(file)) {
      error("log-missing", file, "is missing; expected a log of " + extent.lines() + " lines");
      return;
    }
    header(file, Header.ofLog(context.identity().community(), table, file));
    long size = context.disk().size(file);
    if (size < extent.bytes()) {
      error("log-short", file, size + " bytes, expected " + extent.bytes());
    } else if (size > extent.bytes() && context.isClosed()) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error("log-long", file, 0, size + " bytes, expected " + extent.bytes()),
              () -> FindingCollector.Remedy.UNKNOWN);
    }
  }

  private void journals(List<String> journals) throws IOException {
    long first = journals.isEmpty() ? 0 : JournalFile.firstSeq(journals.getFirst());
    if (context.head().seq() > 0 && first != 1) {
      error(
          "journal-missing",
          JournalFile.FOLDER,
          "no file begins with change 1; expected all of the journal");
    }
    for (String file : journals) {
      boolean covered = JournalFile.firstSeq(file) <= context.head().seq();
      if (covered && context.disk().size(file) > 0) {
        header(file, Header.ofJournal(context.identity().community(), file));
      }
    }
  }

  /** Compares the sizes of what follows from the seals of months that have ended. */
  private void sizesOfMonths(FileInventory files) throws IOException {
    String before = "";
    Map<String, SealFile.SealedLog> logsBefore = Map.of();
    for (String file : files.seals()) {
      byte[] seal = context.disk().readAll(file);
      String month = SealFile.monthOf(file);
      Map<String, SealFile.SealedLog> logs = SealFile.logs(seal);
      if (SealFile.isOf(month, seal) && SealFile.monthBefore(seal).equals(Optional.of(before))) {
        parity(ParityLayout.of(month, logs, logsBefore));
        journalOf(
            month,
            files.journals().stream()
                .filter(each -> JournalFile.month(each).equals(month))
                .toList(),
            bytesInJournal(logs, logsBefore));
      }
      before = month;
      logsBefore = logs;
    }
  }

  private void parity(ParityLayout layout) throws IOException {
    String file = ParityEncoder.file(layout.month());
    if (context.disk().exists(file)) {
      long size = context.disk().size(file);
      long expected = ParityEncoder.length(layout);
      if (size != expected) {
        error("parity-damaged", file, size + " bytes, expected " + expected);
      }
    }
  }

  /** How many bytes the lines that a month added to its logs have in the journal. */
  private long bytesInJournal(
      Map<String, SealFile.SealedLog> logs, Map<String, SealFile.SealedLog> before) {
    long bytes = 0;
    for (Map.Entry<String, SealFile.SealedLog> log : logs.entrySet()) {
      Table table = Catalog.ofLog(log.getKey()).orElseThrow();
      SealFile.SealedLog earlier = before.get(log.getKey());
      Head.Extent start =
          earlier == null
              ? new Head.Extent(
                  Header.LINES,
                  Header.ofLog(context.identity().community(), table, log.getKey()).length)
              : earlier.extent();
      Head.Extent end = log.getValue().extent();
      bytes += end.bytes() - start.bytes();
      bytes += (end.lines() - start.lines()) * LineCodec.prefixLength(table);
    }
    return bytes;
  }

  /** A month has journal files of its own, so their lines are those of its logs. */
  private void journalOf(String month, List<String> files, long lines) throws IOException {
    long found = 0;
    long expected = lines;
    for (String file : files) {
      long size = context.disk().size(file);
      boolean isCurrent = file.equals(context.head().journal());
      found += isCurrent ? Math.min(size, context.head().journalExtent().bytes()) : size;
      expected += size > 0 ? Header.ofJournal(context.identity().community(), file).length : 0;
    }
    if (files.isEmpty() && lines > 0) {
      error("journal-missing", JournalFile.FOLDER, "no file has the changes of " + month);
    } else if (found != expected) {
      error(
          found < expected ? "journal-short" : "journal-long",
          files.getLast(),
          found + " bytes in the journal files of " + month + "; its seal leads to " + expected);
    }
  }

  private void snapshot(Table table) throws IOException {
    String file = Snapshots.file(table);
    boolean hasLog =
        context.head().logs().keySet().stream()
            .anyMatch(log -> table.logLocation().period(log).isPresent());
    Optional<byte[]> found = context.disk().readIfPresent(file);
    if (found.isPresent() && !Snapshots.isWhole(found.get())) {
      error("snapshot-damaged", file, "the check at the end does not match the snapshot");
    } else if (found.isEmpty() && hasLog) {
      error("snapshot-missing", file, "is missing; expected the present rows of " + table);
    }
  }

  private void header(String file, byte[] expected) throws IOException {
    try (InputStream in = context.disk().read(file, 0)) {
      byte[] start = in.readNBytes(expected.length);
      Header.check(start, expected, file)
          .forEach(
              finding -> context.findings().error(finding, () -> FindingCollector.Remedy.UNKNOWN));
    }
  }

  private void error(String code, String file, String message) {
    context
        .findings()
        .error(Finding.error(code, file, 0, message), () -> FindingCollector.Remedy.UNKNOWN);
  }
}
