package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;

/**
 * Checks all logs together: no seq is missing, time never goes back, and transactions are whole.
 */
final class SequenceGapChecker {
  private static final int SPOTS_MAX = 1_000;

  private final CheckContext context;
  private final JournalChecker journal;
  private final List<Spot> spots = new ArrayList<>();

  /**
   * A finding about a change whose line has still to be found.
   *
   * @param seq the change
   * @param file the file that should have the change, if none has it and that is known; or null
   * @param until for a gap, the first change after it; otherwise 0
   */
  record Spot(String code, long seq, long until, @Nullable String file, String message) {}

  SequenceGapChecker(CheckContext context, JournalChecker journal) {
    this.context = context;
    this.journal = journal;
  }

  /** What was found; the lines have still to be found. */
  List<Spot> spots() {
    return spots;
  }

  void run() {
    gaps();
    order();
  }

  private void gaps() {
    SequenceIndex sequence = context.sequence();
    for (long from = sequence.nextMissing(1); from > 0; from = sequence.nextMissing(from)) {
      String log = journal.logOf(from).orElse(null);
      long until = from + 1;
      // Changes that are missing from the same log, as far as that is known, are one gap.
      while (until < sequence.nextInLogs(from)
          && Objects.equals(journal.logOf(until).orElse(null), log)) {
        until++;
      }
      if (!context.findings().isExplained(from, until, log)) {
        String which =
            until == from + 1 ? "change " + from : "the changes " + from + " to " + (until - 1);
        spot(new Spot("seq-gap", from, until, log, "no log has " + which));
      }
      from = until;
    }
  }

  private void order() {
    SequenceIndex sequence = context.sequence();
    boolean open = false;
    for (long seq = 1; seq <= sequence.last(); seq++) {
      if (!sequence.has(seq)) {
        open = false;
        continue;
      }
      boolean knowsBefore = seq == 1 || sequence.has(seq - 1);
      if (seq > 1 && knowsBefore && sequence.at(seq) < sequence.at(seq - 1)) {
        String file = seq > sequence.head() ? context.tail().end().file() : null;
        spot(
            new Spot(
                "time-backwards",
                seq,
                0,
                file,
                "change "
                    + seq
                    + " happened before change "
                    + (seq - 1)
                    + "; expected time to go on"));
      }
      if (open && !sequence.sameTransaction(seq, seq - 1)) {
        spot(
            new Spot(
                "transaction-cut",
                seq,
                0,
                null,
                "change "
                    + seq
                    + " does not belong to the transaction of change "
                    + (seq - 1)
                    + ", which is not whole"));
      } else if (!open && knowsBefore && !sequence.begins(seq)) {
        spot(
            new Spot(
                "transaction-cut",
                seq,
                0,
                null,
                "change " + seq + " is of a transaction that began earlier; expected all of it"));
      }
      open = !sequence.ends(seq);
      if (open && seq == sequence.head()) {
        spot(
            new Spot(
                "transaction-cut",
                seq,
                0,
                null,
                "the transaction of change " + seq + " is not whole at the checkpoint"));
        open = false;
      }
    }
  }

  private void spot(Spot spot) {
    if (spots.size() < SPOTS_MAX) {
      spots.add(spot);
    } else {
      // There are too many to find the line of each.
      context
          .findings()
          .error(
              Finding.error(
                  spot.code(), Objects.requireNonNullElse(spot.file(), "."), 0, spot.message()),
              () -> remedy(spot));
    }
  }

  /**
   * A gap is repairable if other files have all of its changes; two sound lines that contradict
   * each other are not.
   */
  FindingCollector.Remedy remedy(Spot spot) {
    return FindingCollector.Remedy.of(
        spot.until() > 0 && context.sequence().isAllElsewhere(spot.seq() - 1, spot.until()));
  }
}
