package org.thywill.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.thywill.archive.format.Finding;
import org.thywill.progress.ProgressListener;

/**
 * Where a command prints: results to one stream, problems and progress to another. Colour and the
 * progress line appear on a terminal only, and neither with {@code NO_COLOR} nor {@code --quiet}.
 *
 * @param isTerminal whether the second stream is one
 */
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    boolean isTerminal,
    Map<String, String> environment,
    LongSupplier nanoTime) {
  private static final long REPORT_NANOS = 200_000_000L;

  public boolean isColoured(boolean noColor) {
    return isTerminal && !noColor && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /**
   * Shows how far long work has come: a line that rewrites itself, with a rate and the time left.
   */
  public ProgressListener progress(boolean quiet) {
    if (!isTerminal || quiet) {
      return ProgressListener.NONE;
    }
    long started = nanoTime.getAsLong();
    long[] last = {started};
    return (what, done, total) -> {
      long now = nanoTime.getAsLong();
      if (now - last[0] < REPORT_NANOS && done != total) {
        return;
      }
      last[0] = now;
      err.print("\r\033[K" + line(what, done, total, (now - started) / 1e9));
      err.flush();
    };
  }

  private static String line(String what, long done, long total, double seconds) {
    double rate = seconds > 0 ? done / seconds : 0;
    String share = total > 0 ? " of %,d (%d %%)".formatted(total, 100 * done / total) : "";
    Optional<String> left =
        total > done && rate > 0
            ? Optional.of(", %.0f s left".formatted((total - done) / rate))
            : Optional.empty();
    return "%,d%s %s, %,.0f a second%s".formatted(done, share, what, rate, left.orElse(""));
  }

  public void clearProgress() {
    if (isTerminal) {
      err.print("\r\033[K");
      err.flush();
    }
  }

  public void print(Finding finding, PrintWriter where, boolean coloured) {
    String colour =
        switch (finding.severity()) {
          case ERROR -> "\033[31m";
          case WARNING -> "\033[33m";
          case NOTE -> "\033[36m";
        };
    String word = finding.severity().name().toLowerCase(Locale.ROOT);
    where.println(
        (coloured ? colour + word + "\033[0m" : word)
            + " "
            + finding.code()
            + "  "
            + finding
            + (finding.next().isEmpty() ? "" : ". Run: " + finding.next()));
  }
}
