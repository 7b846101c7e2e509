package org.thywill.cli.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.log.RowHistory;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.cli.ProgramRunner;
import org.thywill.cli.terminal.TimeArgument;
import org.thywill.community.demo.Demo;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Receipt;
import org.thywill.operations.recovery.RowHistoryQuery;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * A row at a point in time is as the database had it then, and each line is where the answer says.
 */
class AsOfCommandTest {
  private static final Instant BEGIN = Instant.parse("2025-11-20T10:00:00Z");

  @TempDir Path folder;
  private ProgramRunner program;
  private volatile Instant now = BEGIN;

  @BeforeEach
  void foundACommunity() throws IOException {
    program = new ProgramRunner(folder);
    Ledger.found(program.archive(), "c0ffee", () -> now);
  }

  private Ledger open() throws IOException {
    return Ledger.openAt(program.archive(), program.database(), () -> now, ProgressListener.NONE);
  }

  /**
   * Continues with a copy of the archive as it is now, since closing the ledger makes a checkpoint.
   */
  private void continueWithCopy() throws IOException {
    Path copy = folder.resolve("stopped/text_archives");
    try (var files = Files.walk(program.archive())) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(program.archive().relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    program = new ProgramRunner(folder.resolve("stopped"));
  }

  private static Row flag(String name, String details) {
    return Row.in(Catalog.FEATURE_FLAGS)
        .set(Catalog.FeatureFlags.NAME, name)
        .set(Catalog.FeatureFlags.ENABLED, true)
        .set(Catalog.FeatureFlags.DETAILS, details)
        .build();
  }

  /** What the database held after a transaction. */
  private record Moment(Receipt receipt, long at, Map<String, Row> rows, Map<String, Long> seqs) {}

  @Test
  void randomRows_atRandomMoments_areThoseOfTheDatabaseThen() throws IOException {
    RandomGenerator random = Seeds.random("AsOfCommandTest");
    List<Moment> moments = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    HostileText texts = new HostileText(random);
    for (int i = 0; i < 12; i++) {
      keys.add(i + texts.next());
    }
    keys.addAll(List.of("", "|", "a|b c", "🙏 🙏", "members/mary", "\\N", "-", "\n"));
    try (Ledger ledger = open()) {
      for (int i = 0; i < 80; i++) {
        if (random.nextInt(3) > 0) {
          now = now.plus(Duration.ofSeconds(random.nextLong(200_000)));
        }
        moments.add(play(ledger, keys, texts, random));
        if (i < 70 && random.nextInt(6) == 0) {
          ledger.checkpoint();
        }
      }
      continueWithCopy();
    }
    assertThat(ArchiveReader.open(new FileSystemDisk(program.archive()), 0).tail()).isNotEmpty();
    for (int i = 0; i < 150; i++) {
      compare(moments, keys.get(random.nextInt(keys.size())), random);
    }
  }

  /** One transaction of up to four changes. */
  private Moment play(Ledger ledger, List<String> keys, HostileText texts, RandomGenerator random)
      throws IOException {
    Receipt receipt =
        ledger.write(
            Change.Cause.by("mary").because(texts.next()),
            transaction -> {
              for (int n = 1 + random.nextInt(4); n > 0; n--) {
                String key = keys.get(random.nextInt(keys.size()));
                if (transaction.find(Catalog.FEATURE_FLAGS, key).isEmpty()) {
                  transaction.add(flag(key, texts.next()));
                } else if (random.nextBoolean()) {
                  transaction.change(
                      Catalog.FEATURE_FLAGS,
                      key,
                      Values.of(Catalog.FeatureFlags.DETAILS, texts.next() + random.nextInt()));
                } else {
                  transaction.remove(Catalog.FEATURE_FLAGS, key);
                }
              }
            });
    Map<String, Row> rows = new HashMap<>();
    Map<String, Long> seqs = new HashMap<>();
    try (ViewReader view = ledger.read()) {
      view.forEach(Catalog.FEATURE_FLAGS, row -> rows.put(row.key(), row));
      for (String key : rows.keySet()) {
        seqs.put(key, view.seqOf(Catalog.FEATURE_FLAGS, key).orElseThrow());
      }
      return new Moment(receipt, view.state().atMicros(), rows, seqs);
    }
  }

  private void compare(List<Moment> moments, String key, RandomGenerator random)
      throws IOException {
    Moment some = moments.get(random.nextInt(moments.size()));
    boolean bySeq = random.nextBoolean();
    long seq =
        some.receipt().first()
            + random.nextLong(some.receipt().last() - some.receipt().first() + 1);
    long at = some.at() + random.nextInt(3) - 1;
    PointInTime until = bySeq ? PointInTime.seq(seq) : PointInTime.time(at);
    Optional<Moment> then =
        moments.reversed().stream()
            .filter(each -> bySeq ? each.receipt().last() <= seq : each.at() <= at)
            .findFirst();
    RowHistoryQuery.Answer answer =
        RowHistoryQuery.run(
            program.archive(), until, RowHistoryQuery.Target.parse("feature_flags/" + key));
    String what = key + " as of " + until;
    assertThat(answer.findings()).isEmpty();
    assertThat(answer.seq())
        .as(what)
        .isEqualTo(then.map(moment -> moment.receipt().last()).orElse(0L));
    if (answer.rows().isEmpty()) {
      assertThat(moments).noneMatch(moment -> moment.rows().containsKey(key));
      return;
    }
    RowHistoryQuery.PastRow standing = answer.rows().getFirst();
    Optional<Row> expected = then.map(moment -> moment.rows().get(key));
    assertThat(Optional.ofNullable(standing.row())).as(what).isEqualTo(expected);
    if (expected.isPresent()) {
      assertThat(standing.lines().getLast().change().seq())
          .as(what)
          .isEqualTo(then.orElseThrow().seqs().get(key));
    }
    requirePlaces(standing);
  }

  /** Checks that each line has its seq in the field, counted from the end, that FORMAT.md says. */
  private void requirePlaces(RowHistoryQuery.PastRow standing) throws IOException {
    for (RowHistory.Occurrence place : standing.lines()) {
      String line = lines(place.file()).get((int) place.line() - 1);
      String[] fields = line.split("\\|", -1);
      assertThat(fields[fields.length - 8])
          .as(place.file() + ":" + place.line())
          .isEqualTo(Long.toString(place.change().seq()));
    }
  }

  private List<String> lines(String file) throws IOException {
    return List.of(
        Files.readString(program.archive().resolve(file), StandardCharsets.UTF_8).split("\n", -1));
  }

  @Test
  void rowsOfAPlayedCommunity_nameTheChangeThatTheViewNames() throws IOException {
    RandomGenerator random = Seeds.random("AsOfCommandTest");
    Path archive = folder.resolve("demo/text_archives");
    Path database = folder.resolve("demo/community.db");
    new Demo(archive, database, Demo.Options.DEFAULT.withMembers(8).withPrayers(12))
        .play(ProgressListener.NONE);
    List<Row> rows = new ArrayList<>();
    try (ViewReader view = SqliteReader.open(database)) {
      for (Table table : Catalog.TABLES) {
        view.forEach(table, rows::add);
      }
      Set<Table> seen = new HashSet<>();
      for (int i = 0; i < 60; i++) {
        Row row = rows.get(random.nextInt(rows.size()));
        RowHistoryQuery.Answer answer =
            RowHistoryQuery.run(
                archive, PointInTime.NOW, RowHistoryQuery.Target.parse(row.toString()));
        RowHistoryQuery.PastRow standing = answer.rows().getFirst();
        assertThat(standing.row()).isEqualTo(row);
        assertThat(standing.lines().getLast().change().seq())
            .as(row.toString())
            .isEqualTo(view.seqOf(row.table(), row.key()).orElseThrow());
        assertThat(answer.seq()).isEqualTo(view.state().seq());
        seen.add(row.table());
      }
      assertThat(seen).hasSizeGreaterThan(3);
    }
  }

  @Test
  void prayer_isShownWithEverythingThatBelongedToItThen() throws IOException {
    try (Ledger ledger = open()) {
      add(
          ledger,
          Row.in(Catalog.MEMBERS)
              .set(Catalog.Members.HANDLE, "mary")
              .set(Catalog.Members.DISPLAY_NAME, "Mary")
              .set(Catalog.Members.CREATED_AT, micros())
              .set(Catalog.Members.WELCOME_DISMISSED, false)
              .set(Catalog.Members.IS_SUPPORTER, false)
              .build());
      add(ledger, prayer("p1"));
      add(ledger, prayer("p2"));
      add(ledger, mark("m1", "p1"));
      add(ledger, mark("m2", "p2"));
      ledger.checkpoint();
      ledger.write(
          Change.Cause.by("mary").because("by mistake"),
          transaction -> transaction.remove(Catalog.MARKS, "m1"));
      ledger.write(
          Change.Cause.by("mary"),
          transaction ->
              transaction.change(Catalog.MARKS, "m2", Values.of(Catalog.Marks.PRAYER, "p1")));
      continueWithCopy();
    }
    assertThat(rows("4", "p1")).containsExactly("prayers/p1 true 1", "marks/m1 true 1");
    assertThat(rows("5", "p1")).containsExactly("prayers/p1 true 1", "marks/m1 true 1");
    assertThat(rows("6", "prayers/p1")).containsExactly("prayers/p1 true 1", "marks/m1 false 2");
    assertThat(rows("7", "p1"))
        .containsExactly("prayers/p1 true 1", "marks/m1 false 2", "marks/m2 true 2");
    assertThat(rows("7", "p2")).containsExactly("prayers/p2 true 1");
    assertThat(rows("1", "p1")).containsExactly("prayers/p1 false 0");

    String journal = "journal/2025_11_000000000001.txt";
    assertThat(program.run("as-of", "6", "p1").out().lines())
        .contains(
            "As of 2025-11-20T10:00:00.000000Z, change 6.",
            "prayers/p1",
            "  text                    Please",
            "  project_tag             \\N",
            "marks/m1  had been removed",
            "  prayers/marks/2025_11_marks.txt:6  4  2025-11-20T10:00:00.000000Z  added  mary",
            "  " + journal + ":11  6  2025-11-20T10:00:00.000000Z  removed  mary  by mistake");
    String json = program.run("as-of", "6", "p1", "--json").out();
    assertThat(json)
        .contains(
            "\"at\":\"2025-11-20T10:00:00.000000Z\",\"seq\":6,\"rows\":[{\"table\":\"prayers\",\"key\":\"p1\",\"exists\":true,\"values\":{\"id\":\"p1\"",
            "{\"table\":\"marks\",\"key\":\"m1\",\"exists\":false,\"values\":{},\"lines\":[{\"file\":\"prayers/marks/2025_11_marks.txt\",\"line\":6,\"seq\":4",
            "\"file\":\""
                + journal
                + "\",\"line\":11,\"seq\":6,\"at\":\"2025-11-20T10:00:00.000000Z\",\"operation\":\"removed\",\"actor\":\"mary\",\"reason\":\"by"
                + " mistake\"");
  }

  private List<String> rows(String moment, String row) throws IOException {
    return RowHistoryQuery.run(
            program.archive(), TimeArgument.until(moment), RowHistoryQuery.Target.parse(row))
        .rows()
        .stream()
        .map(
            each ->
                each.table()
                    + "/"
                    + each.key()
                    + " "
                    + (each.row() != null)
                    + " "
                    + each.lines().size())
        .toList();
  }

  private long micros() {
    return Timestamps.micros(now);
  }

  private Row prayer(String id) {
    return Row.in(Catalog.PRAYERS)
        .set(Catalog.Prayers.ID, id)
        .set(Catalog.Prayers.AUTHOR, "mary")
        .set(Catalog.Prayers.CREATED_AT, micros())
        .set(Catalog.Prayers.TEXT, "Please")
        .set(Catalog.Prayers.MODERATION, "open")
        .set(Catalog.Prayers.VISIBILITY, "members")
        .build();
  }

  private Row mark(String id, String prayer) {
    return Row.in(Catalog.MARKS)
        .set(Catalog.Marks.ID, id)
        .set(Catalog.Marks.PRAYER, prayer)
        .set(Catalog.Marks.MEMBER, "mary")
        .set(Catalog.Marks.CREATED_AT, micros())
        .build();
  }

  private static void add(Ledger ledger, Row row) throws IOException {
    ledger.write(Change.Cause.by("mary"), transaction -> transaction.add(row));
  }

  private void writeFlags() throws IOException {
    try (Ledger ledger = open()) {
      add(ledger, flag("chants", "sung"));
      add(ledger, flag("bells", "rung"));
    }
  }

  @Test
  void damagedLineOfTheRow_isRefusedWithItsPlace() throws IOException {
    writeFlags();
    damage("chants|yes|sung", "chants|yes|sund");
    ProgramRunner.Run run = program.run("as-of", "2", "feature_flags/chants", "--json");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("system/2025_11_feature_flags.txt:6: ");
    assertThat(run.out())
        .contains(
            "\"code\":\"line-damaged\"",
            "\"file\":\"system/2025_11_feature_flags.txt\",\"line\":6");
  }

  @Test
  void damagedLineThatDoesNotNameTheRow_isAFinding() throws IOException {
    writeFlags();
    damage("bells|yes|rung", "bellx|yes|rung");
    ProgramRunner.Run chants = program.run("as-of", "2", "chants");
    assertThat(chants.exit()).isEqualTo(1);
    assertThat(chants.out()).contains("sung", "system/2025_11_feature_flags.txt:7: ");
    ProgramRunner.Run bells = program.run("as-of", "2", "bells");
    assertThat(bells.exit()).isEqualTo(1);
    assertThat(bells.out()).contains("No line names bells", "system/2025_11_feature_flags.txt:7: ");
  }

  private void damage(String from, String to) throws IOException {
    Path log = program.archive().resolve("system/2025_11_feature_flags.txt");
    String text = Files.readString(log);
    assertThat(text).contains(from);
    Files.writeString(log, text.replace(from, to));
  }

  @Test
  void wrongArguments_areRefused() throws IOException {
    writeFlags();
    assertThat(program.run("as-of", "2", "nobody").exit()).isEqualTo(2);
    assertThat(program.run("as-of", "2", "nobody").err()).contains("the archive never held nobody");
    assertThat(program.run("as-of", "2", "members/chants").exit()).isEqualTo(2);
    assertThat(program.run("as-of", "never", "chants").exit()).isEqualTo(2);
    assertThat(program.run("as-of", "2").exit()).isEqualTo(2);
    assertThat(program.run("as-of", "3", "chants").exit()).isEqualTo(3);
    assertThat(program.run("as-of", "2020-01-01", "chants", "--json").out())
        .contains("\"exit\":0", "\"seq\":0,", "\"exists\":false");
  }
}
