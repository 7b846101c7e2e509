package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
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
 * Checks what shows without reading logs, journal and pages: that files are there, begin as they
 * must, and have the size that the checkpoint gives.
 */
final class QuickChecker {
  private final CheckContext run;

  QuickChecker(CheckContext run) {
    this.run = run;
  }

  void run(List<String> journals) throws IOException {
    for (Map.Entry<String, Head.Extent> log : run.head().logs().entrySet()) {
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
    if (!run.disk().exists(file)) {
      error("log-missing", file, "is missing; expected a log of " + extent.lines() + " lines");
      return;
    }
    header(file, Header.ofLog(run.identity().community(), table, file));
    long size = run.disk().size(file);
    if (size < extent.bytes()) {
      error("log-short", file, size + " bytes, expected " + extent.bytes());
    } else if (size > extent.bytes() && run.isClosed()) {
      run.findings()
          .errorUnlessInUse(
              Finding.error("log-long", file, 0, size + " bytes, expected " + extent.bytes()),
              () -> FindingCollector.Remedy.UNKNOWN);
    }
  }

  private void journals(List<String> journals) throws IOException {
    long first = journals.isEmpty() ? 0 : JournalFile.firstSeq(journals.getFirst());
    if (run.head().seq() > 0 && first != 1) {
      error(
          "journal-missing",
          JournalFile.FOLDER,
          "no file begins with change 1; expected all of the journal");
    }
    for (String file : journals) {
      boolean covered = JournalFile.firstSeq(file) <= run.head().seq();
      if (covered && run.disk().size(file) > 0) {
        header(file, Header.ofJournal(run.identity().community(), file));
      }
    }
  }

  private void snapshot(Table table) throws IOException {
    String file = Snapshots.file(table);
    boolean hasLog =
        run.head().logs().keySet().stream()
            .anyMatch(log -> table.logLocation().period(log).isPresent());
    try (InputStream in = run.disk().read(file, 0)) {
      byte[] bytes = in.readAllBytes();
      if (!Snapshots.isWhole(bytes)) {
        error("snapshot-damaged", file, "the check at the end does not match the snapshot");
      }
    } catch (NoSuchFileException e) {
      if (hasLog) {
        error("snapshot-missing", file, "is missing; expected the present rows of " + table);
      }
    }
  }

  private void header(String file, byte[] expected) throws IOException {
    try (InputStream in = run.disk().read(file, 0)) {
      byte[] start = in.readNBytes(expected.length);
      Header.check(start, expected, file)
          .forEach(finding -> run.findings().error(finding, () -> FindingCollector.Remedy.UNKNOWN));
    }
  }

  private void error(String code, String file, String message) {
    run.findings()
        .error(Finding.error(code, file, 0, message), () -> FindingCollector.Remedy.UNKNOWN);
  }
}
