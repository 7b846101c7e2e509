package org.thywill.archive.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
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

/**
 * Checks every page against the logs: its lines are those that name its prayer, all of them, and
 * the whole page is what these lines make. A page may be ahead of the checkpoint if the journal has
 * the lines: then a checkpoint was stopped before its end.
 */
final class PageChecker {
  private static final int PAGES_AT_ONCE = 512;
  private static final int UNDECIDED_MAX = 10_000;

  private final CheckContext run;
  private final PrayerLineIndex prayers;
  private final PartProgress progress;
  private final Set<String> beingWritten = new HashSet<>();
  private final Set<String> addedInTail = new HashSet<>();
  private final Map<String, Finding> undecided = new ConcurrentHashMap<>();
  private final LongAdder bytes = new LongAdder();

  PageChecker(CheckContext run, PrayerLineIndex prayers, PartProgress progress) {
    this.run = run;
    this.prayers = prayers;
    this.progress = progress;
    for (Line line : run.tail().lines()) {
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
   * Whether a change behind the checkpoint names a prayer, so that a checkpoint that was stopped
   * may have left its page in any state.
   */
  boolean isBeingWritten(String prayer) {
    return beingWritten.contains(prayer);
  }

  /**
   * Decides about damaged pages: one that an unfinished checkpoint was writing is no damage, since
   * the journal still says that it has to be written.
   *
   * @param unfinished the pages of prayers up to the checkpoint that changes behind it name
   */
  void settle(Set<String> unfinished) {
    undecided.forEach(
        (file, finding) -> {
          if (unfinished.contains(file) || addedInTail.contains(file)) {
            run.findings()
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
    run.all(tasks);
  }

  private void check(String file, LineCodec codec) throws IOException {
    byte[] page;
    try (InputStream in = run.disk().read(file, 0)) {
      page = in.readAllBytes();
    } catch (NoSuchFileException e) {
      return; // nobody takes a page away while an archive is in use; if one should be there, it is
      // reported as missing
    }
    bytes.add(page.length);
    try {
      new Found(file, PrayerPageFile.lines(page, codec)).check(page);
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
   * A page can always be made again from the logs, unless these have lost something that nothing
   * else has.
   */
  private void error(String code, String file, long line, String message) {
    error(Finding.error(code, file, line, message));
  }

  private void error(Finding finding) {
    run.findings()
        .error(
            finding,
            () ->
                FindingCollector.Remedy.of(run.sequence().isAllElsewhere(0, run.head().seq() + 1)));
  }

  /** A page whose lines are sound by themselves. */
  private final class Found {
    private final String file;
    private final List<Line> lines;

    Found(String file, List<Line> lines) {
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
        byte[] whole = PrayerPageFile.render(lines);
        if (!Arrays.equals(whole, bytes)) {
          error(
              "page-differs",
              file,
              lineAt(bytes, Arrays.mismatch(whole, bytes)),
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
                  + " behind change "
                  + before
                  + ", which does not belong there");
          return false;
        }
        before = change.seq();
      }
      return true;
    }

    private boolean hasTheLinesOfTheLogs(String prayer) {
      PrayerLineIndex.Sum expected = prayers.see(Fingerprint.of(prayer));
      PrayerLineIndex.Sum sum = PrayerLineIndex.Sum.NOTHING;
      for (Line line : lines) {
        long seq = line.change().seq();
        long hash = Fingerprint.ofLine(line);
        if (seq > run.sequence().last()) {
          run.findings()
              .errorUnlessInUse(
                  Finding.error(
                      "page-ahead",
                      file,
                      0,
                      "holds change "
                          + seq
                          + "; expected none behind change "
                          + run.sequence().last()
                          + ", where the journal ends"),
                  () -> FindingCollector.Remedy.NONE);
          return false;
        } else if (run.sequence().line(seq) == hash) {
          sum = seq <= run.head().seq() ? sum.plus(hash) : sum;
        } else if (run.sequence().isLost(seq)) {
          run.sequence().witness(seq);
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

  /** The first line of a damaged page that is not as it was written, if that can be told. */
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

  static long lineAt(byte[] bytes, int offset) {
    long line = 1;
    for (int i = 0; i < Math.min(offset, bytes.length); i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
