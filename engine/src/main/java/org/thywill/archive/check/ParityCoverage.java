package org.thywill.archive.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityDecoder;
import org.thywill.archive.parity.ParityFile;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Catalog;

/**
 * Says whether the parity of a month reaches far enough to make its logs again; then the month's
 * journal files follow from these. Looks only when asked, and once for each month.
 */
final class ParityCoverage {
  private final Disk disk;
  private final Map<String, Boolean> months = new HashMap<>();

  ParityCoverage(Disk disk) {
    this.disk = disk;
  }

  /**
   * Whether a file is a log or a journal file of a month whose logs are whole, or can be made whole
   * again.
   */
  boolean has(String file) {
    Optional<String> month =
        JournalFile.isJournal(file)
            ? Optional.of(JournalFile.month(file))
            : Catalog.ofLog(file)
                .flatMap(table -> table.logLocation().period(file))
                .filter(period -> SealFile.isSeal(SealFile.file(period)));
    return month.isPresent() && months.computeIfAbsent(month.get(), this::isWhole);
  }

  private boolean isWhole(String month) {
    try {
      Optional<ParityFile> parity = ParityFile.read(disk, month, ParityLayout.ofSeals(disk, month));
      return parity.isPresent() && ParityDecoder.of(parity.get(), List.of(disk)).isWhole();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
