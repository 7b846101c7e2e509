package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.repair.ArchiveCopy;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.TransactionBody;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.HistoryJoin.Collision;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;

/**
 * Two servers have written: each keeps what it has, and the archive gets what only the other has.
 */
class HistoryJoinTest {
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

  @TempDir Path folder;
  private final AtomicLong seconds = new AtomicLong();
  private final InstantSource clock = () -> NOW.plusSeconds(seconds.incrementAndGet());
  private int ids;

  @BeforeEach
  void found() throws IOException {
    Ledger.found(archive(), "c0ffee", clock);
    write(
        "archive",
        "anna",
        tx -> {
          tx.add(member("anna"));
          tx.add(member("boris"));
          tx.add(setting("PEER_APPROVAL_COUNT", "2"));
          tx.add(prayer("p1", "anna", "For rain."));
        });
    ArchiveCopy.write(new FileSystemDisk(archive()), new FileSystemDisk(other()));
  }

  private Path archive() {
    return folder.resolve("archive");
  }

  private Path other() {
    return folder.resolve("other");
  }

  private void write(String place, String actor, TransactionBody body) throws IOException {
    write(place, Change.Cause.by(actor), body);
  }

  private void write(String place, Change.Cause cause, TransactionBody body) throws IOException {
    try (Ledger ledger =
        Ledger.openAt(
            folder.resolve(place), folder.resolve(place + ".db"), clock, ProgressListener.NONE)) {
      ledger.write(cause, body);
    }
  }

  private static Row member(String handle) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, handle)
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  private static Row setting(String name, String value) {
    return Row.in(Catalog.SETTINGS)
        .set(Catalog.Settings.NAME, name)
        .set(Catalog.Settings.VALUE, value)
        .set(Catalog.Settings.ORIGIN, "admin")
        .build();
  }

  private static Row prayer(String id, String author, String text) {
    return Row.in(Catalog.PRAYERS)
        .set(Catalog.Prayers.ID, id)
        .set(Catalog.Prayers.AUTHOR, author)
        .set(Catalog.Prayers.TEXT, text)
        .set(Catalog.Prayers.CREATED_AT, 1L)
        .set(Catalog.Prayers.MODERATION, "open")
        .set(Catalog.Prayers.VISIBILITY, "members")
        .build();
  }

  private static Map<String, Object> value(String value) {
    return Map.of("value", value);
  }

  private HistoryJoin.Result join(boolean dryRun, String... decisions) throws IOException {
    return joined("archive", "other", dryRun, decisions);
  }

  private HistoryJoin.Result joined(String place, String from, boolean dryRun, String... decisions)
      throws IOException {
    @Nullable Path overrides = null;
    if (decisions.length > 0) {
      overrides = folder.resolve("decisions.txt");
      Files.writeString(overrides, "by|anna\n" + String.join("\n", decisions) + "\n");
    }
    return new HistoryJoin(
            folder.resolve(place),
            folder.resolve(place + ".db"),
            clock,
            ProgressListener.NONE,
            () -> "id" + ++ids)
        .run(folder.resolve(from), overrides, dryRun);
  }

  private Optional<Row> row(Table table, String key) throws IOException {
    try (Ledger ledger =
            Ledger.openAt(archive(), folder.resolve("archive.db"), clock, ProgressListener.NONE);
        ViewReader view = ledger.read()) {
      return view.find(table, key);
    }
  }

  private List<Change> changes() throws IOException {
    List<Change> changes = new ArrayList<>();
    ArchiveReader.open(ArchiveFolders.archive(archive()), 0).forEachInJournal(1, changes::add);
    return changes;
  }

  private List<String> operations() throws IOException {
    return changes().stream()
        .filter(change -> change.table() == Catalog.OPERATIONS)
        .map(
            change ->
                change.row().require(Catalog.Operations.KIND)
                    + "|"
                    + change.row().require(Catalog.Operations.OUTCOME)
                    + "|"
                    + change.row().get(Catalog.Operations.DETAILS).orElse(""))
        .toList();
  }

  private PlaceState state() throws IOException {
    return new PlaceGuard(archive()).ask(other().toString()).getFirst().state();
  }

  @Test
  void nothingCollides_theirChangesFollowOurs_withWhoAndWhyAndWhereFrom() throws IOException {
    write("archive", "anna", tx -> tx.add(prayer("p2", "anna", "For bread.")));
    write(
        "other",
        Change.Cause.by("boris").because("it is time").withIdempotencyKey("a form"),
        tx -> {
          tx.add(prayer("p3", "boris", "For the harvest."));
          tx.change(Catalog.PRAYERS, "p1", Map.of("text", "For much rain."));
        });
    assertThat(state()).isEqualTo(new PlaceState.Forked(5));
    String before = Files.readString(newestJournal());

    HistoryJoin.Joined rehearsed = Objects.requireNonNull(join(true).joined());
    assertThat(rehearsed.taken()).isEqualTo(2);
    assertThat(rehearsed.keptAside()).isNull();
    assertThat(Files.readString(newestJournal())).isEqualTo(before);
    assertThat(state()).isEqualTo(new PlaceState.Forked(5));

    HistoryJoin.Result result = join(false);
    assertThat(result.common()).isEqualTo(4);
    assertThat(result.ours()).isEqualTo(1);
    assertThat(result.theirs()).isEqualTo(2);
    assertThat(result.collisions()).isEmpty();
    HistoryJoin.Joined joined = Objects.requireNonNull(result.joined());
    assertThat(joined.seq()).isEqualTo(8);
    assertThat(Files.readString(newestJournal())).startsWith(before);
    Change taken = changes().get(5);
    assertThat(taken.row().key()).isEqualTo("p3");
    assertThat(taken.stamp().cause().actor()).isEqualTo("boris");
    assertThat(taken.stamp().cause().reason()).isEqualTo("it is time");
    assertThat(taken.stamp().cause().source())
        .matches("\\Q" + other() + "\\E:5-6 of 2026-03-04T05:06:\\d\\d\\.000000Z");
    assertThat(row(Catalog.PRAYERS, "p1").orElseThrow().value("text")).isEqualTo("For much rain.");
    assertThat(operations())
        .singleElement()
        .asString()
        .matches(
            "fork\\|joined\\|common 4; here 5 [0-9a-f]{64}; there 6 [0-9a-f]{64}; from .*; taken 2,"
                + " not taken 0");
    assertThat(joined.keptAside()).isDirectory();
    assertThat(state()).isEqualTo(new PlaceState.Joined(5, 7));
    assertThat(join(false).joined()).as("once is enough").isNull();
  }

  private Path newestJournal() throws IOException {
    try (var files = Files.list(archive().resolve("journal"))) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("head"))
          .sorted()
          .toList()
          .getLast();
    }
  }

  @Test
  void bothHaveChangedARow_nothingIsWrittenWithoutADecision() throws IOException {
    write("archive", "anna", tx -> tx.change(Catalog.SETTINGS, "PEER_APPROVAL_COUNT", value("3")));
    write("other", "boris", tx -> tx.change(Catalog.SETTINGS, "PEER_APPROVAL_COUNT", value("1")));
    String before = Files.readString(newestJournal());
    HistoryJoin.Result refused = join(false);
    assertThat(refused.joined()).isNull();
    assertThat(refused.collisions())
        .containsExactly(
            new Collision(
                "settings",
                "PEER_APPROVAL_COUNT",
                "was changed in both: they differ in value",
                List.of(
                    "keep|settings|PEER_APPROVAL_COUNT|", "take|settings|PEER_APPROVAL_COUNT|")));
    assertThat(Files.readString(newestJournal())).isEqualTo(before);

    assertThatThrownBy(() -> join(false, "keep|settings|PEER_APPROVAL_COUNT"))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("expected keep|TABLE|KEY|WHY, found 3 fields");
    join(false, "keep|settings|PEER_APPROVAL_COUNT|three of us agreed");
    assertThat(row(Catalog.SETTINGS, "PEER_APPROVAL_COUNT").orElseThrow().value("value"))
        .isEqualTo("3");
    assertThat(operations().getFirst())
        .matches(
            "fork\\|kept\\|.*other:5 \\(anna: three of us agreed\\): settings\\|.*"
                + "\\|PEER_APPROVAL_COUNT\\|1\\|admin\\|changed\\|5\\|.*");
    assertThat(state()).isInstanceOf(PlaceState.Joined.class);
  }

  @Test
  void decidedForTheOther_theRowBecomesAsItIsThere() throws IOException {
    write("archive", "anna", tx -> tx.change(Catalog.SETTINGS, "PEER_APPROVAL_COUNT", value("3")));
    write("other", "boris", tx -> tx.remove(Catalog.SETTINGS, "PEER_APPROVAL_COUNT"));
    join(false, "take|settings|*|they have thought about it");
    assertThat(row(Catalog.SETTINGS, "PEER_APPROVAL_COUNT")).isEmpty();
  }

  @Test
  void bothHaveDoneTheSame_orASettingIsOfTheMachine_noDecisionIsNeeded() throws IOException {
    for (String place : List.of("archive", "other")) {
      write(
          place,
          "anna",
          tx -> {
            tx.change(Catalog.SETTINGS, "PEER_APPROVAL_COUNT", value("4"));
            tx.add(setting("ARCHIVE_LOCATIONS", "/mnt/" + place));
          });
    }
    // The lines differ by their times.
    HistoryJoin.Result result = join(false);
    assertThat(result.collisions()).isEmpty();
    assertThat(operations())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("fork|same|"))
        .anyMatch(line -> line.startsWith("fork|kept|") && line.contains("/mnt/other"));
    assertThat(row(Catalog.SETTINGS, "ARCHIVE_LOCATIONS").orElseThrow().value("value"))
        .isEqualTo("/mnt/archive");
  }

  @Test
  void twoMembersWithOneHandle_areKeptApart() throws IOException {
    write("archive", "anna", tx -> tx.add(member("clara")));
    write("other", "anna", tx -> tx.add(member("clara").with(Map.of("display_name", "Clara B."))));
    write("other", "clara", tx -> tx.add(prayer("p9", "clara", "For my mother.")));
    assertThat(join(false).collisions())
        .singleElement()
        .extracting(Collision::decisions)
        .isEqualTo(List.of("as|members|clara|NEW|"));
    assertThat(join(false, "keep|members|clara|surely the same").collisions())
        .as("who joined there must not become who joined here")
        .hasSize(1);
    assertThatThrownBy(() -> join(false, "as|members|clara|boris|two people"))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("there is a row boris already");
    join(false, "as|members|clara|clara_2|two people");
    assertThat(row(Catalog.MEMBERS, "clara_2").orElseThrow().value("display_name"))
        .isEqualTo("Clara B.");
    assertThat(row(Catalog.PRAYERS, "p9").orElseThrow().value("author")).isEqualTo("clara_2");
    assertThat(changes().stream().filter(change -> change.row().key().equals("p9")))
        .allMatch(change -> change.stamp().cause().actor().equals("clara_2"));
  }

  @Test
  void aReferenceLeadsNowhereHere_aDecisionIsNeeded() throws IOException {
    write("archive", "anna", tx -> tx.remove(Catalog.MEMBERS, "boris"));
    write("other", "anna", tx -> tx.add(prayer("p3", "boris", "For peace.")));
    assertThat(join(false).collisions())
        .singleElement()
        .extracting(Collision::what)
        .isEqualTo("names in author a row of members that is not there");
    join(false, "keep|prayers|p3|boris asked for it");
    assertThat(row(Catalog.PRAYERS, "p3")).isEmpty();
  }

  @Test
  void theyRemovedWhatWeName_aDecisionIsNeeded() throws IOException {
    write("archive", "anna", tx -> tx.add(prayer("p3", "boris", "For peace.")));
    write("other", "anna", tx -> tx.remove(Catalog.MEMBERS, "boris"));
    assertThat(join(false).collisions())
        .singleElement()
        .extracting(Collision::key)
        .isEqualTo("boris");
    join(false, "keep|members|boris|still with us");
    assertThat(row(Catalog.MEMBERS, "boris")).isPresent();
  }

  @Test
  void theOtherGoesOn_onlyWhatIsNewIsTaken_andBothWaysEnd() throws IOException {
    write("archive", "anna", tx -> tx.add(prayer("p2", "anna", "Ours.")));
    write("other", "boris", tx -> tx.add(prayer("p3", "boris", "Theirs.")));
    join(false);
    write("other", "boris", tx -> tx.add(prayer("p4", "boris", "Theirs again.")));
    assertThat(state()).isEqualTo(new PlaceState.Forked(5));
    HistoryJoin.Result again = join(false);
    assertThat(again.theirs()).isEqualTo(1);
    assertThat(Objects.requireNonNull(again.joined()).taken()).isEqualTo(1);

    assertThat(new PlaceGuard(other()).findings(archive().toString()))
        .singleElement()
        .asString()
        .contains("That one has taken by a join what this one has, and is the one that goes on");
    HistoryJoin.Result back = joined("other", "archive", false);
    assertThat(Objects.requireNonNull(back.joined()).taken())
        .as("theirs were not taken back, ours was")
        .isEqualTo(1);
    assertThat(changes().stream().filter(change -> change.row().key().equals("p4"))).hasSize(1);
  }

  @Test
  void placeIsAhead_orOfAnotherCommunity_orTheArchiveItself_isRefused() throws IOException {
    write("other", "boris", tx -> tx.add(prayer("p3", "boris", "Theirs.")));
    assertThatThrownBy(() -> join(false))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("Run: thywill repair-archives --from " + other() + " --apply");
    assertThatThrownBy(() -> joined("archive", "archive", false))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("is the archive itself");
    Ledger.found(folder.resolve("stranger"), "c0c0a", clock);
    assertThatThrownBy(() -> joined("archive", "stranger", false))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining("another community");
  }

  @Test
  void operationsOfTheOther_areKeptAsLines_andDoneToNothingHere() throws IOException {
    write("archive", "anna", tx -> tx.add(prayer("p2", "anna", "Ours.")));
    write(
        "other",
        "system",
        tx -> tx.add(new OperationLog.Entry("x1", "gap", "lost", "prayers", "").row()));
    join(false);
    assertThat(operations())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("fork|there|") && line.contains("|gap|lost|"));
  }
}
