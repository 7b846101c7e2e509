package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.settings.Settings;

class SessionsTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static boolean isOpen(CommunityFixture fixture, Sessions.Session session)
      throws IOException {
    return Sessions.find(fixture.view(), session.id(), fixture.clock.instant()).isPresent();
  }

  /** Uses a session as a request does. */
  private static void use(CommunityFixture fixture, Sessions.Session session) throws IOException {
    if (Sessions.isNoteDue(fixture.view(), session.id(), fixture.clock.instant())) {
      fixture.sessions.noteUse(session.id());
    }
  }

  @Test
  void session_thatIsNotUsed_endsAtItsIdleEnd() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      fixture.pass(Duration.ofDays(29).plusHours(23));
      assertThat(isOpen(fixture, session)).isTrue();
      fixture.pass(Duration.ofHours(1));
      assertThat(isOpen(fixture, session)).isFalse();
      long before = fixture.lastSeq();
      fixture.sessions.noteUse(session.id());
      assertThat(fixture.lastSeq()).as("a session that has ended stays so").isEqualTo(before);
    }
  }

  @Test
  void session_thatIsUsed_lastsUntilItsAbsoluteEnd() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      for (int i = 0; i < 3; i++) {
        fixture.pass(Duration.ofDays(29));
        assertThat(isOpen(fixture, session)).isTrue();
        use(fixture, session);
      }
      assertThat(session.expiresAt())
          .as("until then the browser keeps the cookie")
          .isEqualTo(fixture.clock.instant().plus(Duration.ofDays(3)));
      fixture.pass(Duration.ofDays(3));
      assertThat(isOpen(fixture, session)).isFalse();
    }
  }

  @Test
  void use_allDayLong_costsOneChangeADay() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      long before = fixture.lastSeq();
      for (int i = 0; i < 10 * 24; i++) {
        fixture.pass(Duration.ofHours(1));
        use(fixture, session);
      }
      assertThat(fixture.lastSeq() - before).isEqualTo(10);
    }
  }

  @Test
  void shorterSettings_endSessionsThatThereAre() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", TABLET);
      fixture.pass(Duration.ofDays(5));
      use(fixture, session);
      fixture.settings.set("anna", Settings.SESSION_IDLE_DAYS, "2");
      use(fixture, session);
      fixture.pass(Duration.ofDays(2));
      assertThat(isOpen(fixture, session)).isFalse();

      Sessions.Session other = fixture.sessions.start("ben", TABLET);
      fixture.pass(Duration.ofDays(1));
      fixture.settings.set("anna", Settings.SESSION_DAYS, "1");
      assertThat(isOpen(fixture, other)).isFalse();
    }
  }

  @Test
  void oneDeviceTooMany_signsOutTheOneThatWasIdleForLongest() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.pass(Duration.ofDays(40));
      fixture.settings.set("anna", Settings.SESSION_DEVICES_MAX, "3");
      List<Sessions.Session> sessions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        sessions.add(fixture.sessions.start("ben", TABLET));
        fixture.pass(Duration.ofDays(2));
      }
      use(fixture, sessions.getFirst());
      SignIn.NewSignIn waiting = fixture.signIn.request("ben", TABLET);
      assertThat(isOpen(fixture, sessions.get(1))).as("who waits takes no place").isTrue();

      Sessions.Session fourth = fixture.sessions.start("ben", TABLET);
      assertThat(isOpen(fixture, sessions.get(1))).isFalse();
      assertThat(isOpen(fixture, waiting.session())).isTrue();
      for (Sessions.Session open : List.of(sessions.getFirst(), sessions.getLast(), fourth)) {
        assertThat(isOpen(fixture, open)).isTrue();
      }
      assertThat(fixture.rows(Catalog.SECURITY_EVENTS))
          .extracting(
              row ->
                  row.get(Catalog.SecurityEvents.EVENT).orElse("")
                      + " "
                      + row.get(Catalog.SecurityEvents.MEMBER).orElse(""))
          .containsExactly("signed_out_for_another_device ben");

      fixture.settings.set("anna", Settings.SESSION_DEVICES_MAX, "1");
      Sessions.Session only = fixture.sessions.start("ben", TABLET);
      assertThat(isOpen(fixture, fourth)).isFalse();
      assertThat(isOpen(fixture, only)).isTrue();
    }
  }
}
