package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.ArchiveExtension;
import org.thywill.ledger.Transaction;
import org.thywill.ledger.TransactionBody;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.JoinPlan.RowKey;
import org.thywill.simulation.SimulatedDisk;

/**
 * Three folders with archives of one community in memory, and operators who copy, put back older
 * ones, unplug disks, and let servers write to any of them. Beside each archive stands a model of
 * what was acknowledged there.
 */
final class ForkWorld {
  private static final List<Path> FOLDERS = List.of(Path.of("main"), Path.of("p1"), Path.of("p2"));
  private static final Path MAIN = FOLDERS.getFirst();
  private static final int SHARED_ROWS = 3;
  private static final long SECOND = 1_000_000;

  private final RandomGenerator random;
  private final boolean isGuarded;
  private final List<JoinDecisions> decisions;
  private final Map<Path, Site> sites = new LinkedHashMap<>();
  private final Set<Path> hidden = new HashSet<>();

  /** Archives that were replaced, and lie in a drawer. */
  private final List<Site> drawer = new ArrayList<>();

  private final Map<String, Integer> seen;
  private final Set<String> acknowledged = new HashSet<>();
  private long nowMicros = 1_700_000_000_000_000L;
  private int made;

  /** An archive, and the model of it. */
  private static final class Site {
    private final SimulatedDisk disk;

    /** For each change something that no other change has. */
    private final List<String> history = new ArrayList<>();

    /** The transactions that it has, in whatever history they were made. */
    private final Set<String> origins = new HashSet<>();

    private final Map<RowKey, Row> rows = new HashMap<>();

    Site(SimulatedDisk disk) {
      this.disk = disk;
    }

    Site copy() {
      Site copy = new Site(disk.copy());
      copy.follow(this);
      return copy;
    }

    void follow(Site other) {
      history.clear();
      history.addAll(other.history);
      origins.clear();
      origins.addAll(other.origins);
      rows.clear();
      rows.putAll(other.rows);
    }
  }

  /**
   * Creates a world with an archive and two copies of it.
   *
   * @param isGuarded whether servers ask the places before they write
   * @param decisions one of which every join gets
   * @param seen counts what has happened
   */
  ForkWorld(
      RandomGenerator random,
      boolean isGuarded,
      List<JoinDecisions> decisions,
      Map<String, Integer> seen)
      throws IOException {
    this.random = random;
    this.isGuarded = isGuarded;
    this.decisions = decisions;
    this.seen = seen;
    SimulatedDisk disk = new SimulatedDisk();
    Site site = new Site(disk);
    ArchiveIdentity identity = new ArchiveIdentity("c0ffee", nowMicros);
    try (BulkArchiveWriter writer = new BulkArchiveWriter(disk, identity)) {
      int changes = random.nextInt(5);
      for (int i = 0; i < changes; i++) {
        String label = label();
        Row row = flag("first" + i, label);
        nowMicros += SECOND;
        writer.add(List.of(row), nowMicros, Change.Cause.by("anna"));
        site.rows.put(RowKey.of(row), row);
        site.history.add(label);
        site.origins.add(label);
      }
      writer.finish();
    }
    sites.put(MAIN, site);
    FOLDERS.forEach(folder -> sites.putIfAbsent(folder, site.copy()));
  }

  private String label() {
    made++;
    String label = "<" + made + ">";
    acknowledged.add(label);
    return label;
  }

  private static Row flag(String name, String label) {
    return Row.in(Catalog.FEATURE_FLAGS)
        .set(Catalog.FeatureFlags.NAME, name)
        .set(Catalog.FeatureFlags.ENABLED, true)
        .set(Catalog.FeatureFlags.DETAILS, label)
        .build();
  }

  private void count(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  /** Does one thing. */
  void step() throws IOException {
    Path place = FOLDERS.get(1 + random.nextInt(2));
    switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> serve(MAIN);
      case 4 -> serve(place);
      case 5, 6 -> copyTo(place);
      case 7 -> putBack(place);
      case 8 -> hide(place);
      case 9 -> takeFromDrawer(place);
      case 10 -> bringTogether(FOLDERS.get(random.nextInt(FOLDERS.size())));
      default -> hidden.clear();
    }
  }

  private void hide(Path place) {
    hidden.add(place);
    if (random.nextInt(3) == 0) {
      hidden.addAll(FOLDERS.subList(1, FOLDERS.size()));
    }
  }

  /** A server starts on an archive, and writes if it may. */
  private void serve(Path folder) throws IOException {
    if (hidden.contains(folder)) {
      return;
    }
    Site site = site(folder);
    if (isGuarded) {
      List<PlaceGuard.Answer> answers = ask(folder);
      try {
        PlaceGuard.require(answers);
      } catch (NoPlaceReachedException e) {
        count("unreached");
        if (random.nextInt(3) > 0) {
          return;
        }
        count("alone");
      } catch (OperationRefusedException e) {
        count("refused");
        assertThat(lacking(folder)).as("refused without a reason: " + e.getMessage()).isNotEmpty();
        return;
      }
    }
    assertThat(lacking(folder)).as("what the places have and the writer lacks").isEmpty();
    write(site, random.nextInt(1, 4));
  }

  private Site site(Path folder) {
    return Objects.requireNonNull(sites.get(folder));
  }

  /** The transactions that reachable places have and an archive lacks. */
  private Set<String> lacking(Path folder) {
    Set<String> lacking = new HashSet<>();
    for (Path place : FOLDERS) {
      if (!hidden.contains(place)) {
        lacking.addAll(site(place).origins);
      }
    }
    lacking.removeAll(site(folder).origins);
    return lacking;
  }

  /** Asks all places but the archive itself, and compares what is said with the models. */
  private List<PlaceGuard.Answer> ask(Path folder) throws IOException {
    PlaceGuard guard = new PlaceGuard(folder, new Folders());
    List<PlaceGuard.Answer> answers = new ArrayList<>();
    for (Path place : FOLDERS) {
      if (!place.equals(folder)) {
        PlaceGuard.Answer answer = guard.answer(place);
        count(answer.state().getClass().getSimpleName());
        assertThat(answer.state())
            .as("%s seen from %s", place, folder)
            .matches(said -> isRight(said, folder, place), "is what the models say");
        answers.add(answer);
      }
    }
    return answers;
  }

  private boolean isRight(PlaceState said, Path folder, Path place) {
    if (hidden.contains(place)) {
      return said instanceof PlaceState.Unreachable;
    }
    List<String> own = site(folder).history;
    List<String> other = site(place).history;
    int common = 0;
    while (common < Math.min(own.size(), other.size())
        && own.get(common).equals(other.get(common))) {
      common++;
    }
    boolean isOwnMore = own.size() > common;
    boolean isOtherMore = other.size() > common;
    if (isOwnMore && isOtherMore) {
      return site(folder).origins.containsAll(site(place).origins)
          ? said instanceof PlaceState.Joined(long from, long _) && from == common + 1
          : said.equals(new PlaceState.Forked(common + 1));
    }
    if (isOtherMore) {
      return said.equals(new PlaceState.Ahead(other.size() - common));
    }
    return said.equals(
        isOwnMore ? new PlaceState.Behind(own.size() - common) : new PlaceState.Current());
  }

  /** The folders of this world, of which some are unplugged. */
  private final class Folders implements PlaceGuard.Folders {
    @Override
    public boolean isSame(Path one, Path other) {
      return one.equals(other);
    }

    @Override
    public Disk archive(Path folder) throws IOException {
      if (hidden.contains(folder)) {
        throw new NoSuchFileException(folder.toString());
      }
      return site(folder).disk;
    }
  }

  private void write(Site site, int changes) throws IOException {
    String origin = label();
    try (ArchiveWriter writer = ArchiveWriter.open(site.disk, 0)) {
      new Target(site, writer, origin)
          .write(
              Change.Cause.by(random.nextBoolean() ? "anna" : "boris"),
              tx -> {
                for (int i = 0; i < changes; i++) {
                  change(tx, label());
                }
              });
    }
  }

  private void change(Transaction tx, String label) throws IOException {
    boolean isShared = random.nextInt(4) == 0;
    String name = isShared ? "shared" + random.nextInt(SHARED_ROWS) : "flag" + label;
    if (tx.find(Catalog.FEATURE_FLAGS, name).isPresent()) {
      tx.change(Catalog.FEATURE_FLAGS, name, Map.of(Catalog.FeatureFlags.DETAILS.name(), label));
    } else {
      tx.add(flag(name, label));
    }
  }

  /** Copies the archive to a place that lacks nothing that it has. */
  private void copyTo(Path place) throws IOException {
    if (hidden.contains(place)) {
      return;
    }
    if (!new PlaceGuard(MAIN, new Folders()).answer(place).state().forbidsChanges()) {
      sites.put(place, site(MAIN).copy());
    }
  }

  /** Puts a copy, which may be an older one, in the place of the archive. */
  private void putBack(Path place) {
    if (!hidden.contains(place)) {
      drawer.add(site(MAIN));
      sites.put(MAIN, site(place).copy());
    }
  }

  private void takeFromDrawer(Path place) {
    if (!drawer.isEmpty() && !hidden.contains(place)) {
      Site found = drawer.remove(random.nextInt(drawer.size()));
      drawer.add(Objects.requireNonNull(sites.put(place, found)));
    }
  }

  /** Follows what the guard says about each place: extends the archive, or joins the histories. */
  private void bringTogether(Path folder) throws IOException {
    if (hidden.contains(folder)) {
      return;
    }
    for (Path place : FOLDERS) {
      if (!place.equals(folder)) {
        bringTogether(folder, place, new PlaceGuard(folder, new Folders()).answer(place).state());
      }
    }
  }

  private void bringTogether(Path folder, Path place, PlaceState state) throws IOException {
    Site site = site(folder);
    if (state instanceof PlaceState.Ahead(long changes)) {
      long added =
          ArchiveExtension.extend(site.disk, null, ArchiveReader.open(site(place).disk, 0));
      assertThat(added).isEqualTo(changes);
      site.follow(site(place));
      count("extended");
    }
    if (state instanceof PlaceState.Forked(long from)) {
      join(site, site(place), from);
      assertThat(ask(folder)).isNotEmpty();
      count("joined");
    }
  }

  private void join(Site site, Site other, long from) throws IOException {
    JoinPlan plan =
        JoinPlan.of(ArchiveReader.open(site.disk, 0), ArchiveReader.open(other.disk, 0), from);
    JoinPlayer player =
        new JoinPlayer(
            plan,
            decisions.get(random.nextInt(decisions.size())),
            "other",
            () -> "operation" + made++);
    try (ArchiveWriter writer = ArchiveWriter.open(site.disk, 0)) {
      Target target = new Target(site, writer, "");
      player.play(target);
      assertThat(player.collisions()).isEmpty();
      String origin = "joined" + made++;
      player.record(new Target(site, writer, origin), "", "");
      site.origins.addAll(other.origins);
    }
  }

  /**
   * Plugs in and brings together everything, and requires that every acknowledged word is there.
   */
  void end() throws IOException {
    hidden.clear();
    Path place = FOLDERS.getLast();
    bringTogether(MAIN);
    while (!drawer.isEmpty()) {
      sites.put(place, drawer.removeLast());
      bringTogether(MAIN);
    }
    bringTogether(MAIN);
    StringBuilder all = new StringBuilder();
    ArchiveReader main = ArchiveReader.open(site(MAIN).disk, 0);
    main.forEachInJournal(
        1,
        change -> {
          Column<String> text =
              change.table() == Catalog.OPERATIONS
                  ? Catalog.Operations.DETAILS
                  : Catalog.FeatureFlags.DETAILS;
          all.append(change.row().get(text).orElse(""));
          return true;
        });
    String text = all.toString();
    for (Site site : sites.values()) {
      assertThat(site(MAIN).origins).containsAll(site.origins);
    }
    for (String label : acknowledged) {
      assertThat(text.contains(label) || site(MAIN).origins.contains(label))
          .as("%s was acknowledged", label)
          .isTrue();
    }
  }

  /** Writes to an archive of this world, without a view. */
  private final class Target implements JoinPlayer.Target {
    private final Site site;
    private final ArchiveWriter writer;
    private final String origin;

    /**
     * Creates a target.
     *
     * @param origin of the transactions; empty if the caller adds it to the model
     */
    Target(Site site, ArchiveWriter writer, String origin) {
      this.site = site;
      this.writer = writer;
      this.origin = origin;
    }

    @Override
    public boolean has(Table table, String key) {
      return site.rows.containsKey(new RowKey(table, key));
    }

    @Override
    public long write(Change.Cause cause, TransactionBody body) throws IOException {
      nowMicros += SECOND;
      Changes changes = new Changes(site.rows);
      body.run(changes);
      long first = writer.lastSeq() + 1;
      Change.TransactionInfo stamp =
          new Change.TransactionInfo(
              first, first + changes.list.size() - 1, writer.lastSeq(), nowMicros, cause);
      List<Change> stamped = new ArrayList<>();
      for (Change change : changes.list) {
        stamped.add(new Change(change.operation(), change.row(), first + stamped.size(), stamp));
        site.history.add("change " + made++);
      }
      writer.append(stamped);
      if (!origin.isEmpty()) {
        site.origins.add(origin);
      }
      return first;
    }
  }

  /** A transaction on rows in memory. */
  private final class Changes implements Transaction {
    private final Map<RowKey, Row> rows;
    private final List<Change> list = new ArrayList<>();

    Changes(Map<RowKey, Row> rows) {
      this.rows = rows;
    }

    @Override
    public long atMicros() {
      return nowMicros;
    }

    @Override
    public Optional<Row> find(Table table, String key) {
      return Optional.ofNullable(rows.get(new RowKey(table, key)));
    }

    @Override
    public <T> List<Row> findBy(Column<T> column, T value) {
      return rows.values().stream()
          .filter(row -> row.table().name().equals(column.table()))
          .filter(row -> value.equals(row.value(column.name())))
          .toList();
    }

    private void apply(Operation operation, Row row) {
      if (operation == Operation.REMOVED) {
        rows.remove(RowKey.of(row));
      } else {
        rows.put(RowKey.of(row), row);
      }
      list.add(
          new Change(
              operation,
              row,
              0,
              new Change.TransactionInfo(0, 0, 0, nowMicros, Change.Cause.by("nobody"))));
    }

    @Override
    public void add(Row row) {
      assertThat(rows).doesNotContainKey(RowKey.of(row));
      apply(Operation.ADDED, row);
    }

    @Override
    public void change(Table table, String key, Map<String, ? extends @Nullable Object> values) {
      Row before = find(table, key).orElseThrow();
      Row after = before.with(values);
      if (!after.equals(before)) {
        apply(Operation.CHANGED, after);
      }
    }

    @Override
    public void remove(Table table, String key) {
      apply(Operation.REMOVED, find(table, key).orElseThrow());
    }

    @Override
    public void addImported(Row row) {
      add(row);
    }
  }
}
