package org.thywill.archive.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;

/** Checks that the parity of an ended month is the one that the logs lead to. */
final class ParityChecker {
  private final CheckContext context;

  ParityChecker(CheckContext context) {
    this.context = context;
  }

  /**
   * Checks the parity of a month.
   *
   * @param layout the layout that it must have
   * @param certain whether the logs of the month are as sealed; if not, they may have to be
   *     restored from the parity, and only its check is compared
   */
  void check(ParityLayout layout, boolean certain) throws IOException {
    String file = ParityEncoder.file(layout.month());
    FindingCollector.Remedy remedy = FindingCollector.Remedy.of(certain);
    if (!context.disk().exists(file)) {
      missing(file, remedy);
      expected(layout, certain);
      return;
    }
    boolean whole = ParityEncoder.isWhole(context.disk(), file);
    long line = certain ? new ParityEncoder(context.disk(), layout).firstDifference() : 0;
    if (!whole) {
      context.findings().error(damaged(file, line), () -> remedy);
    } else if (line > 0) {
      context
          .findings()
          .error(
              Finding.error(
                  "parity-differs",
                  file,
                  line,
                  "is sound by itself, and not the parity that the logs lead to"),
              () -> remedy);
    }
    if (!whole || line > 0) {
      expected(layout, certain);
    }
  }

  private void expected(ParityLayout layout, boolean certain) throws IOException {
    if (certain && !context.expected().equals(ExpectedContentSink.NONE)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ParityEncoder(context.disk(), layout).render(bytes::write);
      context.expected().of(ParityEncoder.file(layout.month()), bytes.toByteArray());
    }
  }

  /** Reports a parity as missing. */
  void missing(String file, FindingCollector.Remedy remedy) {
    context
        .findings()
        .error(
            Finding.error(
                "parity-missing",
                file,
                0,
                "is missing; expected the parity of a month that has ended"),
            () -> remedy);
  }

  private static Finding damaged(String file, long line) {
    return Finding.error("parity-damaged", file, line, "its check does not match its bytes");
  }

  /**
   * Reports the parity of a month that needs none.
   *
   * @param ahead whether a checkpoint that was stopped before the head may have written it
   */
  void unexpected(String file, boolean ahead) {
    if (!ahead) {
      context
          .findings()
          .errorUnlessInUse(
              Finding.error(
                  "parity-unexpected",
                  file,
                  0,
                  "is of a month that has not ended, or has no changes; expected none"),
              () -> FindingCollector.Remedy.EXACT);
    } else if (isDamaged(file)) {
      context.findings().error(damaged(file, 0), () -> FindingCollector.Remedy.EXACT);
    }
  }

  private boolean isDamaged(String file) {
    try {
      return !ParityEncoder.isWhole(context.disk(), file);
    } catch (IOException e) {
      return true;
    }
  }
}
