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
 * The changes that an operator has accepted as lost for good, read from a view.
 *
 * @param seqs the numbers of all of them, in order
 * @param unresolved those that were accepted after service last resumed; what they may have meant
 *     for roles and sessions is still to be settled
 */
public record AcceptedGaps(List<Long> seqs, List<PendingRecovery.Lost> unresolved) {
  /** The code of the finding that reports them as long as there are any. */
  private static final String CODE = "gap-accepted";

  /** Those that a view says were accepted. */
  public static AcceptedGaps of(ViewReader view) throws IOException {
    Collector collector = new Collector(view);
    view.forEach(Catalog.OPERATIONS, collector::add);
    return collector.gaps();
  }

  /** Collects them from the rows of the table {@code operations}. */
  private static final class Collector {
    private final ViewReader view;
    private final List<LostChange> gaps = new ArrayList<>();
    private long acceptedSeq;
    private long resumedSeq;

    Collector(ViewReader view) {
      this.view = view;
    }

    void add(Row row) throws IOException {
      long seq = view.seqOf(Catalog.OPERATIONS, row.key()).orElse(0L);
      LostChange.of(row, seq).ifPresent(gaps::add);
      if (LostChange.isAcceptance(row)) {
        acceptedSeq = Math.max(acceptedSeq, seq);
      } else if (row.has(Catalog.Operations.KIND, OperationLog.RESUME)) {
        resumedSeq = Math.max(resumedSeq, seq);
      }
    }

    AcceptedGaps gaps() {
      gaps.sort(Comparator.comparingLong(LostChange::seq));
      List<PendingRecovery.Lost> unresolved =
          resumedSeq > acceptedSeq ? List.of() : gaps.stream().map(Collector::lost).toList();
      return new AcceptedGaps(gaps.stream().map(LostChange::seq).toList(), unresolved);
    }

    private static PendingRecovery.Lost lost(LostChange gap) {
      return new PendingRecovery.Lost(
          gap.seq(), gap.seq(), gap.tables().stream().map(Table::name).toList());
    }
  }

  /** The finding that reports them; empty if there are none. */
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
