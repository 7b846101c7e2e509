package org.thywill.archive.check;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.log.JournalLines;

/** Checks the running hash of the head, which covers every byte of every change up to it. */
final class HistoryChecker {
  private final CheckContext context;

  /** The running hash of the lines in the journal; null if it does not have all of them. */
  private @Nullable String found;

  HistoryChecker(CheckContext context) {
    this.context = context;
  }

  /** Computes the running hash. */
  void run() throws IOException {
    if (context.head().history() != null) {
      found = new JournalLines(context.disk()).hash(context.head().seq()).orElse(null);
    }
  }

  /**
   * Reports a difference. Where a file is damaged, that is the finding: the running hash says only
   * that something differs.
   */
  void report() {
    String recorded = context.head().history();
    String is = found;
    if (recorded == null || is == null || is.equals(recorded) || !context.findings().isSound()) {
      return;
    }
    context
        .findings()
        .add(
            Finding.error(
                "history-differs",
                Head.FILE.file(),
                0,
                "the running hash of the changes up to "
                    + context.head().seq()
                    + " is "
                    + is
                    + "; expected "
                    + recorded
                    + ". A line was changed together with its check in every file that has it, or"
                    + " the head was; a copy of the archive shows which"));
  }
}
