package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;

class FreshSignInTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static boolean isProof(CommunityFixture fixture, Sessions.Session session)
      throws IOException {
    return FreshSignIn.isProof(fixture.view(), session.id(), fixture.clock.instant());
  }

  private static Sessions.Session approvedBy(CommunityFixture fixture, List<String> approvers)
      throws IOException {
    SignIn.NewSignIn signIn = fixture.signIn.request("ben", TABLET);
    for (String approver : approvers) {
      fixture.signIn.approve(approver, signIn.id(), signIn.code());
    }
    return fixture.signIn.complete("ben", signIn.session().id()).orElseThrow();
  }

  @Test
  void deviceThatTheMemberLetInThemselves_isNoProof() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.pass(Duration.ofDays(8));
      assertThat(isProof(fixture, approvedBy(fixture, List.of("ben")))).isFalse();
      assertThat(isProof(fixture, approvedBy(fixture, List.of("clara", "ben")))).isFalse();
      assertThat(isProof(fixture, approvedBy(fixture, List.of("anna")))).isTrue();
      assertThat(isProof(fixture, approvedBy(fixture, List.of("clara", "dora")))).isTrue();
      assertThat(isProof(fixture, fixture.signIn.request("ben", TABLET).session())).isFalse();
    }
  }

  @Test
  void signIn_isFreshForMinutes() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session =
          fixture.signInLinks.accept(fixture.signInLinks.makeOwn("ben"), TABLET);
      assertThat(isProof(fixture, session)).isTrue();
      fixture.pass(FreshSignIn.LIFETIME.minusSeconds(1));
      assertThat(isProof(fixture, session)).isTrue();
      fixture.pass(Duration.ofSeconds(1));
      assertThat(isProof(fixture, session)).isFalse();
      assertThat(FreshSignIn.isProof(fixture.view(), "no session", fixture.clock.instant()))
          .isFalse();
    }
  }
}
