package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.derived.Snapshots;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.JournalFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Table;

/**
 * Checks that files exist, have their header, and have the size that the checkpoint gives.
 *
 * <p>It does not read the lines of logs, journal and pages.
 */
final class QuickChecker {
  private final CheckContext context;

  QuickChecker(CheckContext context) {
    this.context = context;
  }

  void run(List<String> journals) throws IOException {
    for (Map.Entry<String, Head.Extent> log : context.head().logs().entrySet()) {
      Optional<Table> table = Catalog.ofLog(log.getKey());
      if (table.isPresent()) {
        log(log.getKey(), table.get(), log.getValue());
      } else {
        error("control-damaged", Head.FILE.file(), "names a log " + log.getKey() + " of no table");
      }
    }
    journals(journals);
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
