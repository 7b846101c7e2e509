package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.LinkState;

class InviteViewTest {
  @TempDir Path folder;

  @Test
  void ofMember_showsTheOwnInvitesOnly_theOpenOnesFirst() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String revoked = fixture.members.invite("ben", Duration.ofDays(9), OptionalLong.of(1));
      String shorter = fixture.members.invite("ben", Duration.ofDays(1), OptionalLong.of(4));
      String longer = fixture.members.invite("ben", Duration.ofDays(3), OptionalLong.of(2));
      fixture.members.join(longer, "Clara", CommunityFixture.PHONE);
      fixture.members.revokeInvite("ben", revoked, "");
      fixture.signInLinks.makeOwn("ben");

      assertThat(InviteView.ofMember(fixture.view(), "ben", fixture.clock.instant()))
          .extracting(
              invite ->
                  invite.token()
                      + " "
                      + invite.state()
                      + " used "
                      + invite.used()
                      + " left "
                      + invite.usesLeft())
          .containsExactly(
              longer + " OPEN used 1 left 1",
              shorter + " OPEN used 0 left 4",
              revoked + " REVOKED used 0 left 0");
      fixture.pass(Duration.ofDays(2));
      assertThat(InviteView.find(fixture.view(), "ben", shorter, fixture.clock.instant()))
          .hasValueSatisfying(
              invite -> {
                assertThat(invite.isOpen()).isFalse();
                assertThat(invite.state()).isEqualTo(LinkState.EXPIRED);
              });
      assertThat(InviteView.find(fixture.view(), "anna", shorter, fixture.clock.instant()))
          .as("an invite of another member")
          .isEmpty();
    }
  }
}
