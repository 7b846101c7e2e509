package org.thywill.archive.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.thywill.archive.derived.ControlFiles;
import org.thywill.archive.format.Finding;

/**
 * The result of an {@link ArchiveChecker}.
 *
 * @param changes how many good changes there are, with those after the last checkpoint
 * @param files how many files were checked; in a full check, all of the archive but the lock
 * @param bytes the length of these files
 * @param findings the first 1,000, errors first, then by file and line; at most 100 of one code in
 *     one file
 * @param findingsByCode how many there are of each code, also of those that are not listed
 * @param sound whether none of them is an error
 */
public record CheckReport(
    long changes,
    long files,
    long bytes,
    List<Finding> findings,
    Map<String, Long> findingsByCode,
    boolean sound) {
  /** The code of a change whose loss an operator has accepted. */
  static final String ACCEPTED_GAP = "gap-accepted";

  /** The command that accepts what the lines lead to, where only the recorded digest disagrees. */
  static final String ACCEPT_DIGEST = "thywill accept-gap --digest --reason TEXT";

  private static final Set<String> OF_THE_DIGEST = Set.of(RowSum.DIFFERS, "rows-differ");
  private static final Set<String> CONTRADICTIONS =
      Set.of(TableLogChecker.ROW_ADDED_TWICE, TableLogChecker.ROW_ABSENT);

  /**
   * Whether every line, number, page and seal holds, and only the digest that the head records is
   * not that of the rows.
   */
  public boolean isOnlyDigestWrong() {
    List<Finding> errors =
        findings.stream().filter(finding -> finding.severity() == Finding.Severity.ERROR).toList();
    return !errors.isEmpty() && errors.stream().allMatch(CheckReport::isAboutTheDigest);
  }

  /** Whether a finding says that the head records another digest than that of the rows. */
  public static boolean isAboutTheDigest(Finding finding) {
    return OF_THE_DIGEST.contains(finding.code());
  }

  /** Whether a finding says that a sound line does not fit the rows before it. */
  public static boolean isContradiction(Finding finding) {
    return CONTRADICTIONS.contains(finding.code());
  }

  /** Whether a finding says that the head was derived, so that it proves no digest. */
  public static boolean isAboutTheHead(Finding finding) {
    return finding.code().equals(ControlFiles.HEAD_DERIVED);
  }

  /** How many changes are lost for good, with an operator's acceptance. */
  public long acceptedGaps() {
    return findingsByCode.getOrDefault(ACCEPTED_GAP, 0L);
  }

  /** The result in a few words; accepted gaps are always mentioned. */
  public String verdict() {
    return (sound ? "Sound" : "NOT sound") + gaps();
  }

  private String gaps() {
    long gaps = acceptedGaps();
    if (gaps == 0) {
      return "";
    }
    return gaps == 1 ? ", one accepted gap" : ", %,d accepted gaps".formatted(gaps);
  }
}
