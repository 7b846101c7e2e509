package org.thywill.archive;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.SealFile;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;
import org.thywill.catalog.Sha256;

/** Writes the seal and the parity of a month that has ended (FORMAT.md, Seals). */
public final class MonthSealer {
  private final Disk disk;

  /** A sealer for the archive on a disk. */
  public MonthSealer(Disk disk) {
    this.disk = disk;
  }

  /**
   * Seals a month whose changes are safe in the logs. The logs are read back for it. The parity is
   * written before the seal; after a failure there may be a parity without a seal.
   *
   * <p>A month that has a sound seal is not sealed again: the seal records how the logs were, and
   * they may have been damaged since.
   *
   * @param last the last change of the month
   * @param logs how far each log goes at the end of the month
   * @throws DamagedArchiveException if the seal before it, or a log, is damaged
   */
  public void seal(String month, long last, Map<String, Head.Extent> logs) throws IOException {
    boolean isSealed = SealFile.isSealed(disk, month, last);
    if (isSealed && ParityEncoder.isWhole(disk, ParityEncoder.file(month))) {
      return;
    }
    Map<String, SealFile.SealedLog> sealed = new TreeMap<>();
    for (Map.Entry<String, Head.Extent> log : logs.entrySet()) {
      if (SealFile.covers(month, log.getKey())) {
        String hash = SealFile.sha256(disk, log.getKey(), log.getValue().bytes());
        sealed.put(log.getKey(), new SealFile.SealedLog(log.getValue(), hash));
      }
    }
    Optional<String> before =
        disk.files(SealFile.FOLDER).stream()
            .filter(SealFile::isSeal)
            .map(SealFile::monthOf)
            .filter(each -> each.compareTo(month) < 0)
            .max(String::compareTo);
    long first = 1;
    String hash = "";
    Map<String, SealFile.SealedLog> sealedBefore = Map.of();
    if (before.isPresent()) {
      byte[] bytes = disk.readAll(SealFile.file(before.get()));
      first = SealFile.lastOf(before.get(), bytes) + 1;
      hash = Sha256.hex(bytes);
      sealedBefore = SealFile.logs(bytes);
    }
    byte[] seal = SealFile.content(month, first, last, before.orElse(""), hash, sealed);
    if (isSealed && !Arrays.equals(disk.readAll(SealFile.file(month)), seal)) {
      return; // The logs are not what was sealed, so no parity can be made from them.
    }
    new ParityEncoder(disk, ParityLayout.of(month, sealed, sealedBefore)).write();
    disk.replace(SealFile.file(month), seal);
  }

  /** Deletes the parity of a month whose seal was not written any more. */
  void deleteUnfinished(String month) throws IOException {
    if (!disk.exists(SealFile.file(month)) && ParityEncoder.isWholeOf(disk, month)) {
      disk.delete(ParityEncoder.file(month));
      disk.forceFolder(SealFile.FOLDER);
    }
  }
}
