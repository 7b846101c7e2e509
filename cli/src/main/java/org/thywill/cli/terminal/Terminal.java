package org.thywill.cli.terminal;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.thywill.archive.format.Finding;
import org.thywill.progress.ProgressListener;

/**
 * The streams and the environment of the process: results to one stream, problems to the other.
 *
 * <p>Colour and progress appear on a terminal only, which is decided for each stream by itself; no
 * colour with {@code NO_COLOR}, and no progress with {@code --quiet}.
 *
 * @param out for results
 * @param err for problems and progress
 * @param kinds which of the two are terminals
 * @param environment the variables of the environment
 * @param nanoTime a clock for durations, as {@link System#nanoTime}
 */
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    Kinds kinds,
    Map<String, String> environment,
    LongSupplier nanoTime) {
  private static final long INTERVAL_NANOS = 200_000_000L;
  private static final String ERASE_LINE = "\r\033[K";

  /** Whether each of the two streams is a terminal; the other may be a file or a pipe. */
  public record Kinds(boolean isOutTerminal, boolean isErrTerminal) {}

  /**
   * Whether to print in colour.
   *
   * @param stream one of the two
   */
  boolean isColoured(PrintWriter stream, boolean noColor) {
    boolean isTerminal = stream.equals(out) ? kinds.isOutTerminal() : kinds.isErrTerminal();
    return isTerminal && !noColor && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }

  /** Shows the progress of long work in one line, with a rate and the time left. */
  public ProgressListener progress(boolean quiet) {
    if (!kinds.isErrTerminal() || quiet) {
      return ProgressListener.NONE;
    }
    return new ProgressLine();
  }

  /** Rewrites one line of the terminal with each report, but not too often. */
  private final class ProgressLine implements ProgressListener {
    private final long startedNanos = nanoTime.getAsLong();
    private final AtomicLong shownNanos = new AtomicLong(startedNanos);

    @Override
    public void report(String what, long done, long total) {
      long nowNanos = nanoTime.getAsLong();
      if (nowNanos - shownNanos.get() < INTERVAL_NANOS && done != total) {
        return;
      }
      shownNanos.set(nowNanos);
      err.print(ERASE_LINE + line(what, done, total, (nowNanos - startedNanos) / 1e9));
      err.flush();
    }
  }

  private static String line(String what, long done, long total, double seconds) {
    double rate = seconds > 0 ? done / seconds : 0;
    String share = total > 0 ? " of %,d (%d %%)".formatted(total, 100 * done / total) : "";
    String left = total > done && rate > 0 ? ", %.0f s left".formatted((total - done) / rate) : "";
    return "%,d%s %s, %,.0f a second%s".formatted(done, share, what, rate, left);
  }

  /** Erases the line that shows progress, if there is one. */
  public void clearProgress() {
    if (kinds.isErrTerminal()) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }

  /** Prints a finding in one line, with what to run next. */
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
