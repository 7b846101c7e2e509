package org.thywill.archive.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.format.Finding;

/**
 * Checks what only all logs together show: that no number is missing, that time goes on, and that
 * no transaction is cut in half.
 */
final class SequenceGapChecker {
  private static final int SPOTS_MAX = 1_000;

  private final CheckContext run;
  private final JournalChecker journal;
  private final List<Spot> spots = new ArrayList<>();

  /**
   * Something to be reported where a change stands.
   *
   * @param seq the change
   * @param file where it should stand, if it stands nowhere and that is known
   * @param until for a gap, the first change behind it; otherwise 0
   */
  record Spot(String code, long seq, long until, Optional<String> file, String message) {}

  SequenceGapChecker(CheckContext run, JournalChecker journal) {
    this.run = run;
    this.journal = journal;
  }

  /** What was found; where it stands has still to be looked up. */
  List<Spot> spots() {
    return spots;
  }

  void run() {
    gaps();
    order();
  }

  private void gaps() {
    SequenceIndex sequence = run.sequence();
    for (long from = sequence.nextMissing(1); from > 0; from = sequence.nextMissing(from)) {
      Optional<String> home = journal.home(from);
      long until = from + 1;
      // One gap goes on as long as the changes are missing from the same log, as far as that is
      // known.
      while (until < sequence.nextInLogs(from) && journal.home(until).equals(home)) {
        until++;
      }
      if (!run.findings().isExplained(from, until, home)) {
        String which =
            until == from + 1 ? "change " + from : "the changes " + from + " to " + (until - 1);
        spot(new Spot("seq-gap", from, until, home, "no log has " + which));
      }
      from = until;
    }
  }

  private void order() {
    SequenceIndex sequence = run.sequence();
    boolean open = false;
    for (long seq = 1; seq <= sequence.last(); seq++) {
      if (!sequence.has(seq)) {
        open = false;
        continue;
      }
      boolean knowsBefore = seq == 1 || sequence.has(seq - 1);
      if (seq > 1 && knowsBefore && sequence.at(seq) < sequence.at(seq - 1)) {
        Optional<String> file =
            seq > sequence.head() ? Optional.of(run.tail().end().file()) : Optional.empty();
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
                Optional.empty(),
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
                Optional.empty(),
                "change " + seq + " is of a transaction that began earlier; expected all of it"));
      }
      open = !sequence.ends(seq);
      if (open && seq == sequence.head()) {
        spot(
            new Spot(
                "transaction-cut",
                seq,
                0,
                Optional.empty(),
                "the transaction of change " + seq + " is not whole at the checkpoint"));
        open = false;
      }
    }
  }

  private void spot(Spot spot) {
    if (spots.size() < SPOTS_MAX) {
      spots.add(spot);
    } else {
      // Too many to look each of them up.
      run.findings()
          .error(
              Finding.error(spot.code(), spot.file().orElse("."), 0, spot.message()),
              () -> remedy(spot));
    }
  }

  /**
   * A gap can be filled if all of it stands elsewhere; two sound lines that contradict each other
   * cannot be mended.
   */
  FindingCollector.Remedy remedy(Spot spot) {
    return FindingCollector.Remedy.of(
        spot.until() > 0 && run.sequence().isAllElsewhere(spot.seq() - 1, spot.until()));
  }
}
