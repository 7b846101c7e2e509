package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Ids;
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
      fixture.members.revokeInvite("ben", Ids.hash(revoked), "");
      fixture.signInLinks.makeOwn("ben");

      assertThat(InviteView.ofMember(fixture.view(), "ben", fixture.clock.instant()))
          .extracting(
              invite ->
                  invite.key()
                      + " "
                      + invite.state()
                      + " used "
                      + invite.used()
                      + " left "
                      + invite.usesLeft())
          .containsExactly(
              Ids.hash(longer) + " OPEN used 1 left 1",
              Ids.hash(shorter) + " OPEN used 0 left 4",
              Ids.hash(revoked) + " REVOKED used 0 left 0");
      fixture.pass(Duration.ofDays(2));
      assertThat(InviteView.ofToken(fixture.view(), shorter, fixture.clock.instant()))
          .hasValueSatisfying(
              invite -> {
                assertThat(invite.isOpen()).isFalse();
                assertThat(invite.state()).isEqualTo(LinkState.EXPIRED);
              });
      assertThat(InviteView.ofToken(fixture.view(), Ids.hash(shorter), fixture.clock.instant()))
          .as("by what the archive has")
          .isEmpty();
    }
  }
}
