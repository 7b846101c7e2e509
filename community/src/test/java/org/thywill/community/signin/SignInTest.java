package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.settings.Feature;
import org.thywill.community.settings.Settings;

class SignInTest {
  private static final Device TABLET = Device.of("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static List<String> audit(CommunityFixture village, String request) throws IOException {
    return village.where(Catalog.AUDIT, "request", request).stream()
        .sorted(Comparator.comparing(row -> row.number("created_at").orElse(0L)))
        .map(
            row ->
                row.text("action").orElse("")
                    + " "
                    + row.text("actor_type").orElse("")
                    + " "
                    + row.text("actor_member").orElse("-"))
        .toList();
  }

  private static Optional<Boolean> isFull(CommunityFixture village, Sessions.Session session)
      throws IOException {
    return Sessions.find(village.view(), session.id(), village.clock.instant())
        .map(Sessions.Session::isFull);
  }

  private static List<String> events(CommunityFixture village) throws IOException {
    return village.rows(Catalog.SECURITY_EVENTS).stream()
        .map(row -> row.text("event").orElse(""))
        .toList();
  }

  @Test
  void request_waits_andTellsTheOthers() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      village.shutOut("dora");
      SignIn.Waiting waiting = village.signIn.request(" BEN ", TABLET);

      Row request = village.row(Catalog.AUTH_REQUESTS, waiting.request());
      assertThat(request.text("member")).contains("ben");
      assertThat(request.text("status")).contains("pending");
      assertThat(request.is("code_withheld")).isTrue();
      assertThat(isFull(village, waiting.session())).contains(false);
      assertThat(audit(village, waiting.request())).containsExactly("created user -");
      assertThat(village.where(Catalog.NOTIFICATIONS, "request", waiting.request()))
          .extracting(row -> row.text("member").orElse(""))
          .containsExactlyInAnyOrder("anna", "ben", "clara");
      assertThat(village.writtenAfter(village.lastSeq() - 1))
          .allSatisfy(change -> assertThat(change.stamp().cause().actor()).isEqualTo("system"));
    }
  }

  @Test
  void secrets_areNowhereInTheFiles() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      Sessions.Session session = village.sessions.start("ben", CommunityFixture.PHONE);
      SignIn.Waiting waiting = village.signIn.request("ben", TABLET);
      village.signIn.approve("clara", waiting.request(), waiting.code());
      village.ledger.checkpoint();

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

  /**
   * As it is with a name that nobody has, of which nothing is kept that could tell when it was
   * first asked for.
   */
  @Test
  void request_again_goesOnWaitingWithinTheSameHourOfTheClock() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.Waiting first = village.signIn.request("ben", TABLET);
      assertThat(first.request())
          .isNotEqualTo(village.signIn.request("ben", CommunityFixture.PHONE).request());
      village.pass(Duration.ofMinutes(53)); // 05:59
      assertThat(village.signIn.request("ben", TABLET).code()).isEqualTo(first.code());
      village.pass(Duration.ofMinutes(1)); // 06:00
      assertThat(village.signIn.request("ben", TABLET).request()).isNotEqualTo(first.request());
    }
  }

  @Test
  void approve_byTwoPeers_signsIn() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      SignIn.Waiting waiting = village.signIn.request("ben", TABLET);
      assertThat(village.signIn.approve("clara", waiting.request()))
          .isEqualTo(new SignIn.Votes(1, 2, false));
      assertThat(isFull(village, waiting.session())).contains(false);
      assertThatThrownBy(() -> village.signIn.approve("clara", waiting.request()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      village.pass(Duration.ofMinutes(1));
      assertThat(village.signIn.approve("dora", waiting.request()))
          .isEqualTo(new SignIn.Votes(2, 2, true));

      assertThat(isFull(village, waiting.session())).contains(true);
      Row request = village.row(Catalog.AUTH_REQUESTS, waiting.request());
      assertThat(request.text("status")).contains("approved");
      assertThat(request.text("approved_by")).contains("dora");
      assertThat(audit(village, waiting.request()))
          .containsExactlyInAnyOrder(
              "created user -",
              "approval_vote peer clara",
              "approval_vote peer dora",
              "approved peer dora");
      assertThatThrownBy(() -> village.signIn.approve("anna", waiting.request()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("approved already");
    }
  }

  @Test
  void approve_asManyPeersAsTheSettingSays() throws IOException {
    try (CommunityFixture village =
        CommunityFixture.founded(folder).with("Ben", "Clara", "Dora", "Emil")) {
      village.settings.set("anna", Settings.PEER_APPROVAL_COUNT, "3");
      SignIn.Waiting waiting = village.signIn.request("ben", TABLET);
      assertThat(village.signIn.approve("clara", waiting.request()).approved()).isFalse();
      assertThat(village.signIn.approve("dora", waiting.request()).approved()).isFalse();
      assertThat(village.signIn.approve("emil", waiting.request()).approved()).isTrue();
    }
  }

  @Test
  void approve_byAnAdminOrByTheMembersOwnDevice_isEnough() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.Waiting first = village.signIn.request("ben", TABLET);
      assertThat(village.signIn.approve("anna", first.request()).approved()).isTrue();
      SignIn.Waiting second = village.signIn.request("ben", TABLET);
      assertThat(village.signIn.approve("ben", second.request()).approved()).isTrue();
      assertThat(audit(village, first.request())).contains("approved admin anna");
      assertThat(audit(village, second.request())).contains("approved self ben");
    }
  }

  @Test
  void approve_withAWrongCode_isRefusedAndWrittenDown() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.Waiting waiting = village.signIn.request("ben", TABLET);
      String wrong = waiting.code().equals("000000") ? "000001" : "000000";
      assertThatThrownBy(() -> village.signIn.approve("clara", waiting.request(), wrong))
          .isInstanceOf(ForbiddenException.class);
      assertThat(events(village)).containsExactly("wrong_code");
      assertThat(village.rows(Catalog.AUTH_APPROVALS)).isEmpty();

      village.settings.set("anna", Settings.REQUIRE_VERIFICATION_CODE, "true");
      assertThatThrownBy(() -> village.signIn.approve("clara", waiting.request()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("six digits");
      assertThat(
              village
                  .signIn
                  .approve("clara", waiting.request(), " " + waiting.code() + " ")
                  .given())
          .isEqualTo(1);
    }
  }

  @Test
  void code_followsFromKeyAndRequest_only() {
    VerificationCodes codes = new VerificationCodes(CommunityFixture.serverKey());
    assertThat(codes.code("a"))
        .matches("[0-9]{6}")
        .isEqualTo(new VerificationCodes(CommunityFixture.serverKey()).code("a"));
    Set<String> many = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      many.add(codes.code("request" + i));
    }
    assertThat(many).hasSizeGreaterThan(190);
    byte[] other = new byte[32];
    other[31] = 1;
    assertThat(new VerificationCodes(other).code("a")).isNotEqualTo(codes.code("a"));
    assertThatThrownBy(() -> new VerificationCodes(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reject_byAnAdminOrTheMember_takesTheSessionAway() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.Waiting first = village.signIn.request("ben", TABLET);
      assertThatThrownBy(() -> village.signIn.reject("clara", first.request(), ""))
          .isInstanceOf(ForbiddenException.class);
      village.signIn.reject("anna", first.request(), "it was somebody else");
      SignIn.Waiting second = village.signIn.request("ben", TABLET);
      village.signIn.reject("ben", second.request(), "not me");

      assertThat(isFull(village, first.session())).isEmpty();
      assertThat(isFull(village, second.session())).isEmpty();
      assertThat(village.row(Catalog.AUTH_REQUESTS, first.request()).text("status"))
          .contains("rejected");
      assertThat(audit(village, second.request())).contains("rejected self ben");
      assertThat(events(village)).containsExactly("sign_in_rejected", "sign_in_rejected");
    }
  }

  @Test
  void expire_endsWhatHasWaitedAWeek_andNothingElse() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.Waiting old = village.signIn.request("ben", TABLET);
      village.pass(Duration.ofDays(4));
      SignIn.Waiting young = village.signIn.request("clara", TABLET);
      village.pass(Duration.ofDays(3));
      assertThatThrownBy(() -> village.signIn.approve("anna", old.request()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("too long");

      assertThat(village.signIn.expire()).isEqualTo(1);
      assertThat(village.signIn.expire()).isZero();
      assertThat(village.row(Catalog.AUTH_REQUESTS, old.request()).text("status"))
          .contains("expired");
      assertThat(village.row(Catalog.AUTH_REQUESTS, young.request()).text("status"))
          .contains("pending");
      assertThat(audit(village, old.request())).contains("expired system -");
      assertThat(isFull(village, old.session())).isEmpty();
    }
  }

  @Test
  void request_asNobodyOrSomebodyShutOut_saysTheSame_andIsWrittenDown() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.shutOut("ben");
      assertThatThrownBy(() -> village.signIn.request("ben", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("Nobody of that name can sign in here.");
      assertThatThrownBy(() -> village.signIn.request("nobody", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("Nobody of that name can sign in here.");
      assertThat(village.rows(Catalog.SECURITY_EVENTS))
          .extracting(row -> row.text("event").orElse("") + " " + row.text("member").orElse("-"))
          .containsExactlyInAnyOrder("failed_login ben", "failed_login -");
      assertThat(village.rows(Catalog.AUTH_REQUESTS)).isEmpty();
    }
  }

  @Test
  void request_tooOftenFromOneAddress_isRefusedForAnHour_notedOnce_andLocksNobodyElseOut()
      throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> village.signIn.request("nobody", TABLET))
            .isInstanceOf(ForbiddenException.class);
      }
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> village.signIn.request("ben", TABLET))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("too many");
      }
      assertThat(events(village).stream().filter("rate_limit_hit"::equals)).hasSize(1);
      village.signIn.request("ben", CommunityFixture.PHONE);
      village.pass(Duration.ofMinutes(61));
      village.signIn.request("ben", TABLET);
    }
  }

  @Test
  void request_refusedAgainAndAgain_leavesOneLineOfAKindWithinTheHour() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      for (int i = 0; i < 40; i++) {
        assertThatThrownBy(() -> village.signIn.request("nobody", TABLET))
            .isInstanceOf(ForbiddenException.class);
      }
      assertThat(events(village)).containsExactlyInAnyOrder("failed_login", "rate_limit_hit");
      village.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
      for (int i = 0; i < 9; i++) {
        assertThatThrownBy(() -> village.signIn.request("ben", CommunityFixture.PHONE))
            .isInstanceOf(ForbiddenException.class);
      }
      assertThat(events(village))
          .containsExactlyInAnyOrder("failed_login", "rate_limit_hit", "sign_in_off");
    }
  }

  @Test
  void request_ofOneNameFromManyAddresses_letsEachWait_butStopsTellingEverybody()
      throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      List<SignIn.Waiting> waiting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        waiting.add(village.signIn.request("ben", Device.of("A browser", "203.0.113." + i)));
      }
      assertThat(waiting)
          .extracting(
              each -> village.where(Catalog.NOTIFICATIONS, "request", each.request()).size())
          .containsExactly(4, 4, 4, 1, 1, 1);
      assertThat(
              village
                  .signIn
                  .approve("ben", waiting.getLast().request(), waiting.getLast().code())
                  .approved())
          .isTrue();
    }
  }

  @Test
  void digits_areNotFoundByTrying() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      SignIn.Waiting waiting = village.signIn.request("ben", TABLET);
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> village.signIn.approve("clara", waiting.request(), "12345"))
            .isInstanceOf(ForbiddenException.class)
            .hasMessageContaining("not the digits");
      }
      assertThatThrownBy(() -> village.signIn.approve("clara", waiting.request(), waiting.code()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("too many");
      assertThat(events(village)).containsExactly("wrong_code");
      village.signIn.approve("dora", waiting.request(), waiting.code());
      village.pass(Duration.ofMinutes(61));
      assertThat(village.signIn.approve("clara", waiting.request(), waiting.code()).approved())
          .isTrue();
    }
  }

  @Test
  void request_byNameOrByHandle_findsTheMember() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String handle = village.join("Νικόλαος Ανδρέου").handle();
      assertThat(village.signIn.request("νικόλαος ανδρέου ", TABLET).session().member())
          .isEqualTo(handle);
      assertThat(village.signIn.request(handle, CommunityFixture.PHONE).session().member())
          .isEqualTo(handle);
    }
  }

  @Test
  void request_againFromTheSameDeviceWithinAnHour_goesOnWaiting() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.Waiting first = village.signIn.request("ben", TABLET);
      SignIn.Waiting again = village.signIn.request("ben", TABLET);
      assertThat(again.request()).isEqualTo(first.request());
      assertThat(again.code()).isEqualTo(first.code());
      assertThat(village.signIn.request("ben", CommunityFixture.PHONE).request())
          .isNotEqualTo(first.request());
      village.pass(Duration.ofHours(2));
      assertThat(village.signIn.request("ben", TABLET).request()).isNotEqualTo(first.request());

      village.signIn.approve("anna", first.request());
      assertThat(isFull(village, first.session())).contains(true);
      assertThat(isFull(village, again.session())).contains(true);
    }
  }

  @Test
  void request_whileTheFeatureIsOff_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
      assertThatThrownBy(() -> village.signIn.request("ben", TABLET))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("turned off");
      assertThat(events(village)).containsExactly("sign_in_off");
    }
  }

  @Test
  void request_inALargeCommunity_tellsFiftyAtMost_theNearestFirst() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String token = village.members.invite("anna", Duration.ofDays(9), OptionalLong.empty());
      for (int i = 0; i < 60; i++) {
        village.members.join(token, "Member " + (char) ('A' + i % 26) + i, Device.UNKNOWN);
      }
      SignIn.Waiting waiting = village.signIn.request("Member A0", TABLET);
      List<Row> told = village.where(Catalog.NOTIFICATIONS, "request", waiting.request());
      assertThat(told)
          .hasSize(50)
          .extracting(row -> row.text("member").orElse(""))
          .contains("anna", "member_a0");
    }
  }

  @Test
  void find_endedOrRunOutOrShutOut_isNobody() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session ended = village.sessions.start("ben", TABLET);
      Sessions.Session session = village.sessions.start("ben", TABLET);
      village.sessions.end(ended.id());
      village.sessions.end("never there");
      assertThat(isFull(village, ended)).isEmpty();
      assertThat(isFull(village, session)).contains(true);
      village.pass(Duration.ofDays(14));
      assertThat(isFull(village, session)).isEmpty();
      Sessions.Session later = village.sessions.start("ben", TABLET);
      village.shutOut("ben");
      assertThat(isFull(village, later)).isEmpty();
      assertThatThrownBy(() -> village.sessions.start("ben", TABLET))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void markRead_isForWhoWasTold() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.signIn.request("ben", TABLET);
      Row told = village.where(Catalog.NOTIFICATIONS, "member", "clara").getFirst();
      assertThatThrownBy(() -> village.signIn.markRead("anna", told.key()))
          .isInstanceOf(InvalidInputException.class);
      village.signIn.markRead("clara", told.key());
      long before = village.lastSeq();
      village.signIn.markRead("clara", told.key());
      assertThat(village.row(Catalog.NOTIFICATIONS, told.key()).is("is_read")).isTrue();
      assertThat(village.lastSeq()).isEqualTo(before);
    }
  }

  @Test
  void device_tamesWhatStrangersSend() {
    Device device = Device.of("x".repeat(9_000) + "\uD800", "\uDC00");
    assertThat(device.description().orElseThrow()).hasSize(500);
    assertThat(device.address()).contains("\uFFFD");
  }
}
