package org.thywill.archive.check;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.LineCodec;
import org.thywill.archive.format.LineReader;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.archive.format.PrayerPageFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;

/**
 * Reads logs a second time, and only those and only if something has to be named of which the first
 * reading kept a fingerprint: the places of some changes, the paths of pages that are missing, and
 * the rows that refer to nothing.
 */
final class FindingLocator {
  private final CheckContext run;
  private final Collection<TableLogChecker> tables;
  private final PageChecker pages;
  private final LongSet pagesMissing = new LongSet();
  private final Map<Long, Added> added = new ConcurrentHashMap<>();
  private final LongSet wanted = new LongSet();
  private final Map<Long, List<Place>> places = new ConcurrentHashMap<>();

  /** Where a change stands. */
  record Place(String file, long line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** When a prayer whose page was not seen was first written down. */
  private record Added(String prayer, long at) {
    static Added of(Change change) {
      return new Added(change.row().key(), change.at());
    }

    Added earlier(Added other) {
      return other.at < at ? other : this;
    }
  }

  FindingLocator(CheckContext run, Collection<TableLogChecker> tables, PageChecker pages) {
    this.run = run;
    this.tables = tables;
    this.pages = pages;
  }

  /** Looks up what has to be named and reports it. */
  void run(SequenceGapChecker order, PrayerLineIndex prayers, JournalChecker journal)
      throws IOException {
    for (SequenceGapChecker.Spot spot : order.spots()) {
      want(spot.seq());
      want(spot.seq() - 1);
      want(spot.until());
    }
    List<Long> doubled = run.sequence().doubled();
    doubled.forEach(this::want);
    prayers.forEachUnseen(pagesMissing::add);
    journal
        .prayers()
        .forEach(
            (prayer, change) -> {
              if (pagesMissing.contains(prayer)) {
                added.put(prayer, Added.of(change));
              }
            });
    List<CheckContext.Task> tasks = new ArrayList<>();
    for (TableLogChecker table : tables) {
      Look look = new Look(table);
      if (look.isNeeded()) {
        tasks.add(look);
      }
    }
    run.all(tasks);
    order.spots().forEach(spot -> report(order, spot));
    doubled.forEach(this::reportDoubled);
    pages.settle(missingPages());
  }

  /**
   * Reports the pages that are missing. Gives those that are there, not sound, and being written.
   */
  private Set<String> missingPages() throws IOException {
    Set<String> unfinished = new HashSet<>();
    for (Added prayer : added.values()) {
      String page = PrayerPageFile.file(prayer.prayer(), prayer.at());
      if (!run.disk().exists(page)) {
        run.findings()
            .error(
                Finding.error(
                    "page-missing",
                    page,
                    0,
                    "is missing; expected the page of a prayer that the logs or the journal have"),
                () ->
                    FindingCollector.Remedy.of(
                        run.sequence().isAllElsewhere(0, run.head().seq() + 1)));
      } else if (pages.isBeingWritten(prayer.prayer())) {
        unfinished.add(page);
      }
    }
    return unfinished;
  }

  private void want(long seq) {
    if (seq >= 1 && seq <= run.head().seq()) {
      wanted.add(seq);
    }
  }

  private void report(SequenceGapChecker order, SequenceGapChecker.Spot spot) {
    Optional<Place> at = place(spot.seq());
    Optional<Place> before = place(spot.seq() - 1);
    Optional<Place> behind = place(spot.until());
    StringBuilder message = new StringBuilder(spot.message());
    before.ifPresent(
        place ->
            message.append("; change ").append(spot.seq() - 1).append(" stands in ").append(place));
    behind.ifPresent(
        place ->
            message.append("; change ").append(spot.until()).append(" stands in ").append(place));
    String file = at.map(Place::file).or(spot::file).orElse(".");
    long line = at.map(Place::line).orElse(0L);
    run.findings()
        .error(
            Finding.error(spot.code(), file, line, message.toString()), () -> order.remedy(spot));
  }

  private void reportDoubled(long seq) {
    List<Place> all = List.copyOf(places.getOrDefault(seq, List.of()));
    for (Place place : all) {
      List<Place> others = all.stream().filter(other -> !other.equals(place)).toList();
      run.findings()
          .error(
              Finding.error(
                  "seq-doubled",
                  place.file(),
                  place.line(),
                  "change "
                      + seq
                      + " stands here and in "
                      + (others.isEmpty() ? "another log" : others.getFirst().toString())
                      + "; expected it once"),
              () -> FindingCollector.Remedy.NONE);
    }
  }

  private Optional<Place> place(long seq) {
    return places.getOrDefault(seq, List.of()).stream().findFirst();
  }

  /** A second reading of one table's logs. */
  private final class Look implements CheckContext.Task {
    private final TableLogChecker checked;
    private final Table table;
    private final LineCodec codec = new LineCodec();
    private final List<Dangling> danglings = new ArrayList<>();

    Look(TableLogChecker checked) {
      this.checked = checked;
      this.table = checked.table();
      checked
          .referenced()
          .forEach(
              (position, keys) -> {
                LongSet nowhere = nowhere(table.columns().get(position), keys);
                if (nowhere.size() > 0) {
                  danglings.add(new Dangling(position, nowhere));
                }
              });
    }

    boolean isNeeded() {
      return wanted.size() > 0
          || !danglings.isEmpty()
          || table == Catalog.PRAYERS && pagesMissing.size() > 0;
    }

    /**
     * Keys that no present row has. Where the logs of either table are damaged, nothing is said.
     */
    private LongSet nowhere(Column<?> column, LongSet keys) {
      LongSet nowhere = new LongSet();
      Table target = column.target().orElseThrow();
      Optional<TableLogChecker> targets =
          tables.stream().filter(each -> each.table() == target).findFirst();
      if (!checked.isDamaged() && targets.filter(TableLogChecker::isDamaged).isEmpty()) {
        keys.forEach(
            key -> {
              if (targets.isEmpty() || !targets.get().present().contains(key)) {
                nowhere.add(key);
              }
            });
      }
      return nowhere;
    }

    @Override
    public void run() throws IOException {
      for (String file : checked.files()) {
        try (LineReader in = new LineReader(run.disk().read(file, 0), 0, 0)) {
          while (in.next()) {
            if (in.isTerminated() && in.from() < in.to() && in.bytes()[in.from()] != '#') {
              line(file, in);
            }
          }
        } catch (NoSuchFileException e) {
          // Reported when it was first looked for.
        }
      }
      danglings.forEach(Dangling::report);
    }

    private void line(String file, LineReader in) {
      try {
        Change change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
        if (change.seq() > run.head().seq()) {
          return;
        }
        if (wanted.contains(change.seq())) {
          places
              .computeIfAbsent(change.seq(), seq -> new CopyOnWriteArrayList<>())
              .add(new Place(file, in.number()));
        }
        danglings.forEach(dangling -> dangling.look(change, file, in.number()));
        if (table == Catalog.PRAYERS) {
          missingPage(change);
        }
      } catch (MalformedLineException e) {
        // Reported when it was first read.
      }
    }

    private void missingPage(Change change) {
      long prayer = Fingerprint.ofKey(change.row());
      if (pagesMissing.contains(prayer)) {
        added.merge(prayer, Added.of(change), Added::earlier);
      }
    }

    /** One column whose values may lead nowhere. */
    private final class Dangling {
      private final int position;
      private final LongSet nowhere;
      private final SemanticFindings doubts = new SemanticFindings();

      Dangling(int position, LongSet nowhere) {
        this.position = position;
        this.nowhere = nowhere;
      }

      void look(Change change, String file, long line) {
        Column<?> column = table.columns().get(position);
        byte[] key = change.row().utf8(position);
        boolean dangles =
            change.operation() != Operation.REMOVED
                && key != null
                && !TableLogChecker.isTheProgram(column, key)
                && nowhere.contains(Fingerprint.of(key));
        if (dangles) {
          doubts.add(
              Fingerprint.ofKey(change.row()), () -> finding(change.row(), column, file, line));
        } else {
          doubts.clear(Fingerprint.ofKey(change.row()));
        }
      }

      private Finding finding(Row row, Column<?> column, String file, long line) {
        Table target = column.target().orElseThrow();
        return Finding.warning(
                "dangling-reference",
                file,
                line,
                table
                    + "/"
                    + SemanticRules.shown(table, row.key())
                    + " names in "
                    + column.name()
                    + " "
                    + SemanticRules.shown(target, String.valueOf(row.value(position)))
                    + ", which is not in "
                    + target
                    + "; expected a row that is there")
            .next(Finding.REPORT);
      }

      void report() {
        doubts.report(run.findings());
      }
    }
  }
}
