package org.thywill.archive.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Line;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.progress.PartProgress;

/**
 * Checks every page: it has exactly the lines that name its prayer, and the text that they make.
 *
 * <p>A page may be ahead of the checkpoint if the journal has the lines; then a checkpoint was
 * stopped before its end.
 */
final class PageChecker {
  private static final int PAGES_AT_ONCE = 512;
  private static final int UNDECIDED_MAX = 10_000;

  private final CheckContext context;
  private final PrayerLineIndex prayers;
  private final PartProgress progress;
  private final Set<String> beingWritten = new HashSet<>();
  private final Set<String> addedInTail = new HashSet<>();
  private final Map<String, Finding> undecided = new ConcurrentHashMap<>();
  private final LongAdder bytes = new LongAdder();

  PageChecker(CheckContext context, PrayerLineIndex prayers, PartProgress progress) {
    this.context = context;
    this.prayers = prayers;
    this.progress = progress;
    for (Line line : context.tail().lines()) {
      PrayerPageFile.prayerOf(line.change()).ifPresent(beingWritten::add);
      if (line.change().table() == Catalog.PRAYERS) {
        addedInTail.add(PrayerPageFile.file(line.change().row().key(), line.change().at()));
      }
    }
  }

  /** How many bytes have been read. */
  long bytes() {
    return bytes.sum();
  }

  /**
   * Whether a change after the checkpoint names a prayer. Then a checkpoint that was stopped may
   * have left its page in any state.
   */
  boolean isBeingWritten(String prayer) {
    return beingWritten.contains(prayer);
  }

  /**
   * Decides about damaged pages. A page that an unfinished checkpoint was writing is not damage,
   * since the next checkpoint writes it again from the journal.
   *
   * @param unfinished the pages of prayers up to the checkpoint that later changes name
   */
  void resolveUndecided(Set<String> unfinished) {
    undecided.forEach(
        (file, finding) -> {
          if (unfinished.contains(file) || addedInTail.contains(file)) {
            context
                .findings()
                .add(
                    Finding.note(
                            "page-unfinished",
                            file,
                            0,
                            "was being written by a checkpoint when it was stopped; the next"
                                + " checkpoint writes it again")
                        .next("thywill serve"));
          } else {
            error(finding);
          }
        });
  }

  void run(List<String> pages) throws IOException {
    List<CheckContext.Task> tasks = new ArrayList<>();
    for (int from = 0; from < pages.size(); from += PAGES_AT_ONCE) {
      List<String> some = pages.subList(from, Math.min(pages.size(), from + PAGES_AT_ONCE));
      tasks.add(
          () -> {
            LineCodec codec = new LineCodec();
            for (String page : some) {
              check(page, codec);
            }
            progress.add(some.size());
          });
    }
    context.all(tasks);
  }

  private void check(String file, LineCodec codec) throws IOException {
    Optional<byte[]> found = context.disk().readIfPresent(file);
    if (found.isEmpty()) {
      return; // A page that should be there is reported as missing later.
    }
    byte[] page = found.get();
    bytes.add(page.length);
    try {
      new ParsedPage(file, PrayerPageFile.lines(page, codec)).check(page);
    } catch (MalformedLineException e) {
      damaged(
          Finding.error("page-damaged", file, lineOf(page, codec), String.valueOf(e.getMessage())));
    }
  }

  private void damaged(Finding finding) {
    if (beingWritten.isEmpty() || undecided.size() >= UNDECIDED_MAX) {
      error(finding);
    } else {
      undecided.put(finding.file(), finding);
    }
  }

  /**
   * Reports a page as damaged. It can be restored from the logs, unless these have lost changes
   * that no other file has.
   */
  private void error(String code, String file, long line, String message) {
    error(Finding.error(code, file, line, message));
  }

  private void error(Finding finding) {
    context
        .findings()
        .error(
            finding,
            () ->
                FindingCollector.Remedy.of(
                    context.sequence().isAllElsewhere(0, context.head().seq() + 1)));
  }

  /** A page each of whose lines is sound. */
  private final class ParsedPage {
    private final String file;
    private final List<Line> lines;

    ParsedPage(String file, List<Line> lines) {
      this.file = file;
      this.lines = lines;
    }

    void check(byte[] bytes) {
      Optional<Change> added = PrayerPageFile.added(lines);
      if (added.isEmpty()) {
        error("page-differs", file, 0, "no line of it is the prayer's own");
        return;
      }
      String prayer = added.get().row().key();
      String expected = PrayerPageFile.file(prayer, added.get().at());
      if (!expected.equals(file)) {
        error("page-unexpected", file, 0, "holds what belongs in " + expected);
      } else if (isOfOnePrayer(prayer) && hasTheLinesOfTheLogs(prayer)) {
        if (!PrayerPageFile.isRendered(bytes, lines)) {
          error(
              "page-differs",
              file,
              lineAt(bytes, Arrays.mismatch(PrayerPageFile.render(lines), bytes)),
              "is not what the lines at its end make; expected what they make");
        }
      }
    }

    private boolean isOfOnePrayer(String prayer) {
      long before = 0;
      for (Line line : lines) {
        Change change = line.change();
        if (!PrayerPageFile.prayerOf(change).equals(Optional.of(prayer))
            || change.seq() <= before) {
          error(
              "page-differs",
              file,
              0,
              "holds change "
                  + change.seq()
                  + " after change "
                  + before
                  + ", which does not belong there");
          return false;
        }
        before = change.seq();
      }
      return true;
    }

    private boolean hasTheLinesOfTheLogs(String prayer) {
      PrayerLineIndex.Sum expected = prayers.markSeen(Fingerprint.of(prayer));
      PrayerLineIndex.Sum sum = PrayerLineIndex.Sum.NOTHING;
      for (Line line : lines) {
        long seq = line.change().seq();
        long hash = Fingerprint.ofLine(line);
        if (seq > context.sequence().last()) {
          context
              .findings()
              .errorUnlessInUse(
                  Finding.error(
                      "page-ahead",
                      file,
                      0,
                      "holds change "
                          + seq
                          + "; expected none after change "
                          + context.sequence().last()
                          + ", where the journal ends"),
                  () -> FindingCollector.Remedy.NONE);
          return false;
        } else if (context.sequence().line(seq) == hash) {
          sum = seq <= context.head().seq() ? sum.plus(hash) : sum;
        } else if (context.sequence().isLost(seq)) {
          context.sequence().noteElsewhere(seq);
        } else {
          error(
              "page-differs",
              file,
              0,
              "change " + seq + " is not the one that its log has; each is sound by itself");
          return false;
        }
      }
      if (!sum.equals(expected)) {
        error(
            "page-differs",
            file,
            0,
            "holds " + sum.count() + " lines of the logs, expected " + expected.count());
        return false;
      }
      return true;
    }
  }

  /** The first damaged line of a page; 0 if it is not known. */
  private static long lineOf(byte[] bytes, LineCodec codec) throws IOException {
    byte[] record = PrayerPageFile.RECORD.getBytes(StandardCharsets.UTF_8);
    List<Line> good = new ArrayList<>();
    long number = 0;
    boolean inRecord = false;
    try (LineReader in = LineReader.of(bytes, 0, bytes.length)) {
      while (in.next()) {
        number = in.number();
        if (inRecord) {
          if (isCheck(in)) {
            break;
          }
          good.add(Line.ofJournal(codec, in));
        } else {
          inRecord = Arrays.equals(in.bytes(), in.from(), in.to(), record, 0, record.length);
        }
      }
    } catch (MalformedLineException e) {
      return number;
    }
    if (PrayerPageFile.added(good).isEmpty()) {
      return 0;
    }
    return lineAt(bytes, Arrays.mismatch(PrayerPageFile.render(good), bytes));
  }

  private static boolean isCheck(LineReader in) {
    return in.to() - in.from() >= 6
        && new String(in.bytes(), in.from(), 6, StandardCharsets.UTF_8).equals("check|");
  }

  /** The number of the line, from 1, that has an offset. */
  static long lineAt(byte[] bytes, int offset) {
    long line = 1;
    for (int i = 0; i < Math.min(offset, bytes.length); i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
