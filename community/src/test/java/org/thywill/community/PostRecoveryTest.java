package org.thywill.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.demo.SettableClock;
import org.thywill.community.signin.RecoveryCodes;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.StartRefusedException;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.OverridesFile;
import org.thywill.operations.recovery.Recovery;
import org.thywill.progress.ProgressListener;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewReader;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.RecoveryMarker;

/**
 * What cannot be had is named and never invented, and what follows a recovery is written down when
 * service resumes, not before.
 */
class PostRecoveryTest {
  private static final SettableClock LATER =
      new SettableClock(Instant.parse("2026-03-06T07:08:09Z"));

  @TempDir Path folder;

  private Path archive() {
    return folder.resolve("text_archives");
  }

  private Path database() {
    return folder.resolve("community.db");
  }

  private Recovery.Result recover(boolean acceptMissing, @Nullable OverridesFile overrides)
      throws IOException {
    return new Recovery(archive(), database(), ProgressListener.NONE, "now")
        .run(
            new Recovery.Plan(
                PointInTime.NOW, Set.of(), true, false, acceptMissing, false, overrides));
  }

  private Ledger open() throws IOException {
    return Ledger.openAt(archive(), database(), LATER, ProgressListener.NONE);
  }

  private static Optional<PostRecovery.Outlook> resume(Ledger ledger) throws IOException {
    return new Community(ledger, new Ids(new SplittableRandom(8)), CommunityFixture.serverKey())
        .resumption()
        .resume();
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (var all = Files.walk(archive())) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(file -> !file.endsWith(".lock")).toList()) {
        files.put(
            archive().relativize(file).toString(), Files.readString(file, StandardCharsets.UTF_8));
      }
    }
    return files;
  }

  /**
   * Spoils each copy of a line in all files but the pages, or in the pages too: its check is not
   * right any more.
   */
  private int spoil(String text, boolean inPagesToo) throws IOException {
    int spoiled = 0;
    for (Map.Entry<String, String> file : files().entrySet()) {
      if (!inPagesToo && file.getKey().contains("_prayer_at_")) {
        continue;
      }
      StringBuilder out = new StringBuilder();
      for (String line : file.getValue().split("(?<=\n)", -1)) {
        boolean is =
            line.contains(text) && (line.contains("|added|") || line.contains("|changed|"));
        spoiled += is ? 1 : 0;
        out.append(is ? line.replaceFirst("\\|[0-9a-f]{8}\n$", "|00000000\n") : line);
      }
      Files.writeString(archive().resolve(file.getKey()), out.toString(), StandardCharsets.UTF_8);
    }
    return spoiled;
  }

  private void mark(PendingRecovery note) throws IOException {
    RecoveryMarker.recovered(database(), note);
  }

  @Test
  void recover_sound_writesNothingDown_andSessionsEndWhenServiceResumes() throws IOException {
    String request;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      request = fixture.signIn.request("Tom", CommunityFixture.LAPTOP).id();
    }
    Map<String, String> before = files();
    assertThat(recover(false, null).proven()).isTrue();
    assertThat(files()).isEqualTo(before);
    try (Ledger ledger = open()) {
      PostRecovery.Outlook outlook = resume(ledger).orElseThrow();
      assertThat(outlook.defaults())
          .containsExactly(
              "1 sign-ins that waited for approval end; their members ask again",
              "3 sessions end; members sign in again");
      assertThat(outlook.advice())
          .containsExactly("No invite can be used any more; members make new ones.");
      assertThat(resume(ledger)).isEmpty();
      try (ViewReader view = ledger.read()) {
        assertThat(view.count(Catalog.SESSIONS)).isZero();
        assertThat(
                view.find(Catalog.AUTH_REQUESTS, request)
                    .orElseThrow()
                    .get(Catalog.AuthRequests.STATUS))
            .hasValue("expired");
        assertThat(view.findBy(Catalog.Operations.KIND, "resume")).hasSize(1);
      }
    }
    Map<String, String> sessions = files();
    assertThat(sessions.get("auth/2026_03_sessions.txt"))
        .contains("|removed|", "|system|service resumes after a recovery as of change ");
  }

  @Test
  void recover_lineThatStandsNowhere_isRefusedUnlessAsked_thenNamedAndNotServed()
      throws IOException {
    long seq;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom", "Ann")) {
      String prayer = fixture.ask("tom");
      fixture.prayers.markPrayed("ann", prayer, "");
      seq =
          fixture
              .view()
              .seqOf(Catalog.MARKS, fixture.rows(Catalog.MARKS).getFirst().key())
              .orElseThrow();
    }
    String id;
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      List<Row> marks = new ArrayList<>();
      view.forEach(Catalog.MARKS, marks::add);
      id = marks.getFirst().key();
    }
    assertThat(spoil("|" + id + "|", true)).as("log, journal and page").isEqualTo(3);
    Map<String, String> before = files();
    assertThatThrownBy(() -> recover(false, null)).isInstanceOf(DamagedArchiveException.class);

    Recovery.Result result = recover(true, null);
    assertThat(result.proven()).isFalse();
    assertThat(result.tables())
        .containsEntry("marks", 0L)
        .containsEntry("members", 3L)
        .containsEntry("prayers", 1L);
    assertThat(result.findings())
        .filteredOn(finding -> finding.code().equals("change-lost"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
              assertThat(finding.toString())
                  .isEqualTo(
                      "prayers/marks/2026_03_marks.txt: change "
                          + seq
                          + " cannot be had from anywhere, and the database was made without;"
                          + " expected in this log");
            });
    assertThat(files()).as("a recovery appends nothing").isEqualTo(before);
    assertThatThrownBy(this::open)
        .isInstanceOf(StartRefusedException.class)
        .hasMessageContaining("lacks the changes " + seq + ":");
  }

  @Test
  void recover_lineThatAPageStillHas_isComplete() throws IOException {
    String mark;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      fixture.prayers.markPrayed("tom", fixture.ask("tom"), "");
      mark = fixture.rows(Catalog.MARKS).getFirst().key();
    }
    assertThat(spoil("|" + mark + "|", false)).as("log and journal").isEqualTo(2);
    Recovery.Result result = recover(true, null);
    assertThat(result.tables()).containsEntry("marks", 1L);
    assertThat(result.findings()).extracting(Finding::code).doesNotContain("change-lost");
    assertThat(result.proven()).isTrue();
  }

  @Test
  void recover_memberWhoseFirstLineIsLost_isMadeFromALaterOneAndNamed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      fixture.members.dismissWelcome("tom");
    }
    assertThat(spoil("|tom|Tom|anna|", true)).isGreaterThan(0);
    String log = "users/2026_03_users.txt";
    assertThat(files().get(log)).contains("|00000000\n");
    Recovery.Result result = recover(true, null);
    assertThat(result.tables()).containsEntry("members", 1L);
    assertThat(result.findings())
        .filteredOn(finding -> finding.code().equals("change-lost"))
        .hasSize(2);
  }

  @Test
  void resume_aRightThatALostLineMayHaveEnded_ends_unlessDecided() throws IOException {
    String moderator;
    long last;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      fixture.appoint("tom");
      moderator =
          fixture.rows(Catalog.ROLE_ASSIGNMENTS).stream()
              .filter(row -> row.has(Catalog.RoleAssignments.ROLE, Roles.MODERATOR))
              .findFirst()
              .orElseThrow()
              .key();
      last = fixture.lastSeq();
    }
    List<PendingRecovery.Lost> lost =
        List.of(new PendingRecovery.Lost(last + 1, last + 1, List.of("role_assignments")));
    mark(
        new PendingRecovery(
            last,
            lost,
            true,
            List.of(
                new PendingRecovery.Decision(
                    "keep|role_assignments|" + moderator + "|everybody knows", "Anna", 7))));
    try (Ledger ledger = open()) {
      PostRecovery.Outlook outlook = resume(ledger).orElseThrow();
      assertThat(outlook.defaults())
          .filteredOn(text -> text.startsWith("anna has the role admin no longer"))
          .hasSize(1);
      assertThat(outlook.defaults())
          .noneMatch(text -> text.startsWith("tom has"))
          .anyMatch(
              text ->
                  text.startsWith(
                      "1 account is held back, since a line that is lost may have deactivated it:"
                          + " anna; an admin lets each in again on the page of the member"));
      assertThat(outlook.advice())
          .contains(
              "No member may do everything, and the recovery promotes none. For a link that makes"
                  + " one member admin, run: thywill admin-link");
      try (ViewReader view = ledger.read()) {
        assertThat(Roles.permits(view, "anna", Permission.MANAGE_ROLES, LATER.instant())).isFalse();
        assertThat(Roles.permits(view, "tom", Permission.MODERATE_PRAYERS, LATER.instant()))
            .isTrue();
        assertThat(Roles.takesPart(view, "anna", LATER.instant())).isFalse();
        assertThat(Roles.takesPart(view, "tom", LATER.instant())).isTrue();
        assertThat(view.findBy(Catalog.Operations.KIND, "override"))
            .singleElement()
            .satisfies(
                row ->
                    assertThat(row.get(Catalog.Operations.DETAILS))
                        .hasValue(
                            "Anna decided, instead of change 7: keep|role_assignments|"
                                + moderator
                                + "|everybody knows"));
      }
    }
    mark(new PendingRecovery(last + 50, lost, true, List.of()));
    try (Ledger ledger = open()) {
      resume(ledger);
      try (ViewReader view = ledger.read()) {
        assertThat(Roles.permits(view, "tom", Permission.MODERATE_PRAYERS, LATER.instant()))
            .as("kept once is kept")
            .isTrue();
      }
    }
  }

  @Test
  void resume_roleWhoseDefinitionIsLost_isTheProgramsOwn_andTheRightsThatItGaveEnd()
      throws IOException {
    long last;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      fixture.appoint("tom");
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx -> { // as if the lines were lost
            tx.remove(Catalog.ROLES, Roles.MODERATOR);
            tx.remove(Catalog.ROLES, Roles.MEMBER);
          });
      last = fixture.lastSeq();
    }
    mark(
        new PendingRecovery(
            last,
            List.of(new PendingRecovery.Lost(last - 1, last, List.of("roles"))),
            true,
            List.of()));
    try (Ledger ledger = open()) {
      assertThat(resume(ledger).orElseThrow().defaults())
          .contains(
              "the definition of the role member is lost; the program's own stands in for it",
              "the definition of the role moderator is lost; the program's own stands in for it")
          .anyMatch(text -> text.startsWith("tom has the role moderator no longer"));
      try (ViewReader view = ledger.read()) {
        assertThat(view.count(Catalog.ROLES)).as("with that of accounts held back").isEqualTo(4);
        assertThat(Roles.takesPart(view, "tom", LATER.instant()))
            .as("what the role of members allowed is not known")
            .isFalse();
        assertThat(Roles.permits(view, "tom", Permission.MODERATE_PRAYERS, LATER.instant()))
            .isFalse();
      }
    }
  }

  /** A deactivation and the end of an invite are lost; all accounts are kept by one decision. */
  @Test
  void resume_accountsAndLinksInDoubt_areHeldBackAndClosed_unlessDecided() throws IOException {
    String invite;
    long last;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom", "Ann")) {
      invite = fixture.members.invite("anna");
      last = fixture.lastSeq();
      fixture.prayers.markPrayed("ann", fixture.ask("ann"), "");
    }
    List<PendingRecovery.Lost> lost =
        List.of(new PendingRecovery.Lost(last, last, List.of("role_assignments", "invites")));
    mark(new PendingRecovery(last + 4, lost, true, List.of()));
    try (Ledger ledger = open();
        ViewReader view = ledger.read()) {
      assertThat(PostRecovery.outlook(view, LATER.instant()).defaults())
          .anyMatch(text -> text.startsWith("2 accounts are held back"));
    }
    mark(
        new PendingRecovery(
            last + 4,
            lost,
            true,
            List.of(
                new PendingRecovery.Decision(
                    "keep|members|*|none was deactivated in May", "Anna", 0))));
    try (Ledger ledger = open()) {
      PostRecovery.Outlook outlook = resume(ledger).orElseThrow();
      assertThat(outlook.defaults())
          .noneMatch(text -> text.contains("held back"))
          .contains(
              "1 invite or link is closed, since a line that is lost may have used or ended it;"
                  + " members make new ones");
      try (ViewReader view = ledger.read()) {
        for (String member : List.of("anna", "tom", "ann")) {
          assertThat(Roles.takesPart(view, member, LATER.instant())).as(member).isTrue();
        }
        assertThat(
                InviteLinks.hasUsesLeft(view.find(Catalog.INVITES, Ids.hash(invite)).orElseThrow()))
            .isFalse();
      }
    }
  }

  /** The lost line may be that of the first code of Tom's, which was used. */
  @Test
  void resume_recoveryCodesThatALostLineMayHaveUsed_end_laterOnesStay() throws IOException {
    List<String> ofTom;
    long lost;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom", "Ann")) {
      ofTom = fixture.recoveryCodes.make("tom");
      fixture.ask("tom");
      lost = fixture.lastSeq();
      fixture.recoveryCodes.make("ann");
    }
    mark(
        new PendingRecovery(
            lost + 1,
            List.of(new PendingRecovery.Lost(lost, lost, List.of("recovery_codes"))),
            true,
            List.of()));
    try (Ledger ledger = open()) {
      assertThat(resume(ledger).orElseThrow().defaults())
          .contains(
              "10 recovery codes end, since a line that is lost may have used or replaced them;"
                  + " their members make new ones");
      try (ViewReader view = ledger.read()) {
        assertThat(RecoveryCodes.remaining(view, "tom").unused()).isZero();
        assertThat(RecoveryCodes.remaining(view, "ann").unused()).isEqualTo(RecoveryCodes.COUNT);
      }
      RecoveryCodes codes = new RecoveryCodes(ledger, new Ids(new SecureRandom()));
      assertThatThrownBy(() -> codes.use("Tom", ofTom.getFirst(), Device.UNKNOWN))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  /** The role may have been narrowed by the lost line, before the member got it. */
  @Test
  void resume_aRoleThatALostLineMayHaveNarrowed_allowsNothingMore_alsoIfItWasGivenLater()
      throws IOException {
    long lost;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      fixture.roles.define("anna", "caller", "", Set.of(Permission.MODERATE_PRAYERS));
      fixture.ask("tom");
      lost = fixture.lastSeq();
      fixture.roles.grant("anna", "tom", "caller", "");
    }
    mark(
        new PendingRecovery(
            lost + 1,
            List.of(new PendingRecovery.Lost(lost, lost, List.of("roles"))),
            true,
            List.of()));
    try (Ledger ledger = open()) {
      resume(ledger);
      try (ViewReader view = ledger.read()) {
        assertThat(Roles.permits(view, "tom", Permission.MODERATE_PRAYERS, LATER.instant()))
            .isFalse();
      }
    }
  }

  @Test
  void resume_prayerWhoseHidingIsLost_staysHidden() throws IOException {
    String prayer;
    long last;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      prayer = fixture.ask("tom");
      fixture.moderation.hide("anna", prayer, "names somebody");
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.change(
                  Catalog.PRAYERS,
                  prayer,
                  Values.of(Catalog.Prayers.MODERATION, "open"))); // as if the line were lost
      last = fixture.lastSeq();
    }
    mark(
        new PendingRecovery(
            last,
            List.of(new PendingRecovery.Lost(last - 1, last - 1, List.of("prayers"))),
            true,
            List.of()));
    try (Ledger ledger = open()) {
      assertThat(resume(ledger).orElseThrow().defaults())
          .contains(
              "prayers/"
                  + prayer
                  + " stays hidden, as a moderator decided; the line that said so is lost");
      try (ViewReader view = ledger.read()) {
        assertThat(view.find(Catalog.PRAYERS, prayer).orElseThrow().get(Catalog.Prayers.MODERATION))
            .hasValue("hidden");
      }
    }
  }

  @Test
  void decisions_areCarriedOutWhenServiceResumes_andArchived() throws IOException {
    String assignment;
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom", "Ann")) {
      assignment = fixture.where(Catalog.RoleAssignments.MEMBER, "tom").getFirst().key();
    }
    Path file = folder.resolve("decisions.txt");
    Files.writeString(
        file,
        "# after the night of the fourth\nby|Anna\n\nset|role_assignments|"
            + assignment
            + "|role|moderator|as the minutes say\nset|members|ann|invited_by|tom|she says so\n");
    recover(false, OverridesFile.read(file));
    try (Ledger ledger = open()) {
      assertThat(resume(ledger).orElseThrow().decisions()).hasSize(2);
      try (ViewReader view = ledger.read()) {
        assertThat(Roles.permits(view, "tom", Permission.MODERATE_PRAYERS, LATER.instant()))
            .isTrue();
        assertThat(view.find(Catalog.MEMBERS, "ann").orElseThrow().get(Catalog.Members.INVITED_BY))
            .hasValue("tom");
        assertThat(view.findBy(Catalog.Operations.KIND, "override")).hasSize(2);
      }
    }
    assertThat(files().get("operations/2026_operations.txt"))
        .contains("Anna decided, instead of change ", "as the minutes say");
  }

  @Test
  void decisions_withBadLines_areRefusedWithFileAndLineOfEach() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Tom")) {
      assertThat(fixture.lastSeq()).isPositive();
    }
    Path file = folder.resolve("decisions.txt");
    Files.writeString(file, "set|members|tom|invited_by|anna|why\n");
    assertThatThrownBy(() -> OverridesFile.read(file))
        .isInstanceOf(OperationRefusedException.class)
        .hasMessageContaining(file + ":1: expected by|NAME");
    Files.writeString(
        file,
        """
        by|Anna
        sett|members|tom|x
        set|member|tom|invited_by|anna|why
        set|members|tom|inviter|anna|why
        set|members|tom|handle|anna|why
        set|members|tom|created_at|yesterday|why
        set|members|tom|display_name|\\N|why
        drop|members|tom|
        keep|members|tom|why|more
        """);
    assertThatThrownBy(() -> OverridesFile.read(file))
        .isInstanceOf(OperationRefusedException.class)
        .satisfies(
            e ->
                assertThat(String.valueOf(e.getMessage()).lines().skip(1).map(String::strip))
                    .allSatisfy(line -> assertThat(line).startsWith(file + ":"))
                    .hasSize(8));
    Files.writeString(
        file,
        """
        by|Anna
        set|members|tom|invited_by|nobody|why
        drop|members|anna|why
        keep|members|eve|why
        """);
    Map<String, String> before = files();
    assertThatThrownBy(() -> recover(false, OverridesFile.read(file)))
        .isInstanceOf(OperationRefusedException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains(
                        file + ":2: there is no row members/nobody",
                        file + ":3: a row of ",
                        file + ":4: there is no row members/eve"));
    assertThat(files()).isEqualTo(before);
  }
}
