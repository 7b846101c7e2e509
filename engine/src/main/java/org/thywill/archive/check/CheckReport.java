package org.thywill.archive.check;

import java.util.List;
import java.util.Map;
import org.thywill.archive.format.Finding;

/**
 * What a {@link ArchiveChecker} found.
 *
 * @param changes good changes, those behind the last checkpoint included
 * @param files that were looked at; after a full check every file of the archive but the lock
 * @param bytes of these files
 * @param findings the first 1,000, errors first, then by file and line; of one code in one file at
 *     most 100
 * @param findingsByCode how many there are of each code, all counted
 * @param sound whether none of them is an error
 */
public record CheckReport(
    long changes,
    long files,
    long bytes,
    List<Finding> findings,
    Map<String, Long> findingsByCode,
    boolean sound) {
  /** The code of a change that is lost for good, as an operator has accepted. */
  static final String ACCEPTED_GAP = "gap-accepted";

  /** How many changes are lost for good, as an operator has accepted. */
  public long acceptedGaps() {
    return findingsByCode.getOrDefault(ACCEPTED_GAP, 0L);
  }

  /** In a few words: never only that it is sound if something is lost. */
  public String verdict() {
    long gaps = acceptedGaps();
    return (sound ? "Sound" : "NOT sound")
        + (gaps == 0
            ? ""
            : gaps == 1 ? ", one accepted gap" : ", %,d accepted gaps".formatted(gaps));
  }
}
