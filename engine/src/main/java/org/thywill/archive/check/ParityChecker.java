package org.thywill.archive.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.parity.ParityEncoder;
import org.thywill.archive.parity.ParityLayout;

/** Checks that the parity of a month that has ended is the one that the logs lead to. */
final class ParityChecker {
  private final CheckContext run;

  ParityChecker(CheckContext run) {
    this.run = run;
  }

  /**
   * Checks the parity of a month.
   *
   * @param shape that it must have
   * @param certain whether the logs of the month are what was sealed; if not, the parity may be
   *     what they can be made again from, and no more is asked than that it is as it was written
   */
  void check(ParityLayout shape, boolean certain) throws IOException {
    String file = ParityEncoder.file(shape.month());
    FindingCollector.Remedy remedy = FindingCollector.Remedy.of(certain);
    if (!run.disk().exists(file)) {
      missing(file, remedy);
      expected(shape, certain);
      return;
    }
    boolean whole = ParityEncoder.isWhole(run.disk(), file);
    long line = certain ? new ParityEncoder(run.disk(), shape).firstDifference() : 0;
    if (!whole) {
      run.findings().error(damaged(file, line), () -> remedy);
    } else if (line > 0) {
      run.findings()
          .error(
              Finding.error(
                  "parity-differs",
                  file,
                  line,
                  "is sound by itself, and not the parity that the logs lead to"),
              () -> remedy);
    }
    if (!whole || line > 0) {
      expected(shape, certain);
    }
  }

  private void expected(ParityLayout shape, boolean certain) throws IOException {
    if (certain && !run.expected().equals(ExpectedContentSink.NOBODY)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      new ParityEncoder(run.disk(), shape).render(bytes::write);
      run.expected().of(ParityEncoder.file(shape.month()), bytes.toByteArray());
    }
  }

  void missing(String file, FindingCollector.Remedy remedy) {
    run.findings()
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
   * The parity of a month that needs none.
   *
   * @param ahead whether a checkpoint may have written it that was stopped before the head
   */
  void unexpected(String file, boolean ahead) {
    if (!ahead) {
      run.findings()
          .errorUnlessInUse(
              Finding.error(
                  "parity-unexpected",
                  file,
                  0,
                  "is of a month that has not ended, or has no changes; expected none"),
              () -> FindingCollector.Remedy.EXACT);
    } else if (isDamaged(file)) {
      run.findings().error(damaged(file, 0), () -> FindingCollector.Remedy.EXACT);
    }
  }

  private boolean isDamaged(String file) {
    try {
      return !ParityEncoder.isWhole(run.disk(), file);
    } catch (IOException e) {
      return true;
    }
  }
}
