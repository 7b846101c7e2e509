package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.demo.SettableClock;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;

/** What members see of those who wait, also when very many ask. */
class PendingSignInsTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "192.0.2.5");
  private static final String BROWSER = "5".repeat(64);
  @TempDir Path folder;

  private static Device attacker(String address) {
    return new Device("A browser", address);
  }

  /** Asks as often as the limits let it, and returns how often that was. */
  private static int asks(CommunityFixture fixture, String name, Device device, int times)
      throws IOException {
    int asked = 0;
    for (int i = 0; i < times; i++) {
      fixture.pass(Duration.ofSeconds(1));
      try {
        fixture.signIn.request(name, device);
        asked++;
      } catch (ForbiddenException e) {
        assertThat(e).hasMessageContaining("too many attempts");
      }
    }
    return asked;
  }

  private static PendingSignIns.Waiting waiting(CommunityFixture fixture, String viewer)
      throws IOException {
    return PendingSignIns.waiting(fixture.view(), viewer, fixture.clock.instant());
  }

  private static List<String> newest(PendingSignIns.Waiting waiting) {
    return waiting.shown().stream().map(claimant -> claimant.newest().id()).toList();
  }

  @Test
  void manyRequests_fromElevenAddresses_doNotPushTheRealOneOffThePage() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.NewSignIn real = fixture.signIn.request("ben", TABLET);
      int near = 0;
      for (int i = 1; i <= 11; i++) {
        near += asks(fixture, "ben", attacker("203.0.113." + i), 10);
      }
      assertThat(near).as("of one block of addresses").isEqualTo(10);
      PendingSignIns.Waiting shown = waiting(fixture, "clara");
      assertThat(shown.shown()).hasSize(2);
      assertThat(newest(shown)).last().isEqualTo(real.id());
      assertThat(shown.shown().getFirst().count()).isEqualTo(10);
      assertThat(shown.shown().getFirst().earlier()).hasSize(9);

      for (int i = 1; i <= 11; i++) {
        asks(fixture, "ben", attacker("198.51." + i + ".7"), 10);
      }
      assertThat(newest(waiting(fixture, "clara"))).hasSize(13).contains(real.id());
      assertThat(PendingSignIns.waitingCount(fixture.view(), "clara", fixture.clock.instant()))
          .isBetween(2, 13);
    }
  }

  @Test
  void deviceThatWasKnownBefore_comesFirst_howeverManyOthersAsk() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.knownDevices.remember("ben", BROWSER);
      long before = fixture.lastSeq();
      fixture.knownDevices.remember("ben", BROWSER);
      assertThat(fixture.lastSeq()).isEqualTo(before);
      SignIn.NewSignIn real = fixture.signIn.request("ben", TABLET, BROWSER);
      SignIn.NewSignIn stranger = fixture.signIn.request("clara", TABLET, BROWSER);
      for (int i = 1; i <= 40; i++) {
        asks(fixture, "ben", attacker("198.51." + i + ".7"), 1);
      }
      PendingSignIns.Waiting shown = waiting(fixture, "anna");
      assertThat(newest(shown)).first().isEqualTo(real.id());
      assertThat(shown.shown())
          .extracting(PendingSignIns.Claimant::isKnown)
          .startsWith(true, false)
          .containsOnlyOnce(true);
      assertThat(newest(shown)).as("who is signed in elsewhere on it").contains(stranger.id());
      assertThat(shown.left()).as("of one member at most thirty are shown").isEqualTo(11);
      assertThat(fixture.where(Catalog.Audit.REQUEST, real.id()))
          .extracting(row -> row.get(Catalog.Audit.DETAILS).orElse(""))
          .contains("on a device known before");
      assertThat(fixture.rows(Catalog.KNOWN_DEVICES))
          .as("only a hash is kept")
          .allSatisfy(row -> assertThat(row.key()).startsWith("sha256:").doesNotContain(BROWSER));
    }
  }

  @Test
  void devicesThatAreKnown_areTwentyAtMost_andForgottenWhenAllAreSignedOut() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      for (int i = 0; i < 25; i++) {
        fixture.pass(Duration.ofSeconds(1));
        fixture.knownDevices.remember("ben", BROWSER + i);
      }
      assertThat(fixture.rows(Catalog.KNOWN_DEVICES)).hasSize(20);
      SignIn.NewSignIn forgotten = fixture.signIn.request("ben", TABLET, BROWSER + 4);
      SignIn.NewSignIn known = fixture.signIn.request("ben", TABLET, BROWSER + 5);
      assertThat(newest(waiting(fixture, "anna"))).containsExactly(known.id(), forgotten.id());
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      fixture.sessions.endOthers("ben", session.id());
      assertThat(fixture.rows(Catalog.KNOWN_DEVICES)).isEmpty();
    }
  }

  @Test
  void limits_areTheSameForNamesThatNoMemberHas() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      for (String name : List.of("ben", "no member at all")) {
        String block = name.equals("ben") ? "203.0.113." : "198.51.100.";
        int let = 0;
        for (int i = 0; i < 12; i++) {
          try {
            fixture.signIn.request(name, attacker(block + i));
            let++;
          } catch (UnknownMemberException e) {
            let++;
          } catch (ForbiddenException e) {
            assertThat(e).hasMessageContaining("too many attempts");
          }
        }
        assertThat(let).as(name).isEqualTo(10);
      }
      fixture.pass(Duration.ofHours(25));
      assertThat(asks(fixture, "ben", attacker("203.0.113.1"), 1)).isEqualTo(1);
    }
  }

  @Test
  void oneBlockOfAddresses_asksThirtyTimesAnHour_whomeverItClaims() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Ben", "Clara", "Dora", "Emil")) {
      int asked = 0;
      for (String name : List.of("ben", "clara", "dora", "emil")) {
        for (int i = 0; i < 10; i++) {
          asked += asks(fixture, name, attacker("203.0.113." + (asked + 1)), 1);
        }
      }
      assertThat(asked).isEqualTo(30);
      assertThat(asks(fixture, "emil", attacker("2001:db8::1"), 1)).isEqualTo(1);
      fixture.pass(Duration.ofHours(1));
      assertThat(asks(fixture, "emil", attacker("203.0.113.77"), 1)).isEqualTo(1);
    }
  }

  @Test
  void mutedClaimant_isShownOnlyToThoseWhoDecide_andLearnsNothing() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      SignIn.NewSignIn first = fixture.signIn.request("ben", attacker("203.0.113.1"));
      assertThatThrownBy(() -> fixture.mutedClaimants.mute("clara", first.id()))
          .isInstanceOf(InvalidInputException.class);
      fixture.mutedClaimants.mute("ben", first.id());
      SignIn.NewSignIn second = fixture.signIn.request("ben", attacker("203.0.113.2"));
      SignIn.NewSignIn other = fixture.signIn.request("ben", TABLET);
      assertThat(newest(waiting(fixture, "ben"))).containsExactly(other.id());
      assertThat(newest(waiting(fixture, "clara"))).containsExactly(other.id());
      assertThat(PendingSignIns.waitingCount(fixture.view(), "ben", fixture.clock.instant()))
          .isEqualTo(1);
      assertThat(newest(waiting(fixture, "anna"))).contains(second.id(), other.id());
      assertThat(fixture.where(Catalog.Notifications.REQUEST, second.id())).isEmpty();
      assertThat(second.code()).matches("[0-9]{6}");
      assertThat(
              PendingSignIns.of(fixture.view(), second.session().id(), fixture.clock.instant())
                  .orElseThrow()
                  .isPending())
          .as("the claimant waits as before")
          .isTrue();

      List<MutedClaimants.Muted> muted =
          MutedClaimants.of(fixture.view(), "ben", fixture.clock.instant());
      assertThat(muted)
          .extracting(MutedClaimants.Muted::addressBlock)
          .containsExactly("203.0.113.0/24");
      assertThatThrownBy(() -> fixture.mutedClaimants.end("clara", muted.getFirst().id()))
          .isInstanceOf(InvalidInputException.class);
      fixture.mutedClaimants.end("ben", muted.getFirst().id());
      assertThat(newest(waiting(fixture, "ben"))).contains(second.id(), other.id());

      SignIn.NewSignIn unknown = fixture.signIn.request("ben", Device.UNKNOWN);
      assertThatThrownBy(() -> fixture.mutedClaimants.mute("ben", unknown.id()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("not known from where");
    }
  }

  @Test
  void mute_endsAfterAWeek_andComesBackAfterARecovery() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.mutedClaimants.mute(
          "ben", fixture.signIn.request("ben", attacker("203.0.113.1")).id());
    }
    Files.delete(folder.resolve("community.db"));
    SettableClock clock = new SettableClock(Instant.parse("2026-03-04T06:00:00Z"));
    try (Ledger ledger =
            Ledger.openAt(
                folder.resolve("text_archives"),
                folder.resolve("community.db"),
                clock,
                ProgressListener.NONE);
        ViewReader view = ledger.read()) {
      assertThat(MutedClaimants.of(view, "ben", clock.instant())).hasSize(1);
      assertThat(
              MutedClaimants.of(
                  view, "ben", clock.instant().plus(MutedClaimants.LIFETIME).plusSeconds(1)))
          .isEmpty();
    }
  }
}
