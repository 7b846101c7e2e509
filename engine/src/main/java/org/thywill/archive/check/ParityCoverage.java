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
import org.thywill.catalog.Catalog;

/**
 * Decides whether the parity of a month can restore its logs; its journal files follow from these.
 *
 * <p>Computed once for each month, when it is first needed. Not safe for several threads.
 */
final class ParityCoverage {
  private final Disk disk;
  private final Map<String, Boolean> months = new HashMap<>();

  ParityCoverage(Disk disk) {
    this.disk = disk;
  }

  /**
   * Whether a file is a log or a journal file of a month whose logs are sound or can be restored.
   *
   * @throws UncheckedIOException if the disk could not be read
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
      Optional<ParityFile> parity = ParityFile.read(disk, month);
      return parity.isPresent() && ParityDecoder.of(parity.get(), List.of(disk)).isWhole();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
