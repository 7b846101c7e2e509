package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.settings.Settings;

class ApprovalRuleTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;

  private static boolean isFull(CommunityFixture fixture, SignIn.NewSignIn signIn)
      throws IOException {
    return fixture.signIn.complete(signIn.session().member(), signIn.session().id()).isPresent();
  }

  private static String code(CommunityFixture fixture, SignIn.NewSignIn signIn) throws IOException {
    return fixture.signIn.code(fixture.view(), signIn.id(), fixture.clock.instant());
  }

  private static SignIn.Approvals approve(
      CommunityFixture fixture, String approver, SignIn.NewSignIn signIn) throws IOException {
    return fixture.signIn.approve(approver, signIn.id(), code(fixture, signIn));
  }

  private static void assertRefused(
      CommunityFixture fixture, String approver, SignIn.NewSignIn signIn, String message) {
    assertThatThrownBy(() -> approve(fixture, approver, signIn))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining(message);
  }

  private static void invites(CommunityFixture fixture, String inviter, String name)
      throws IOException {
    fixture.members.join(
        fixture.members.invite(inviter, Duration.ofDays(1), OptionalLong.of(1)), name, TABLET);
  }

  @Test
  void member_withTwoInventedPeople_doesNotBecomeAdmin() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Mallory")) {
      invites(fixture, "mallory", "Puppet One");
      invites(fixture, "mallory", "Puppet Two");
      for (Duration wait : List.of(Duration.ZERO, Duration.ofDays(30))) {
        fixture.pass(wait);
        SignIn.NewSignIn asAdmin = fixture.signIn.request("Anna", TABLET);
        for (String voter : List.of("puppet_one", "puppet_two", "mallory")) {
          assertRefused(fixture, voter, asAdmin, "the operator");
        }
        assertThat(isFull(fixture, asAdmin)).isFalse();
      }
      assertThat(fixture.rows(Catalog.AUTH_APPROVALS)).isEmpty();
    }
  }

  @Test
  void member_withTwoInventedPeople_doesNotBecomeAnotherMember() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Mallory", "Ben")) {
      invites(fixture, "mallory", "Puppet One");
      invites(fixture, "mallory", "Puppet Two");
      invites(fixture, "puppet_two", "Puppet Three");
      fixture.pass(Duration.ofDays(30));
      SignIn.NewSignIn asBen = fixture.signIn.request("Ben", TABLET);
      assertThat(approve(fixture, "puppet_one", asBen))
          .isEqualTo(new SignIn.Approvals(1, 2, false));
      for (String voter : List.of("puppet_two", "puppet_three", "mallory")) {
        assertRefused(fixture, voter, asBen, "by the same invites");
      }
      assertThat(isFull(fixture, asBen)).isFalse();
    }
  }

  @Test
  void moderator_isApprovedByThemselvesOrByWhoMayAsMuch_only() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Mora", "Ben", "Clara", "Carl")) {
      fixture.appoint("mora");
      fixture.roles.define("anna", "carer", "", Set.of(Permission.MANAGE_MEMBERS));
      fixture.roles.grant("anna", "carl", "carer", "");
      fixture.pass(Duration.ofDays(30));
      SignIn.NewSignIn asMora = fixture.signIn.request("Mora", TABLET);
      for (String voter : List.of("ben", "clara", "carl")) {
        assertRefused(fixture, voter, asMora, "permissions");
      }
      assertThat(approve(fixture, "anna", asMora).isApproved()).isTrue();
      assertThat(approve(fixture, "mora", fixture.signIn.request("Mora", TABLET)).isApproved())
          .isTrue();
      assertThat(approve(fixture, "carl", fixture.signIn.request("Ben", TABLET)).isApproved())
          .isTrue();
    }
  }

  @Test
  void peers_countWhenTheyHaveBeenHereLongEnough() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      SignIn.NewSignIn early = fixture.signIn.request("Ben", TABLET);
      assertRefused(fixture, "clara", early, "for 7 days");
      assertRefused(fixture, "clara", early, "the operator of the server can make a sign-in link");
      fixture.pass(Duration.ofDays(6).plusHours(23));
      assertRefused(fixture, "clara", early, "for 7 days");
      fixture.settings.set("anna", Settings.PEER_MIN_DAYS, "6");
      assertThat(approve(fixture, "clara", early).given()).isEqualTo(1);
      fixture.settings.set("anna", Settings.PEER_MIN_DAYS, "0");
      invites(fixture, "anna", "Emil");
      assertThat(approve(fixture, "emil", early).isApproved()).isTrue();
    }
  }

  @Test
  void approvals_countAsTheyAreAtTheDecision() throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Ben", "Clara", "Dora", "Emil")) {
      fixture.pass(Duration.ofDays(8));
      SignIn.NewSignIn asBen = fixture.signIn.request("Ben", TABLET);
      approve(fixture, "clara", asBen);
      fixture.shutOut("clara");
      assertThat(approve(fixture, "dora", asBen)).isEqualTo(new SignIn.Approvals(1, 2, false));
      assertThat(
              PendingSignIns.waiting(fixture.view(), "dora", fixture.clock.instant())
                  .shown()
                  .getFirst()
                  .newest()
                  .approvals()
                  .given())
          .isEqualTo(1);
      fixture.appoint("ben");
      assertRefused(fixture, "emil", asBen, "permissions");
      fixture.roles.revoke("anna", "ben", Roles.MODERATOR, "");
      assertThat(approve(fixture, "emil", asBen).isApproved()).isTrue();

      SignIn.NewSignIn asDora = fixture.signIn.request("Dora", TABLET);
      fixture.shutOut("dora");
      assertRefused(fixture, "anna", asDora, "deactivated");
    }
  }
}
