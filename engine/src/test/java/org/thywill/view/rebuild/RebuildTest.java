package org.thywill.view.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.RecoveryGroup;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;
import org.thywill.view.SqliteReader;

/** A rebuild gives the rows of a plain map, at every point in time of a history. */
class RebuildTest {
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int DAMAGES = 60;
  private static final List<Table> TABLES =
      List.of(
          Catalog.MEMBERS,
          Catalog.ROLES,
          Catalog.MARKS,
          Catalog.ATTRIBUTES,
          Catalog.SESSIONS,
          Catalog.SETTINGS);

  @TempDir Path folder;
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Map<String, Row> model = new LinkedHashMap<>();
  private final List<Moment> moments = new ArrayList<>();
  private int files;

  /** The state after a transaction. */
  private record Moment(long seq, long atMicros, Digest digest) {}

  @BeforeEach
  void writeAHistory() throws IOException {
    RandomGenerator random = Seeds.random("RebuildTest");
    HostileRows rows = new HostileRows(random);
    ArchiveWriter.create(disk, new ArchiveIdentity("c", 0));
    try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
      for (int i = 0; i < 60; i++) {
        long atMicros = DAY_MICROS * (3 * i + 1);
        long first = archive.lastSeq() + 1;
        List<Change> changes = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        Change.TransactionInfo stamp =
            new Change.TransactionInfo(
                first, first + count - 1, archive.lastSeq(), atMicros, Change.Cause.by("mary"));
        for (int n = 0; n < count; n++) {
          changes.add(change(rows, random, first + n, stamp));
        }
        archive.append(changes);
        moments.add(new Moment(archive.lastSeq(), atMicros, digest()));
        if (i == 25 || i == 50) {
          archive.checkpoint(digest(), PageLocator.UNKNOWN);
        }
      }
    }
  }

  private Change change(
      HostileRows rows, RandomGenerator random, long seq, Change.TransactionInfo stamp) {
    Table table = TABLES.get(random.nextInt(TABLES.size()));
    String key = table == Catalog.SETTINGS ? "S" + random.nextInt(5) : "key|" + random.nextInt(5);
    Row old = model.get(table + "/" + key);
    Row row = rows.next(table, key);
    if (old == null) {
      model.put(table + "/" + key, row);
      return new Change(Operation.ADDED, row, seq, stamp);
    }
    if (random.nextBoolean()) {
      model.put(table + "/" + key, row);
      return new Change(Operation.CHANGED, row, seq, stamp);
    }
    model.remove(table + "/" + key);
    return new Change(Operation.REMOVED, old, seq, stamp);
  }

  private Digest digest() {
    Digest.Running running = new Digest.Running();
    model.values().forEach(running::add);
    return running.digest();
  }

  private Path file() {
    return folder.resolve("view-" + files++ + ".db");
  }

  @Test
  void rebuild_ofEverything_isTheModel_andProven() throws IOException {
    Path view = file();
    Rebuild.Result result =
        Rebuild.into(view, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE);
    assertThat(result.digest()).isEqualTo(digest());
    assertThat(result.proven()).isTrue();
    try (SqliteReader reader = SqliteReader.open(view)) {
      assertThat(reader.computeDigest()).isEqualTo(digest());
      assertThat(reader.state().asOf()).isFalse();
      for (Row row : model.values()) {
        assertThat(reader.find(row.table(), row.key())).contains(row);
      }
    }
  }

  @Test
  void rebuild_untilAnySeqOrTime_isTheModelOfThatMoment() throws IOException {
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    for (int i = 0; i < moments.size(); i += 3) {
      Moment moment = moments.get(i);
      assertThat(
              Rebuild.into(file(), archive, PointInTime.seq(moment.seq()), ProgressListener.NONE)
                  .digest())
          .as("seq " + moment.seq())
          .isEqualTo(moment.digest());
      assertThat(
              Rebuild.into(
                      file(),
                      archive,
                      PointInTime.time(moment.atMicros() + DAY_MICROS),
                      ProgressListener.NONE)
                  .digest())
          .as("time " + moment.atMicros())
          .isEqualTo(moment.digest());
    }
    Path view = file();
    Rebuild.into(view, archive, PointInTime.seq(moments.get(7).seq()), ProgressListener.NONE);
    try (SqliteReader reader = SqliteReader.open(view)) {
      assertThat(reader.state().asOf()).isTrue();
      assertThat(reader.state().seq()).isEqualTo(moments.get(7).seq());
      assertThat(reader.state().atMicros())
          .as("the time of that change, whatever the clock says now")
          .isEqualTo(moments.get(7).atMicros());
    }
  }

  @Test
  void rebuild_twice_givesTheSameDigest() throws IOException {
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    assertThat(Rebuild.into(file(), archive, PointInTime.NOW, ProgressListener.NONE))
        .isEqualTo(Rebuild.into(file(), archive, PointInTime.NOW, ProgressListener.NONE));
  }

  @Test
  void rebuildOfSomeTables_atTheViewsOwnSeq_leavesTheOthers() throws IOException {
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    Path view = file();
    Rebuild.into(view, archive, PointInTime.NOW, ProgressListener.NONE);
    List<Table> roles =
        Catalog.TABLES.stream().filter(table -> table.group() == RecoveryGroup.ROLES).toList();
    Rebuild.Result result = Rebuild.tables(view, archive, roles, ProgressListener.NONE);
    assertThat(result.digest()).isEqualTo(digest());
    try (SqliteReader reader = SqliteReader.open(view)) {
      assertThat(reader.computeDigest()).isEqualTo(digest());
    }
  }

  @Test
  void rebuildOfSomeTables_emptiedOrDropped_bringsThemBack_andTouchesNothingElse()
      throws IOException, SQLException {
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    List<Table> group =
        Catalog.TABLES.stream().filter(table -> table.group() == RecoveryGroup.PRAYERS).toList();
    for (Moment moment :
        List.of(moments.get(10), moments.get(26), moments.get(55), moments.getLast())) {
      Path view = file();
      Rebuild.into(view, archive, PointInTime.seq(moment.seq()), ProgressListener.NONE);
      String untouched;
      try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + view);
          Statement statement = sql.createStatement()) {
        statement.execute("DELETE FROM marks");
        statement.execute("DROP TABLE attributes");
        statement.execute("UPDATE members SET display_name = 'changed by hand'");
        untouched = dump(statement, "members");
      }
      Rebuild.Result result = Rebuild.tables(view, archive, group, ProgressListener.NONE);
      assertThat(result.seq()).isEqualTo(moment.seq());
      assertThat(result.differing()).containsExactly(Catalog.MEMBERS);
      try (SqliteReader reader = SqliteReader.open(view)) {
        assertThat(result.digest()).as("what is in the file").isEqualTo(reader.computeDigest());
        assertThat(reader.state().digest())
            .as("what the view has recorded, also of the table that was changed by hand")
            .isEqualTo(moment.digest());
        assertThat(reader.state().seq()).isEqualTo(moment.seq());
        for (Table table : group) {
          assertThat(reader.computeDigest().tables().get(table.name()))
              .isEqualTo(moment.digest().tables().get(table.name()));
        }
      }
      try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + view);
          Statement statement = sql.createStatement()) {
        assertThat(dump(statement, "members")).isEqualTo(untouched);
        assertThat(
                dump(statement, "sqlite_master WHERE type = 'index' AND tbl_name = 'attributes'")
                    .lines())
            .hasSize(
                1 + (int) Catalog.ATTRIBUTES.columns().stream().filter(Column::isIndexed).count());
      }
    }
  }

  private static String dump(Statement statement, String from) throws SQLException {
    StringBuilder dump = new StringBuilder();
    try (ResultSet rows = statement.executeQuery("SELECT * FROM " + from)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          dump.append(String.valueOf(rows.getString(i)).codePoints().boxed().toList()).append('|');
        }
        dump.append('\n');
      }
    }
    return dump.toString();
  }

  @Test
  void rebuild_untilAnyChangeWithinATransaction_endsBeforeIt() throws IOException {
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    for (int i = 1; i < moments.size(); i += 5) {
      Moment before = moments.get(i - 1);
      if (moments.get(i).seq() > before.seq() + 1) {
        Rebuild.Result result =
            Rebuild.into(
                file(), archive, PointInTime.seq(moments.get(i).seq() - 1), ProgressListener.NONE);
        assertThat(result.digest()).isEqualTo(before.digest());
        assertThat(result.seq()).isEqualTo(before.seq());
      }
    }
  }

  @Test
  void rebuild_ofALogThatLostALine_readsItInTheJournal_andSaysSo() throws IOException {
    Map<String, byte[]> files = files();
    String log = logs(files).getFirst();
    List<byte[]> lines = FileDamage.lines(Objects.requireNonNull(files.get(log)));
    lines.remove(5);
    disk.replace(log, FileDamage.joined(lines));
    ArchiveReader archive = ArchiveReader.open(disk, 0);
    assertThat(Rebuild.into(file(), archive, PointInTime.NOW, ProgressListener.NONE).digest())
        .isEqualTo(digest());
    assertThat(archive.findings()).extracting(Finding::file).containsExactly(log);
    assertThat(archive.findings().getFirst().severity()).isEqualTo(Finding.Severity.ERROR);
  }

  @Test
  void rebuild_ofALogThatTheJournalHasNotEither_isRefused() throws IOException {
    Map<String, byte[]> files = files();
    String log = logs(files).getFirst();
    byte[] line = FileDamage.lines(Objects.requireNonNull(files.get(log))).get(5);
    for (String file : files.keySet()) {
      String text = new String(Objects.requireNonNull(files.get(file)), StandardCharsets.UTF_8);
      disk.replace(
          file,
          text.replace(new String(line, StandardCharsets.UTF_8).strip(), "?".repeat(line.length))
              .getBytes(StandardCharsets.UTF_8));
    }
    Path view = file();
    assertThatThrownBy(
            () ->
                Rebuild.into(
                    view, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE))
        .isInstanceOf(DamagedArchiveException.class)
        .hasMessageContaining(log);
  }

  @Test
  void rebuild_ofATableWhoseLogsTheHeadDoesNotName_isRefusedForTheChangesThatAreMissing()
      throws IOException {
    Head head = Head.read(disk);
    Map<String, Head.Extent> logs = new TreeMap<>(head.logs());
    String sessions =
        logs.keySet().stream()
            .filter(log -> log.endsWith("sessions.txt"))
            .findFirst()
            .orElseThrow();
    Head.Extent left = Objects.requireNonNull(logs.remove(sessions));
    // Where the numbers do not add up the head itself is damaged, so another log has the lines.
    String largest =
        logs.entrySet().stream()
            .max(Comparator.comparingLong(log -> log.getValue().bytes()))
            .orElseThrow()
            .getKey();
    logs.computeIfPresent(
        largest,
        (log, extent) ->
            new Head.Extent(extent.lines() + left.lines() - Header.LINES, extent.bytes()));
    new Head(
            head.seq(),
            head.atMicros(),
            head.journal(),
            head.journalExtent(),
            head.digest(),
            logs,
            head.history())
        .write(disk);
    Path view = file();
    assertThatThrownBy(
            () ->
                Rebuild.into(
                    view, ArchiveReader.open(disk, 0), PointInTime.NOW, ProgressListener.NONE))
        .isInstanceOf(DamagedArchiveException.class)
        .hasMessageContaining("no log has change");
  }

  /**
   * Damages one or two files. The rebuild gives the same rows or is refused; it never omits rows.
   */
  @Test
  void rebuild_ofADamagedArchive_givesTheVerySameDigest_orRefuses() throws IOException {
    RandomGenerator random = Seeds.random("RebuildTest");
    Map<String, byte[]> sound = files();
    List<String> names = List.copyOf(sound.keySet());
    int rebuilt = 0;
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < DAMAGES; i++) {
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      String first =
          i % 2 == 0
              ? logs(sound).get(random.nextInt(logs(sound).size()))
              : names.get(random.nextInt(names.size()));
      String what = FileDamage.one(damaged, first, random) + " of " + first;
      String second = names.get(random.nextInt(names.size()));
      if (i % 3 == 0 && damaged.containsKey(second)) {
        what += ", " + FileDamage.one(damaged, second, random) + " of " + second;
      }
      SimulatedDisk each = new SimulatedDisk();
      for (Map.Entry<String, byte[]> file : damaged.entrySet()) {
        each.write(file.getKey(), file.getValue());
      }
      try {
        ArchiveReader archive = ArchiveReader.open(each, 0);
        Rebuild.Result result =
            Rebuild.into(file(), archive, PointInTime.NOW, ProgressListener.NONE);
        boolean isTailTorn =
            archive.findings().stream().anyMatch(finding -> finding.code().equals("journal-torn"));
        if (isTailTorn) {
          assertThat(moments)
              .as(what)
              .anyMatch(
                  moment ->
                      moment.digest().equals(result.digest())
                          && moment.seq() >= archive.head().seq());
        } else {
          assertThat(result.digest()).as(what).isEqualTo(digest());
          rebuilt++;
        }
        if (i % 2 == 0) {
          assertThat(archive.findings()).as(what).anyMatch(finding -> finding.file().equals(first));
        }
      } catch (DamagedArchiveException | NotAnArchiveException e) {
        refused.add(e.getMessage());
      }
    }
    assertThat(rebuilt)
        .as("how many of " + DAMAGES + " could be rebuilt in full")
        .isGreaterThan(DAMAGES / 2);
    assertThat(refused)
        .as("each refusal names a file")
        .allMatch(message -> message.contains(".txt"));
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String file : disk.list("")) {
      try (var in = disk.read(file, 0)) {
        files.put(file, in.readAllBytes());
      }
    }
    return files;
  }

  private static List<String> logs(Map<String, byte[]> files) {
    return files.keySet().stream().filter(file -> Catalog.ofLog(file).isPresent()).toList();
  }

  @Test
  void rebuild_thatDiffersFromTheRecordedDigest_failsItsProof() throws IOException {
    SimulatedDisk other = new SimulatedDisk();
    ArchiveWriter.create(other, new ArchiveIdentity("c", 0));
    Row mary = Row.in(Catalog.MEMBERS).set(Catalog.Members.HANDLE, "mary").build();
    try (ArchiveWriter archive = ArchiveWriter.open(other, 0)) {
      archive.append(
          List.of(
              new Change(
                  Operation.ADDED,
                  mary,
                  1,
                  new Change.TransactionInfo(1, 1, 0, 0, Change.Cause.by("mary")))));
      Digest.Running wrong = new Digest.Running();
      wrong.add(mary.with(Values.of(Catalog.Members.DISPLAY_NAME, "Mary")));
      archive.checkpoint(wrong.digest(), PageLocator.UNKNOWN);
    }
    Path view = file();
    assertThatThrownBy(
            () ->
                Rebuild.into(
                    view, ArchiveReader.open(other, 0), PointInTime.NOW, ProgressListener.NONE))
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageContaining("members");
  }

  @Test
  void rebuild_ofARowThatWasTakenBack_doesNotHaveIt() throws IOException {
    SimulatedDisk other = new SimulatedDisk();
    ArchiveWriter.create(other, new ArchiveIdentity("c", 0));
    Row mary = Row.in(Catalog.MEMBERS).set(Catalog.Members.HANDLE, "mary").build();
    Row tom = Row.in(Catalog.MEMBERS).set(Catalog.Members.HANDLE, "tom").build();
    try (ArchiveWriter archive = ArchiveWriter.open(other, 0)) {
      Change.TransactionInfo stamp =
          new Change.TransactionInfo(1, 3, 0, 0, Change.Cause.by("mary"));
      archive.append(
          List.of(
              new Change(Operation.ADDED, mary, 1, stamp),
              new Change(Operation.ADDED, tom, 2, stamp),
              new Change(Operation.REMOVED, tom, 3, stamp)));
      Digest.Running left = new Digest.Running();
      left.add(mary);
      archive.checkpoint(left.digest(), PageLocator.UNKNOWN);
    }
    Path view = file();
    assertThat(
            Rebuild.into(view, ArchiveReader.open(other, 0), PointInTime.NOW, ProgressListener.NONE)
                .proven())
        .isTrue();
    try (SqliteReader reader = SqliteReader.open(view)) {
      assertThat(reader.find(Catalog.MEMBERS, "mary")).contains(mary);
      assertThat(reader.find(Catalog.MEMBERS, "tom")).isEmpty();
    }
  }
}
