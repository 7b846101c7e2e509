package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.LostChange;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.format.NumberText;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewReader;

/**
 * The changes that are lost for good, as an operator has accepted, by the rows of a view.
 *
 * @param seqs the numbers of all of them, in order
 * @param unresolved those since whose acceptance service has not resumed: what they may have said
 *     of rights is still to be settled
 */
record AcceptedGaps(List<Long> seqs, List<PendingRecovery.Lost> unresolved) {
  /** The code of the finding that tells of them; never left out while there are any. */
  private static final String CODE = "gap-accepted";

  static AcceptedGaps of(ViewReader view) throws IOException {
    List<LostChange> gaps = new ArrayList<>();
    long[] accepted = {0};
    long[] resumed = {0};
    view.forEach(
        Catalog.OPERATIONS,
        row -> {
          long seq = view.seqOf(Catalog.OPERATIONS, row.key()).orElse(0L);
          LostChange.of(row, seq).ifPresent(gaps::add);
          if (LostChange.isAcceptance(row)) {
            accepted[0] = Math.max(accepted[0], seq);
          } else if (isResumption(row)) {
            resumed[0] = Math.max(resumed[0], seq);
          }
        });
    gaps.sort(Comparator.comparingLong(LostChange::seq));
    List<PendingRecovery.Lost> unresolved =
        resumed[0] > accepted[0]
            ? List.of()
            : gaps.stream()
                .map(
                    gap ->
                        new PendingRecovery.Lost(
                            gap.seq(), gap.seq(), gap.tables().stream().map(Table::name).toList()))
                .toList();
    return new AcceptedGaps(gaps.stream().map(LostChange::seq).toList(), unresolved);
  }

  private static boolean isResumption(Row row) {
    return row.text("kind").equals(Optional.of("resume"));
  }

  /** What is to be said of them; empty if there are none. */
  Optional<Finding> finding() {
    if (seqs.isEmpty()) {
      return Optional.empty();
    }
    String which =
        seqs.size() == 1
            ? "change " + seqs.getFirst() + " is"
            : NumberText.count(seqs.size(), "change") + " are";
    return Optional.of(
        Finding.warning(
                CODE,
                ".",
                0,
                which
                    + " lost for good, as an operator has accepted; the database was made without")
            .next("thywill validate-archives"));
  }
}
