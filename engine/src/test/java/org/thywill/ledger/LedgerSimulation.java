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
import org.thywill.catalog.Values;
import org.thywill.ledger.ReferenceModel.Fact;
import org.thywill.ledger.ReferenceModel.Plan;
import org.thywill.ledger.ReferenceModel.Step;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;

/** A ledger on a simulated disk, compared with a model of what was acknowledged. */
final class LedgerSimulation {
  private static final String VIEW = "community.db";
  private static final String OLD_VIEW = "old";
  private static final long STEP_NANOS_MAX = 90_000_000_000L;
  private static final int COMMIT_MAX = 4;
  private static final int OPENS_MAX = 10;

  private final Path folder;
  private final WorkloadGenerator workload;
  private final RandomGenerator random;
  private Disk disk;
  private Instant clock;
  private ReferenceModel model;
  private List<ReferenceModel> alternatives = new ArrayList<>();
  private final List<String> viewChanges = new ArrayList<>();
  private boolean isViewScanned;
  private boolean failuresExpected;
  private int failures;
  private @Nullable IOException lastFailure;
  private @Nullable LedgerCore core;

  /** A simulation whose archive has not been created. */
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
    this.workload = new WorkloadGenerator(random);
    this.model = model;
    this.alternatives.addAll(alternatives);
    this.clock = clock;
  }

  /** A simulation that continues with what is left of this one, with its own random numbers. */
  LedgerSimulation after(Disk survivor, Path otherFolder, long seed) {
    return new LedgerSimulation(survivor, otherFolder, seed, model, alternatives, clock);
  }

  /** Sets whether, from now on, writes and checkpoints may fail. */
  void expectFailures(boolean expected) {
    failuresExpected = expected;
  }

  /** Whether an expected failure has happened. */
  boolean hasFailed() {
    return failures > 0;
  }

  /** How many expected failures have happened. */
  int failures() {
    return failures;
  }

  Instant clock() {
    return clock;
  }

  ReferenceModel model() {
    return model;
  }

  Path view() {
    return folder.resolve(VIEW);
  }

  /** Runs steps one after the other; before each, the clock moves on by less than 90 seconds. */
  void play(List<SimulationStep> steps) throws IOException {
    for (SimulationStep step : steps) {
      clock = clock.plus(Duration.ofNanos(random.nextLong(STEP_NANOS_MAX)));
      switch (step) {
        case CREATE -> create();
        case OPEN -> openWithRetries();
        case COMMIT -> commit(1 + random.nextInt(COMMIT_MAX));
        case COMMIT_TWELVE -> commit(12);
        case CHECKPOINT -> mayFail(() -> core().checkpoint());
        case CHECKPOINT_DURING_COMMITS -> mayFail(this::checkpointDuringCommits);
        case CLOSE -> mayFail(this::close);
        case ABANDON -> abandon();
        case ADVANCE_MONTH -> clock = clock.plus(Duration.ofDays(28));
        case SET_CLOCK_BACK -> clock = clock.minus(Duration.ofHours(30));
        case KEEP_VIEW_COPY -> copyView(folder.resolve(OLD_VIEW));
        case CHANGE_VIEW -> changeView();
      }
    }
  }

  private void create() throws IOException {
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", Timestamps.micros(clock)));
  }

  /** A step that may fail, and must do no harm then. */
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

  /** Opens, and tries again after a failure, which must do no harm. */
  private void openWithRetries() throws IOException {
    for (int attempts = 0; core == null && attempts < OPENS_MAX; attempts++) {
      mayFail(this::open);
    }
    if (core == null) {
      throw new AssertionError("cannot be opened at all", lastFailure);
    }
  }

  private LedgerCore core() {
    return Optional.ofNullable(core).orElseThrow();
  }

  /** Opens the archive. Its content must be one of the possible states, which becomes the model. */
  void open() throws IOException {
    LedgerCore opened =
        LedgerCore.open(disk, new ViewFile(view()), () -> clock, ProgressListener.NONE);
    core = opened;
    if (opened.takeScanWish() && isViewScanned) {
      opened.beginScan().run();
      opened.endScan();
    }
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

  /** Copies a checkpoint between commits, as another thread would. */
  private void checkpointDuringCommits() throws IOException {
    Runnable checkpoint = core().beginCheckpoint();
    commit(1 + random.nextInt(3));
    if (random.nextInt(4) > 0) {
      checkpoint.run();
    }
    commit(1 + random.nextInt(3));
    if (core().isCheckpointRunning()) {
      core().endCheckpoint();
    }
  }

  private void commit(int count) throws IOException {
    long atMicros = Math.max(Timestamps.micros(clock), core().archive().lastAt());
    ReferenceModel after = model.copy();
    List<Plan> plans = new ArrayList<>();
    List<Optional<Receipt>> expected = new ArrayList<>();
    List<ReferenceModel> possible = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Plan plan = workload.next(after);
      plans.add(plan);
      expected.add(plan.isRefused() ? Optional.empty() : Optional.of(after.apply(plan, atMicros)));
      possible.add(after.copy());
    }
    alternatives.addAll(possible);
    List<LedgerCore.Outcome> outcomes =
        core().commit(plans.stream().map(LedgerSimulation::call).toList());
    assertThat(outcomes).hasSize(count);
    boolean isSaved = outcomes.stream().noneMatch(LedgerSimulation::isNotSaved);
    assertThat(isSaved || failuresExpected).as("outcomes %s", outcomes).isTrue();
    for (int i = 0; i < count; i++) {
      boolean changes =
          expected.get(i).filter(receipt -> receipt.last() > model.lastSeq()).isPresent();
      switch (outcomes.get(i)) {
        case LedgerCore.Outcome.Done(Receipt receipt) -> {
          assertThat(Optional.of(receipt)).isEqualTo(expected.get(i));
          assertThat(isSaved || !changes)
              .as("change %s was acknowledged although the batch was not saved", receipt)
              .isTrue();
        }
        case LedgerCore.Outcome.Failed(Throwable cause) ->
            assertThat(expected.get(i).isEmpty() || cause instanceof WriteFailedException)
                .as("%s was refused: %s", plans.get(i), cause)
                .isTrue();
      }
    }
    if (isSaved && after.lastSeq() > model.lastSeq()) {
      model = after;
      alternatives.clear();
    } else if (!isSaved) {
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
              case Step.Change(Row before, Values values) ->
                  tx.change(before.table(), before.key(), values);
              case Step.Remove(Row row) -> tx.remove(row.table(), row.key());
              case Step.Refused(TransactionBody body) -> body.run(tx);
            }
          }
        });
  }

  private void close() throws IOException {
    LedgerCore open = core();
    core = null;
    open.close();
  }

  /** Closes files without a checkpoint, as the end of a process does. */
  void abandon() throws IOException {
    if (core != null) {
      LedgerCore open = core;
      core = null;
      open.abandon();
    }
  }

  /** Changes the view, which may be open; if it is closed, its next start must notice. */
  private void changeView() throws IOException {
    if (Files.exists(view())) {
      viewChanges.add(ViewVandal.change(view(), folder.resolve(OLD_VIEW).resolve(VIEW), random));
    }
  }

  /** Compares the view after each start that wants it, as a ledger with threads does soon. */
  LedgerSimulation scanningView() {
    isViewScanned = true;
    return this;
  }

  /** What was done to the view, in order. */
  List<String> viewChanges() {
    return viewChanges;
  }

  /** Copies the view with its side files; it may be open. */
  void copyView(Path target) throws IOException {
    copyView(folder, target);
  }

  /** Copies the view that {@link SimulationStep#KEEP_VIEW_COPY} kept, if there is one. */
  void copyOldView(Path target) throws IOException {
    copyView(folder.resolve(OLD_VIEW), target);
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
   * Opens what survived, and checks it against the model. Creates the archive if its creation had
   * not been acknowledged.
   */
  void recover() throws IOException {
    if (!ArchiveIdentity.isPresent(disk)) {
      assertThat(model.history()).as("acknowledged changes of an archive that is gone").isEmpty();
      create();
    }
    open();
    compareView();
  }

  /** Writes, closes, opens again, and checks view, pages and snapshots. */
  void continueAndCheck() throws IOException {
    play(List.of(SimulationStep.COMMIT));
    close();
    assertThat(ArchiveProbe.wrongPagesAndSnapshots(disk)).isEmpty();
    open();
    assertThat(core().findings()).isEmpty();
    compareView();
  }

  /** Compares the view with the model: its digest, all rows, all idempotency keys. */
  void compareView() throws IOException {
    assertThat(core().digest()).isEqualTo(model.digest());
    try (SqliteReader reader = SqliteReader.open(view())) {
      compareRows(reader);
    }
  }

  /**
   * Compares a view that is rebuilt from the archive with the model; its digest is computed from
   * the rows.
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
                  .map(seqs -> new Receipt(seqs.first(), seqs.last(), false)))
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
