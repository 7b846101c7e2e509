package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;

class SessionViewTest {
  @TempDir Path folder;

  @Test
  void ofMember_showsSessionsThatHaveNotEnded_theNewestFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.pass(Duration.ofDays(29));
      Sessions.Session laptop = fixture.sessions.start("anna", CommunityFixture.LAPTOP);
      fixture.pass(Duration.ofHours(12));
      fixture.signIn.request("anna", CommunityFixture.PHONE);
      assertThat(SessionView.ofMember(fixture.view(), "anna", laptop.id(), fixture.clock.instant()))
          .extracting(each -> each.device() + " " + each.isThis() + " " + each.isFull())
          .containsExactly(
              "Safari on a phone false false",
              "Firefox on Linux true true",
              "Firefox on Linux false true");

      fixture.pass(Duration.ofDays(1));
      assertThat(SessionView.ofMember(fixture.view(), "anna", laptop.id(), fixture.clock.instant()))
          .as("the session of the first day has ended")
          .hasSize(2);
    }
  }

  @Test
  void signInLinkView_namesTheMember_whileTheLinkCanBeUsed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.signInLinks.makeOwn("anna");
      assertThat(SignInLinkView.find(fixture.view(), token, fixture.clock.instant()))
          .contains(new SignInLinkView("anna", "Anna"));
      fixture.pass(SignInLinks.OWN_LIFETIME);
      assertThat(SignInLinkView.find(fixture.view(), token, fixture.clock.instant())).isEmpty();
    }
  }

  @Test
  void auditEntries_areTheLatestFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      SignIn.NewSignIn signIn = fixture.signIn.request("ben", CommunityFixture.PHONE);
      fixture.pass(Duration.ofMinutes(1));
      fixture.signIn.reject("anna", signIn.id(), "called; it was another person");
      assertThat(AuditEntry.signIns(fixture.view(), 100))
          .extracting(each -> each.what() + " by " + each.who())
          .containsExactly("rejected by anna", "created by user");
      assertThat(AuditEntry.securityEvents(fixture.view(), 100))
          .extracting(each -> each.what() + " of " + each.who() + " from " + each.address())
          .containsExactly("sign_in_rejected of ben from 203.0.113.8");
      assertThat(AuditEntry.signIns(fixture.view(), 1)).hasSize(1);
    }
  }
}
