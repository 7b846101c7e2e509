package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.settings.Feature;
import org.thywill.community.settings.Settings;

class SignInTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static List<String> audit(CommunityFixture fixture, String request) throws IOException {
    return fixture.where(Catalog.Audit.REQUEST, request).stream()
        .sorted(Comparator.comparing(row -> row.get(Catalog.Audit.CREATED_AT).orElse(0L)))
        .map(
            row ->
                row.get(Catalog.Audit.ACTION).orElse("")
                    + " "
                    + row.get(Catalog.Audit.ACTOR_TYPE).orElse("")
                    + " "
                    + row.get(Catalog.Audit.ACTOR_MEMBER).orElse("-"))
        .toList();
  }

  private static Optional<Boolean> isFull(CommunityFixture fixture, Sessions.Session session)
      throws IOException {
    return Sessions.find(fixture.view(), session.id(), fixture.clock.instant())
        .map(Sessions.Session::isFull);
  }

  private static Optional<Sessions.Session> letIn(
      CommunityFixture fixture, SignIn.NewSignIn waiting) throws IOException {
    return fixture.signIn.complete(waiting.session().member(), waiting.session().id());
  }

  private static List<String> events(CommunityFixture fixture) throws IOException {
    return fixture.rows(Catalog.SECURITY_EVENTS).stream()
        .map(row -> row.get(Catalog.SecurityEvents.EVENT).orElse(""))
        .toList();
  }

  @Test
  void request_waits_andTellsTheOthers() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.shutOut("dora");
      SignIn.NewSignIn waiting = fixture.signIn.request(" BEN ", TABLET);

      Row request = fixture.row(Catalog.AUTH_REQUESTS, waiting.id());
      assertThat(request.get(Catalog.AuthRequests.MEMBER)).contains("ben");
      assertThat(request.get(Catalog.AuthRequests.STATUS)).contains("pending");
      assertThat(request.is(Catalog.AuthRequests.CODE_WITHHELD)).isTrue();
      assertThat(isFull(fixture, waiting.session())).contains(false);
      assertThat(audit(fixture, waiting.id())).containsExactly("created user -");
      assertThat(fixture.where(Catalog.Notifications.REQUEST, waiting.id()))
          .extracting(row -> row.get(Catalog.Notifications.MEMBER).orElse(""))
          .containsExactlyInAnyOrder("anna", "ben", "clara");
      assertThat(fixture.writtenAfter(fixture.lastSeq() - 1))
          .allSatisfy(change -> assertThat(change.stamp().cause().actor()).isEqualTo("system"));
    }
  }

  @Test
  void secrets_areNowhereInTheFiles() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.pass(Duration.ofDays(8));
      Sessions.Session session = fixture.sessions.start("ben", CommunityFixture.PHONE);
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      fixture.signIn.approve("clara", waiting.id(), waiting.code());
      fixture.ledger.checkpoint();

      assertThat(session.id()).matches("[0-9a-f]{64}");
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(session.id())
              .doesNotContain(waiting.session().id())
              .doesNotContain("|" + waiting.code() + "|");
        }
      }
      assertThat(session.toString() + waiting)
          .doesNotContain(session.id())
          .doesNotContain(waiting.code());
    }
  }

  /** Two people on one network with the same browser are two, even when they ask at once. */
  @Test
  void request_fromTheSameAddressAndBrowser_hasDigitsAndADecisionOfItsOwn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.NewSignIn bens = fixture.signIn.request("ben", TABLET);
      SignIn.NewSignIn stranger = fixture.signIn.request("ben", TABLET);
      assertThat(stranger.id()).isNotEqualTo(bens.id());
      assertThat(stranger.code()).isNotEqualTo(bens.code());
      assertThatThrownBy(() -> fixture.signIn.approve("anna", stranger.id(), bens.code()))
          .isInstanceOf(ForbiddenException.class);
      fixture.signIn.approve("anna", bens.id(), bens.code());
      assertThat(isFull(fixture, letIn(fixture, bens).orElseThrow())).contains(true);
      assertThat(letIn(fixture, stranger)).isEmpty();
      assertThat(isFull(fixture, stranger.session())).contains(false);
    }
  }

  /** A secret that was in the browser before the approval opens nothing afterwards. */
  @Test
  void complete_ofAnApprovedSignIn_givesTheDeviceANewSecretOnce() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      assertThat(letIn(fixture, waiting)).isEmpty();
      fixture.signIn.approve("anna", waiting.id(), waiting.code());
      assertThat(isFull(fixture, waiting.session())).contains(false);
      assertThat(fixture.signIn.complete("clara", waiting.session().id())).isEmpty();

      Sessions.Session session = letIn(fixture, waiting).orElseThrow();
      assertThat(session.id()).isNotEqualTo(waiting.session().id());
      assertThat(isFull(fixture, session)).contains(true);
      assertThat(isFull(fixture, waiting.session())).isEmpty();
      assertThat(letIn(fixture, waiting)).isEmpty();
    }
  }

  @Test
  void letIn_underAName_isToldToThatMember_whoCanSignOutAllOtherDevices() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      Sessions.Session own = fixture.sessions.start("ben", CommunityFixture.PHONE);
      Sessions.Session ofClara = fixture.sessions.start("clara", CommunityFixture.PHONE);
      fixture.pass(Duration.ofSeconds(1));
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      fixture.signIn.approve("anna", waiting.id(), waiting.code());
      Sessions.Session other = letIn(fixture, waiting).orElseThrow();
      String link = fixture.signInLinks.makeOwn("ben");
      EntryNotice notice = EntryNotice.unanswered(fixture.view(), "ben", own.id()).getFirst();
      assertThat(notice.device()).isEqualTo(TABLET);
      assertThat(EntryNotice.unansweredCount(fixture.view(), "clara", ofClara.id())).isZero();
      // A person who was let in neither sees the notice nor confirms themselves.
      assertThat(EntryNotice.unanswered(fixture.view(), "ben", other.id())).isEmpty();
      assertThatThrownBy(() -> fixture.signIn.own("ben", notice.id(), other.id()))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.signIn.disown("ben", notice.id(), other.id()))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.signIn.disown("clara", notice.id(), ofClara.id()))
          .isInstanceOf(InvalidInputException.class);

      fixture.signIn.disown("ben", notice.id(), own.id());
      assertThat(isFull(fixture, other)).isEmpty();
      assertThat(isFull(fixture, own)).contains(true);
      assertThat(isFull(fixture, ofClara)).contains(true);
      assertThatThrownBy(() -> fixture.signInLinks.accept(link, TABLET))
          .isInstanceOf(ForbiddenException.class);
      assertThat(EntryNotice.unansweredCount(fixture.view(), "ben", own.id())).isZero();
      assertThat(events(fixture)).contains("sign_in_disowned");
    }
  }

  @Test
  void link_thatSignsIn_isToldToItsMember() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session own = fixture.sessions.start("ben", CommunityFixture.PHONE);
      fixture.pass(Duration.ofSeconds(1));
      Sessions.Session other =
          fixture.signInLinks.accept(
              fixture.signInLinks.makeForOperator("ben", Duration.ofHours(1)).token(), TABLET);
      assertThat(EntryNotice.unansweredCount(fixture.view(), "ben", own.id())).isEqualTo(1);
      assertThat(EntryNotice.unansweredCount(fixture.view(), "ben", other.id())).isZero();
      String notice = EntryNotice.unanswered(fixture.view(), "ben", own.id()).getFirst().id();
      fixture.signIn.own("ben", notice, own.id());
      assertThat(EntryNotice.unansweredCount(fixture.view(), "ben", own.id())).isZero();
    }
  }

  @Test
  void approve_byTwoPeers_signsIn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      assertThat(fixture.signIn.approve("clara", waiting.id(), waiting.code()))
          .isEqualTo(new SignIn.Approvals(1, 2, false));
      assertThat(isFull(fixture, waiting.session())).contains(false);
      assertThatThrownBy(() -> fixture.signIn.approve("clara", waiting.id(), waiting.code()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      fixture.pass(Duration.ofMinutes(1));
      assertThat(fixture.signIn.approve("dora", waiting.id(), waiting.code()))
          .isEqualTo(new SignIn.Approvals(2, 2, true));

      assertThat(isFull(fixture, letIn(fixture, waiting).orElseThrow())).contains(true);
      Row request = fixture.row(Catalog.AUTH_REQUESTS, waiting.id());
      assertThat(request.get(Catalog.AuthRequests.STATUS)).contains("approved");
      assertThat(request.get(Catalog.AuthRequests.APPROVED_BY)).contains("dora");
      assertThat(audit(fixture, waiting.id()))
          .containsExactlyInAnyOrder(
              "created user -",
              "approval_vote peer clara",
              "approval_vote peer dora",
              "approved peer dora");
      assertThatThrownBy(() -> fixture.signIn.approve("anna", waiting.id(), waiting.code()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("approved already");
    }
  }

  @Test
  void approve_asManyPeersAsTheSettingSays() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Ben", "Clara", "Dora", "Emil")) {
      fixture.pass(Duration.ofDays(8));
      fixture.settings.set("anna", Settings.PEER_APPROVAL_COUNT, "3");
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      assertThat(fixture.signIn.approve("clara", waiting.id(), waiting.code()).isApproved())
          .isFalse();
      assertThat(fixture.signIn.approve("dora", waiting.id(), waiting.code()).isApproved())
          .isFalse();
      assertThat(fixture.signIn.approve("emil", waiting.id(), waiting.code()).isApproved())
          .isTrue();
    }
  }

  @Test
  void approve_byAnAdminOrByTheMembersOwnDevice_isEnough() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.NewSignIn first = fixture.signIn.request("ben", TABLET);
      assertThat(fixture.signIn.approve("anna", first.id(), first.code()).isApproved()).isTrue();
      SignIn.NewSignIn second = fixture.signIn.request("ben", TABLET);
      assertThat(fixture.signIn.approve("ben", second.id(), second.code()).isApproved()).isTrue();
      assertThat(audit(fixture, first.id())).contains("approved admin anna");
      assertThat(audit(fixture, second.id())).contains("approved self ben");
    }
  }

  @Test
  void request_byTheExactName_isForThatMember_whereSeveralNamesAreAlike() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ruth Amsel")) {
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.MEMBERS)
                      .set(Catalog.Members.HANDLE, "ruth_amsel_2")
                      .set(Catalog.Members.DISPLAY_NAME, "ruth amsel")
                      .set(Catalog.Members.CREATED_AT, 1L)
                      .set(Catalog.Members.WELCOME_DISMISSED, false)
                      .set(Catalog.Members.IS_SUPPORTER, false)
                      .build()));
      for (String[] each :
          new String[][] {
            {"ruth amsel", "ruth_amsel_2"},
            {"Ruth Amsel", "ruth_amsel"},
            {"RUTH AMSEL", "ruth_amsel"}
          }) {
        SignIn.NewSignIn waiting = fixture.signIn.request(each[0], TABLET);
        assertThat(
                fixture.row(Catalog.AUTH_REQUESTS, waiting.id()).get(Catalog.AuthRequests.MEMBER))
            .contains(each[1]);
      }
    }
  }

  @Test
  void approve_withAWrongCode_isRefusedAndWrittenDown() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      String wrong = waiting.code().equals("000000") ? "000001" : "000000";
      assertThatThrownBy(() -> fixture.signIn.approve("clara", waiting.id(), wrong))
          .isInstanceOf(ForbiddenException.class);
      assertThat(events(fixture)).containsExactly("wrong_code");
      assertThat(fixture.rows(Catalog.AUTH_APPROVALS)).isEmpty();

      fixture.settings.set("anna", Settings.REQUIRE_VERIFICATION_CODE, "true");
      assertThatThrownBy(() -> fixture.signIn.approve("clara", waiting.id()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("six digits");
      assertThat(fixture.signIn.approve("clara", waiting.id(), " " + waiting.code() + " ").given())
          .isEqualTo(1);
    }
  }

  @Test
  void code_followsFromKeyAndRequest_only() {
    VerificationCodes codes = new VerificationCodes(CommunityFixture.serverKey());
    assertThat(codes.code("a", 1))
        .matches("[0-9]{6}")
        .isEqualTo(new VerificationCodes(CommunityFixture.serverKey()).code("a", 1));
    Set<String> many = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      many.add(codes.code("request" + i, 1));
    }
    assertThat(many).hasSizeGreaterThan(190);
    byte[] other = new byte[32];
    other[31] = 1;
    assertThat(new VerificationCodes(other).code("a", 1)).isNotEqualTo(codes.code("a", 1));
    assertThat(codes.code("a", 2)).isNotEqualTo(codes.code("a", 1));
    assertThatThrownBy(() -> new VerificationCodes(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reject_byAnAdminOrTheMember_takesTheSessionAway() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.NewSignIn first = fixture.signIn.request("ben", TABLET);
      assertThatThrownBy(() -> fixture.signIn.reject("clara", first.id(), ""))
          .isInstanceOf(ForbiddenException.class);
      fixture.signIn.reject("anna", first.id(), "it was somebody else");
      SignIn.NewSignIn second = fixture.signIn.request("ben", TABLET);
      fixture.signIn.reject("ben", second.id(), "not me");

      assertThat(isFull(fixture, first.session())).isEmpty();
      assertThat(isFull(fixture, second.session())).isEmpty();
      assertThat(fixture.row(Catalog.AUTH_REQUESTS, first.id()).get(Catalog.AuthRequests.STATUS))
          .contains("rejected");
      assertThat(audit(fixture, second.id())).contains("rejected self ben");
      assertThat(events(fixture)).containsExactly("sign_in_rejected", "sign_in_rejected");
    }
  }

  @Test
  void expire_endsWhatHasWaitedAWeek_andNothingElse() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.NewSignIn old = fixture.signIn.request("ben", TABLET);
      fixture.pass(Duration.ofDays(4));
      SignIn.NewSignIn young = fixture.signIn.request("clara", TABLET);
      fixture.pass(Duration.ofDays(3));
      assertThatThrownBy(() -> fixture.signIn.approve("anna", old.id()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("too long");

      assertThat(fixture.signIn.expire()).isEqualTo(1);
      assertThat(fixture.signIn.expire()).isZero();
      assertThat(fixture.row(Catalog.AUTH_REQUESTS, old.id()).get(Catalog.AuthRequests.STATUS))
          .contains("expired");
      assertThat(fixture.row(Catalog.AUTH_REQUESTS, young.id()).get(Catalog.AuthRequests.STATUS))
          .contains("pending");
      assertThat(audit(fixture, old.id())).contains("expired system -");
      assertThat(isFull(fixture, old.session())).isEmpty();
    }
  }

  @Test
  void request_asNobodyOrSomebodyShutOut_saysTheSame_andIsWrittenDown() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.shutOut("ben");
      assertThatThrownBy(() -> fixture.signIn.request("ben", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("Nobody of that name can sign in here.");
      assertThatThrownBy(() -> fixture.signIn.request("nobody", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("Nobody of that name can sign in here.");
      assertThat(fixture.rows(Catalog.SECURITY_EVENTS))
          .extracting(
              row ->
                  row.get(Catalog.SecurityEvents.EVENT).orElse("")
                      + " "
                      + row.get(Catalog.SecurityEvents.MEMBER).orElse("-"))
          .containsExactlyInAnyOrder("failed_login ben", "failed_login -");
      assertThat(fixture.rows(Catalog.AUTH_REQUESTS)).isEmpty();
    }
  }

  @Test
  void request_tooOftenFromOneAddress_isRefusedForAnHour_notedOnce_andLocksNobodyElseOut()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> fixture.signIn.request("nobody", TABLET))
            .isInstanceOf(ForbiddenException.class);
      }
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> fixture.signIn.request("ben", TABLET))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("too many");
      }
      assertThat(events(fixture).stream().filter("rate_limit_hit"::equals)).hasSize(1);
      fixture.signIn.request("ben", CommunityFixture.PHONE);
      fixture.pass(Duration.ofMinutes(61));
      fixture.signIn.request("ben", TABLET);
    }
  }

  @Test
  void request_refusedAgainAndAgain_leavesOneLineOfAKindWithinTheHour() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      for (int i = 0; i < 40; i++) {
        assertThatThrownBy(() -> fixture.signIn.request("nobody", TABLET))
            .isInstanceOf(ForbiddenException.class);
      }
      assertThat(events(fixture)).containsExactlyInAnyOrder("failed_login", "rate_limit_hit");
      fixture.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
      for (int i = 0; i < 9; i++) {
        assertThatThrownBy(() -> fixture.signIn.request("ben", CommunityFixture.PHONE))
            .isInstanceOf(ForbiddenException.class);
      }
      assertThat(events(fixture))
          .containsExactlyInAnyOrder("failed_login", "rate_limit_hit", "sign_in_off");
    }
  }

  @Test
  void request_ofOneNameFromManyAddresses_letsEachWait_butStopsTellingEverybody()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      List<SignIn.NewSignIn> waiting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        waiting.add(fixture.signIn.request("ben", new Device("A browser", "203.0.113." + i)));
      }
      assertThat(waiting)
          .extracting(each -> fixture.where(Catalog.Notifications.REQUEST, each.id()).size())
          .containsExactly(4, 4, 4, 1, 1, 1);
      assertThat(
              fixture
                  .signIn
                  .approve("ben", waiting.getLast().id(), waiting.getLast().code())
                  .isApproved())
          .isTrue();
    }
  }

  @Test
  void digits_tenTimesWrong_endTheSignInForEverybody() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      for (int i = 0; i < 10; i++) {
        String approver = i % 2 == 0 ? "clara" : "dora";
        assertThat(isFull(fixture, waiting.session())).contains(false);
        assertThatThrownBy(() -> fixture.signIn.approve(approver, waiting.id(), "12345"))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("not the digits");
      }
      assertThat(events(fixture)).containsExactly("wrong_code", "wrong_code");
      assertThat(isFull(fixture, waiting.session())).isEmpty();
      assertThat(audit(fixture, waiting.id())).contains("expired system -");
      for (String approver : List.of("anna", "ben", "clara")) {
        assertThatThrownBy(() -> fixture.signIn.approve(approver, waiting.id(), waiting.code()))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("expired already");
      }
    }
  }

  @Test
  void digits_tenTimesWrongByOneMember_areRefusedForOtherSignInsToo() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn first = fixture.signIn.request("ben", TABLET);
      SignIn.NewSignIn second = fixture.signIn.request("ben", TABLET);
      for (int i = 0; i < 10; i++) {
        String signIn = i % 2 == 0 ? first.id() : second.id();
        assertThatThrownBy(() -> fixture.signIn.approve("clara", signIn, "12345"))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("not the digits");
      }
      assertThatThrownBy(() -> fixture.signIn.approve("clara", second.id(), second.code()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("too many");
      assertThat(events(fixture)).containsExactly("wrong_code");
      assertThat(fixture.signIn.approve("anna", second.id(), second.code()).isApproved()).isTrue();
    }
  }

  @Test
  void digits_areAcceptedForMinutes() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.clock.setTo(Instant.parse("2026-03-05T05:00:00Z"));
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      fixture.pass(Duration.ofMinutes(20));
      String now = fixture.signIn.code(fixture.view(), waiting.id(), fixture.clock.instant());
      assertThat(now).isNotEqualTo(waiting.code());
      assertThatThrownBy(() -> fixture.signIn.approve("anna", waiting.id(), waiting.code()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("not the digits");
      fixture.pass(Duration.ofMinutes(19));
      assertThat(fixture.signIn.approve("anna", waiting.id(), now).isApproved()).isTrue();

      fixture.settings.set("anna", Settings.VERIFICATION_CODE_MINUTES, "2");
      SignIn.NewSignIn second = fixture.signIn.request("ben", TABLET);
      fixture.pass(Duration.ofMinutes(4));
      assertThatThrownBy(() -> fixture.signIn.approve("anna", second.id(), second.code()))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void request_byNameOrByHandle_findsTheMember() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String handle = fixture.join("Νικόλαος Ανδρέου").handle();
      assertThat(fixture.signIn.request("νικόλαος ανδρέου ", TABLET).session().member())
          .isEqualTo(handle);
      assertThat(fixture.signIn.request(handle, CommunityFixture.PHONE).session().member())
          .isEqualTo(handle);
    }
  }

  @Test
  void request_whileTheFeatureIsOff_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
      assertThatThrownBy(() -> fixture.signIn.request("ben", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("turned off");
      assertThat(events(fixture)).containsExactly("sign_in_off");
    }
  }

  @Test
  void request_inALargeCommunity_tellsFiftyAtMost_theNearestFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.members.invite("anna", Duration.ofDays(9), OptionalLong.empty());
      for (int i = 0; i < 60; i++) {
        fixture.members.join(token, "Member " + (char) ('A' + i % 26) + i, Device.UNKNOWN);
      }
      SignIn.NewSignIn waiting = fixture.signIn.request("Member A0", TABLET);
      List<Row> told = fixture.where(Catalog.Notifications.REQUEST, waiting.id());
      assertThat(told)
          .hasSize(50)
          .extracting(row -> row.get(Catalog.Notifications.MEMBER).orElse(""))
          .contains("anna", "member_a0");
    }
  }

  @Test
  void find_endedOrRunOutOrShutOut_isNobody() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session ended = fixture.sessions.start("ben", TABLET);
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      fixture.sessions.end(ended.id());
      fixture.sessions.end("never there");
      assertThat(isFull(fixture, ended)).isEmpty();
      assertThat(isFull(fixture, session)).contains(true);
      fixture.pass(Duration.ofDays(90));
      assertThat(isFull(fixture, session)).isEmpty();
      Sessions.Session later = fixture.sessions.start("ben", TABLET);
      fixture.shutOut("ben");
      assertThat(isFull(fixture, later)).isEmpty();
      assertThatThrownBy(() -> fixture.sessions.start("ben", TABLET))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void markRead_isForWhoWasTold() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.signIn.request("ben", TABLET);
      Row told = fixture.where(Catalog.Notifications.MEMBER, "clara").getFirst();
      assertThatThrownBy(() -> fixture.signIn.markRead("anna", told.key()))
          .isInstanceOf(InvalidInputException.class);
      fixture.signIn.markRead("clara", told.key());
      long before = fixture.lastSeq();
      fixture.signIn.markRead("clara", told.key());
      assertThat(fixture.row(Catalog.NOTIFICATIONS, told.key()).is(Catalog.Notifications.IS_READ))
          .isTrue();
      assertThat(fixture.lastSeq()).isEqualTo(before);
    }
  }

  @Test
  void device_tamesWhatStrangersSend() {
    Device device = new Device("x".repeat(9_000) + "\uD800", "\uDC00");
    assertThat(device.description()).hasSize(500);
    assertThat(device.address()).isEqualTo("\uFFFD");
  }
}
