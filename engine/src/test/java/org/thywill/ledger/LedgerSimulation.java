package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.ledger.ReferenceModel.Fact;
import org.thywill.ledger.ReferenceModel.Plan;
import org.thywill.ledger.ReferenceModel.Step;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/**
 * A community on a disk, with its view in a folder and a model beside it that knows what was
 * acknowledged.
 */
final class LedgerSimulation {
  private static final String VIEW = "community.db";

  private final Path folder;
  private final WorkloadGenerator wishes;
  private final RandomGenerator random;
  private Disk disk;
  private Instant clock;
  private ReferenceModel model;
  private List<ReferenceModel> alternatives = new ArrayList<>();
  private boolean failuresExpected;
  private int failures;
  private @Nullable IOException lastFailure;
  private @Nullable LedgerCore core;

  /** A world in which nothing has happened, not even its founding. */
  LedgerSimulation(Disk disk, Path folder, long seed) {
    this(
        disk,
        folder,
        seed,
        new ReferenceModel(),
        List.of(),
        Instant.parse("2024-01-30T23:50:00.123456Z"));
  }

  private LedgerSimulation(
      Disk disk,
      Path folder,
      long seed,
      ReferenceModel model,
      List<ReferenceModel> alternatives,
      Instant clock) {
    this.disk = disk;
    this.folder = folder;
    this.random = Seeds.random(seed);
    this.wishes = new WorkloadGenerator(random);
    this.model = model;
    this.alternatives.addAll(alternatives);
    this.clock = clock;
  }

  /**
   * What may be left of this world on another disk and in another folder, with wishes of its own.
   */
  LedgerSimulation after(Disk survivor, Path otherFolder, long seed) {
    return new LedgerSimulation(survivor, otherFolder, seed, model, alternatives, clock);
  }

  /** Whether, from now on, a call may be told that it was not saved, and a checkpoint may fail. */
  void expectFailures(boolean expected) {
    failuresExpected = expected;
  }

  /** Whether a failure that was expected has happened. */
  boolean hasFailed() {
    return failures > 0;
  }

  ReferenceModel model() {
    return model;
  }

  Path view() {
    return folder.resolve(VIEW);
  }

  /**
   * Plays a script: {@code F} found, {@code O} open, {@code c} commit a few wishes, {@code b}
   * commit many, {@code k} checkpoint, {@code K} checkpoint while commits go on, {@code X} close,
   * {@code A} abandon, {@code m} a month passes, {@code w} the clock goes back, {@code B} keep a
   * copy of the view as it is.
   */
  void play(String script) throws IOException {
    for (int i = 0; i < script.length(); i++) {
      char step = script.charAt(i);
      clock = clock.plus(Duration.ofNanos(random.nextLong(90_000_000_000L)));
      switch (step) {
        case 'F' -> found();
        case 'O' -> openAtLast();
        case 'c' -> commit(1 + random.nextInt(4));
        case 'b' -> commit(12);
        case 'k' -> mayFail(() -> core().checkpoint());
        case 'K' -> mayFail(this::checkpointMeanwhile);
        case 'X' -> mayFail(this::close);
        case 'A' -> abandon();
        case 'm' -> clock = clock.plus(Duration.ofDays(28));
        case 'w' -> clock = clock.minus(Duration.ofHours(30));
        case 'B' -> copyView(folder.resolve("behind"));
        case ' ' -> {}
        default -> throw new IllegalArgumentException("no step " + step);
      }
    }
  }

  private void found() throws IOException {
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", Timestamps.micros(clock)));
  }

  /** A step that may fail, and does no harm when it does. */
  private interface Attempt {
    void run() throws IOException;
  }

  private void mayFail(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (IOException e) {
      if (!failuresExpected) {
        throw e;
      }
      failures++;
      lastFailure = e;
    }
  }

  /** An opening that failed is tried again, and must not have made anything worse. */
  private void openAtLast() throws IOException {
    for (int attempts = 0; core == null && attempts < 10; attempts++) {
      mayFail(this::open);
    }
    if (core == null) {
      throw new AssertionError("cannot be opened at all", lastFailure);
    }
  }

  private LedgerCore core() {
    return Optional.ofNullable(core).orElseThrow();
  }

  /**
   * Opens what is there; what is found must be one of the states that are possible, and is taken
   * for the only one from now on.
   */
  void open() throws IOException {
    core = LedgerCore.open(disk, new ViewFile(view()), () -> clock, ProgressListener.NONE);
    adopt();
  }

  private void adopt() throws IOException {
    List<Change> changes = ArchiveProbe.changes(disk);
    List<Fact> found = changes.stream().map(Fact::of).toList();
    if (!found.equals(model.history())) {
      model =
          alternatives.stream()
              .filter(alternative -> alternative.history().equals(found))
              .findFirst()
              .orElseThrow(
                  () ->
                      new AssertionError(
                          "acknowledged: "
                              + model
                              + ", possible: "
                              + alternatives
                              + ", found: "
                              + found.size()
                              + " changes, equal up to change "
                              + equalUpTo(found)));
    }
    alternatives.clear();
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i).seq()).isEqualTo(i + 1L);
      assertThat(changes.get(i).stamp().durableSeq()).isLessThan(changes.get(i).stamp().first());
      assertThat(i == 0 || changes.get(i).at() >= changes.get(i - 1).at()).isTrue();
    }
    assertThat(core().archive().lastSeq()).isEqualTo(changes.size());
  }

  private int equalUpTo(List<Fact> found) {
    int same = 0;
    while (same < Math.min(found.size(), model.history().size())
        && found.get(same).equals(model.history().get(same))) {
      same++;
    }
    return same;
  }

  /** What another thread does comes between the commits of this one. */
  private void checkpointMeanwhile() throws IOException {
    Runnable copying = core().beginCheckpoint();
    commit(1 + random.nextInt(3));
    if (random.nextInt(4) > 0) {
      copying.run();
    }
    commit(1 + random.nextInt(3));
    if (core().isCheckpointRunning()) {
      core().endCheckpoint();
    }
  }

  private void commit(int count) throws IOException {
    long at = Math.max(Timestamps.micros(clock), core().archive().lastAt());
    ReferenceModel after = model.copy();
    List<Plan> plans = new ArrayList<>();
    List<Optional<Receipt>> expected = new ArrayList<>();
    List<ReferenceModel> possible = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Plan plan = wishes.next(after);
      plans.add(plan);
      expected.add(plan.isRefused() ? Optional.empty() : Optional.of(after.apply(plan, at)));
      possible.add(after.copy());
    }
    alternatives.addAll(possible);
    List<LedgerCore.Outcome> outcomes =
        core().commit(plans.stream().map(LedgerSimulation::call).toList());
    assertThat(outcomes).hasSize(count);
    boolean saved = outcomes.stream().noneMatch(LedgerSimulation::isNotSaved);
    assertThat(saved || failuresExpected).as("outcomes %s", outcomes).isTrue();
    for (int i = 0; i < count; i++) {
      boolean changes =
          expected.get(i).filter(receipt -> receipt.last() > model.lastSeq()).isPresent();
      switch (outcomes.get(i)) {
        case LedgerCore.Outcome.Done(Receipt receipt) -> {
          assertThat(Optional.of(receipt)).isEqualTo(expected.get(i));
          assertThat(saved || !changes)
              .as("told of change %s although the batch was not saved", receipt)
              .isTrue();
        }
        case LedgerCore.Outcome.Failed(Throwable cause) ->
            assertThat(expected.get(i).isEmpty() || cause instanceof WriteFailedException)
                .as("%s was refused: %s", plans.get(i), cause)
                .isTrue();
      }
    }
    if (saved && after.lastSeq() > model.lastSeq()) {
      model = after;
      alternatives.clear();
    } else if (!saved) {
      failures++;
      compareView();
    }
    assertThat(core().digest()).isEqualTo(model.digest());
  }

  private static boolean isNotSaved(LedgerCore.Outcome outcome) {
    return outcome instanceof LedgerCore.Outcome.Failed(WriteFailedException cause);
  }

  private static LedgerCore.Call call(Plan plan) {
    return new LedgerCore.Call(
        plan.cause(),
        tx -> {
          for (Step step : plan.steps()) {
            switch (step) {
              case Step.Add(Row row) -> tx.add(row);
              case Step.Change(Row before, Map<String, ? extends @Nullable Object> values) ->
                  tx.change(before.table(), before.key(), values);
              case Step.Remove(Row row) -> tx.remove(row.table(), row.key());
              case Step.Refused(TransactionBody work) -> work.run(tx);
            }
          }
        });
  }

  private void close() throws IOException {
    LedgerCore open = core();
    core = null;
    open.close();
  }

  /** Lets go of everything as it is, as the end of a process does. */
  void abandon() throws IOException {
    if (core != null) {
      LedgerCore open = core;
      core = null;
      open.abandon();
    }
  }

  /** Copies the view with its side files, also while it is open. */
  void copyView(Path target) throws IOException {
    copyView(folder, target);
  }

  /** Copies what the script kept as an older view, if it did. */
  void copyViewBehind(Path target) throws IOException {
    copyView(folder.resolve("behind"), target);
  }

  private static void copyView(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (String name : List.of(VIEW, VIEW + "-wal")) {
      Files.deleteIfExists(to.resolve(name));
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
  }

  /**
   * Opens what survived (founding it anew if not even that had been acknowledged) and looks whether
   * it is all that it must be.
   */
  void recover() throws IOException {
    if (!ArchiveIdentity.isPresent(disk)) {
      assertThat(model.history()).as("acknowledged changes of an archive that is gone").isEmpty();
      found();
    }
    open();
    compareView();
  }

  /**
   * Goes on writing, closes, opens again, and looks whether everything is still as it must be:
   * view, pages, snapshots.
   */
  void goOn() throws IOException {
    play("c");
    close();
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(disk)).isEmpty();
    open();
    assertThat(core().findings()).isEmpty();
    compareView();
  }

  /** The view against the model: the digest that it keeps, every row, every request. */
  void compareView() throws IOException {
    assertThat(core().digest()).isEqualTo(model.digest());
    try (SqliteReader reader = SqliteReader.open(view())) {
      compareRows(reader);
    }
  }

  /**
   * A view that is built from the archive alone, against the model; its digest is computed from the
   * rows.
   */
  void compareRebuilt() throws IOException {
    Path scratch = folder.resolve("rebuilt.db");
    Files.deleteIfExists(scratch);
    Rebuild.Result result =
        Rebuild.into(scratch, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE);
    assertThat(result.digest()).isEqualTo(model.digest());
    try (SqliteReader reader = SqliteReader.open(scratch)) {
      assertThat(reader.computeDigest()).isEqualTo(model.digest());
      compareRows(reader);
    }
    Files.delete(scratch);
  }

  private void compareRows(SqliteReader reader) throws IOException {
    assertThat(reader.state().digest()).isEqualTo(model.digest());
    assertThat(reader.state().seq()).isEqualTo(model.lastSeq());
    for (Table table : model.tables()) {
      Map<String, Row> rows = new TreeMap<>();
      reader.forEach(table, row -> rows.put(row.key(), row));
      assertThat(rows).isEqualTo(model.rows(table));
    }
    for (Map.Entry<String, Receipt> request : model.requests().entrySet()) {
      assertThat(
              reader
                  .request(request.getKey())
                  .map(bounds -> new Receipt(bounds[0], bounds[1], false)))
          .contains(request.getValue());
    }
  }

  static void deleteAll(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
