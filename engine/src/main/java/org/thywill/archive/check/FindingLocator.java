package org.thywill.archive.check;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Reads logs a second time to name what the first reading kept only as a fingerprint.
 *
 * <p>It finds the lines of some changes, the paths of missing pages, and the rows with references
 * to missing rows. Only the logs that are needed are read.
 */
final class FindingLocator {
  private final CheckContext context;
  private final Collection<TableLogChecker> tables;
  private final PageChecker pages;
  private final LongSet pagesMissing = new LongSet();
  private final Map<Long, AddedPrayer> added = new ConcurrentHashMap<>();
  private final LongSet wanted = new LongSet();
  private final Map<Long, List<LinePosition>> positions = new ConcurrentHashMap<>();

  /** The line that has a change. */
  record LinePosition(String file, long line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** A prayer whose page was not seen, and when it was added. */
  private record AddedPrayer(String prayer, long at) {
    static AddedPrayer of(Change change) {
      return new AddedPrayer(change.row().key(), change.at());
    }

    AddedPrayer earlier(AddedPrayer other) {
      return other.at < at ? other : this;
    }
  }

  FindingLocator(CheckContext context, Collection<TableLogChecker> tables, PageChecker pages) {
    this.context = context;
    this.tables = tables;
    this.pages = pages;
  }

  /** Finds what has to be named, and reports it. */
  void run(SequenceGapChecker order, PrayerLineIndex prayers, JournalChecker journal)
      throws IOException {
    for (SequenceGapChecker.Spot spot : order.spots()) {
      want(spot.seq());
      want(spot.seq() - 1);
      want(spot.until());
    }
    List<Long> doubled = context.sequence().doubled();
    doubled.forEach(this::want);
    prayers.forEachUnseen(pagesMissing::add);
    journal
        .prayers()
        .forEach(
            (prayer, change) -> {
              if (pagesMissing.contains(prayer)) {
                added.put(prayer, AddedPrayer.of(change));
              }
            });
    List<CheckContext.Task> tasks = new ArrayList<>();
    for (TableLogChecker table : tables) {
      SecondReading reading = new SecondReading(table);
      if (reading.isNeeded()) {
        tasks.add(reading);
      }
    }
    context.all(tasks);
    order.spots().forEach(spot -> report(order, spot));
    doubled.forEach(this::reportDoubled);
    pages.resolveUndecided(missingPages());
  }

  /** Reports the missing pages, and returns those that are there, not sound, and being written. */
  private Set<String> missingPages() throws IOException {
    Set<String> unfinished = new HashSet<>();
    for (AddedPrayer prayer : added.values()) {
      String page = PrayerPageFile.file(prayer.prayer(), prayer.at());
      if (!context.disk().exists(page)) {
        context
            .findings()
            .error(
                Finding.error(
                    "page-missing",
                    page,
                    0,
                    "is missing; expected the page of a prayer that the logs or the journal have"),
                () ->
                    FindingCollector.Remedy.of(
                        context.sequence().isAllElsewhere(0, context.head().seq() + 1)));
      } else if (pages.isBeingWritten(prayer.prayer())) {
        unfinished.add(page);
      }
    }
    return unfinished;
  }

  private void want(long seq) {
    if (seq >= 1 && seq <= context.head().seq()) {
      wanted.add(seq);
    }
  }

  private void report(SequenceGapChecker order, SequenceGapChecker.Spot spot) {
    Optional<LinePosition> at = position(spot.seq());
    Optional<LinePosition> before = position(spot.seq() - 1);
    Optional<LinePosition> after = position(spot.until());
    StringBuilder message = new StringBuilder(spot.message());
    before.ifPresent(
        position ->
            message.append("; change ").append(spot.seq() - 1).append(" is in ").append(position));
    after.ifPresent(
        position ->
            message.append("; change ").append(spot.until()).append(" is in ").append(position));
    String file = at.map(LinePosition::file).orElse(Objects.requireNonNullElse(spot.file(), "."));
    long line = at.map(LinePosition::line).orElse(0L);
    context
        .findings()
        .error(
            Finding.error(spot.code(), file, line, message.toString()), () -> order.remedy(spot));
  }

  private void reportDoubled(long seq) {
    List<LinePosition> all = List.copyOf(positions.getOrDefault(seq, List.of()));
    for (LinePosition position : all) {
      List<LinePosition> others = all.stream().filter(other -> !other.equals(position)).toList();
      context
          .findings()
          .error(
              Finding.error(
                  "seq-doubled",
                  position.file(),
                  position.line(),
                  "change "
                      + seq
                      + " is here and in "
                      + (others.isEmpty() ? "another log" : others.getFirst().toString())
                      + "; expected it once"),
              () -> FindingCollector.Remedy.NONE);
    }
  }

  private Optional<LinePosition> position(long seq) {
    return positions.getOrDefault(seq, List.of()).stream().findFirst();
  }

  /** A second reading of one table's logs. */
  private final class SecondReading implements CheckContext.Task {
    private final TableLogChecker checked;
    private final Table table;
    private final LineCodec codec = new LineCodec();
    private final List<DanglingColumn> danglings = new ArrayList<>();

    SecondReading(TableLogChecker checked) {
      this.checked = checked;
      this.table = checked.table();
      checked
          .referenced()
          .forEach(
              (position, keys) -> {
                LongSet missing = missing(table.columns().get(position), keys);
                if (missing.size() > 0) {
                  danglings.add(new DanglingColumn(position, missing));
                }
              });
    }

    boolean isNeeded() {
      return wanted.size() > 0
          || !danglings.isEmpty()
          || table == Catalog.PRAYERS && pagesMissing.size() > 0;
    }

    /** The keys that no present row has; none if the logs of either table are damaged. */
    private LongSet missing(Column<?> column, LongSet keys) {
      LongSet missing = new LongSet();
      Table target = column.target().orElseThrow();
      Optional<TableLogChecker> targets =
          tables.stream().filter(each -> each.table() == target).findFirst();
      if (!checked.isDamaged() && targets.filter(TableLogChecker::isDamaged).isEmpty()) {
        keys.forEach(
            key -> {
              if (targets.isEmpty() || !targets.get().present().contains(key)) {
                missing.add(key);
              }
            });
      }
      return missing;
    }

    @Override
    public void run() throws IOException {
      for (String file : checked.files()) {
        try (LineReader in = new LineReader(context.disk().read(file, 0), 0, 0)) {
          while (in.next()) {
            if (in.isTerminated() && in.from() < in.to() && in.bytes()[in.from()] != '#') {
              line(file, in);
            }
          }
        } catch (NoSuchFileException e) {
          // The first reading has reported it.
        }
      }
      danglings.forEach(DanglingColumn::report);
    }

    private void line(String file, LineReader in) {
      try {
        Change change = codec.decodeLog(table, in.bytes(), in.from(), in.to());
        if (change.seq() > context.head().seq()) {
          return;
        }
        if (wanted.contains(change.seq())) {
          positions
              .computeIfAbsent(change.seq(), seq -> new CopyOnWriteArrayList<>())
              .add(new LinePosition(file, in.number()));
        }
        danglings.forEach(dangling -> dangling.check(change, file, in.number()));
        if (table == Catalog.PRAYERS) {
          missingPage(change);
        }
      } catch (MalformedLineException e) {
        // The first reading has reported it.
      }
    }

    private void missingPage(Change change) {
      long prayer = Fingerprint.ofKey(change.row());
      if (pagesMissing.contains(prayer)) {
        added.merge(prayer, AddedPrayer.of(change), AddedPrayer::earlier);
      }
    }

    /** A column that may refer to missing rows. */
    private final class DanglingColumn {
      private final int position;
      private final LongSet missing;
      private final SemanticFindings semanticFindings = new SemanticFindings();

      DanglingColumn(int position, LongSet missing) {
        this.position = position;
        this.missing = missing;
      }

      void check(Change change, String file, long line) {
        Column<?> column = table.columns().get(position);
        byte[] key = change.row().utf8(position);
        boolean dangles =
            change.operation() != Operation.REMOVED
                && key != null
                && !TableLogChecker.isTheProgram(column, key)
                && missing.contains(Fingerprint.of(key));
        if (dangles) {
          semanticFindings.add(
              Fingerprint.ofKey(change.row()), () -> finding(change.row(), column, file, line));
        } else {
          semanticFindings.clear(Fingerprint.ofKey(change.row()));
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
        semanticFindings.report(context.findings());
      }
    }
  }
}
