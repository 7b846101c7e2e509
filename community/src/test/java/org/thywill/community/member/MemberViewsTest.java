package org.thywill.community.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;

/** What pages show of members: lists, one profile, and the member who looks. */
class MemberViewsTest {
  @TempDir Path folder;

  @Test
  void all_putsEachMemberBelowTheirInviter_inTheOrderOfJoining() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String invite = fixture.members.invite("ben", Duration.ofDays(1), OptionalLong.of(1));
      fixture.members.join(invite, "Dora", CommunityFixture.PHONE);
      MemberList list = MemberList.all(fixture.view(), "");
      assertThat(list.shape()).isEqualTo(MemberList.Shape.TREE);
      assertThat(list.next()).isNull();
      assertThat(list.total()).isEqualTo(4);
      assertThat(list.members())
          .extracting(each -> each.depth() + " " + each.handle() + " " + each.invited())
          .containsExactly("0 anna 2", "1 ben 1", "2 dora 0", "1 clara 0");
    }
  }

  @Test
  void find_findsByTheBeginningOfTheName() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Benno")) {
      MemberList found = MemberList.find(fixture.view(), "BEN");
      assertThat(found.shape()).isEqualTo(MemberList.Shape.FOUND);
      assertThat(found.members()).extracting(MemberView::handle).containsExactly("ben", "benno");
      assertThat(found.total()).isEqualTo(3);
    }
  }

  @Test
  void profile_hasRolesThatHaveNotExpired_andCounts() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.roles.grantUntil(
          "anna",
          "ben",
          Roles.MODERATOR,
          fixture.clock.instant().plus(Duration.ofDays(1)),
          "for a day");
      String prayer = fixture.ask("ben");
      fixture.prayers.markPrayed("ben", prayer, "");
      fixture.prayers.markPrayed("ben", prayer, "");
      MemberProfile profile =
          MemberProfile.find(fixture.view(), "ben", fixture.clock.instant()).orElseThrow();
      assertThat(profile.name()).isEqualTo("Ben");
      assertThat(profile.membership().inviterName()).isEqualTo("Anna");
      assertThat(profile.counts()).isEqualTo(new MemberProfile.PrayerCounts(1, 2));
      assertThat(profile.takesPart()).isTrue();
      assertThat(profile.roles())
          .extracting(MemberProfile.HeldRole::role)
          .containsExactlyInAnyOrder(Roles.MEMBER, Roles.MODERATOR);

      fixture.pass(Duration.ofDays(1));
      assertThat(
              MemberProfile.find(fixture.view(), "ben", fixture.clock.instant())
                  .orElseThrow()
                  .roles())
          .extracting(MemberProfile.HeldRole::role)
          .containsExactly(Roles.MEMBER);
      assertThat(
              MemberProfile.find(fixture.view(), "anna", fixture.clock.instant())
                  .orElseThrow()
                  .invited())
          .satisfies(
              invited -> {
                assertThat(invited.total()).isEqualTo(1);
                assertThat(invited.latest()).extracting(MemberView::handle).containsExactly("ben");
              });
      assertThat(MemberProfile.find(fixture.view(), "zoe", fixture.clock.instant())).isEmpty();
    }
  }

  @Test
  void currentMember_hasPermissions_andSeesTheWelcomeUntilItIsDismissed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.appoint("ben");
      assertThat(CurrentMember.find(fixture.view(), "ben", fixture.clock.instant()))
          .contains(new CurrentMember("ben", "Ben", EnumSet.of(Permission.MODERATE_PRAYERS), true));
      fixture.members.dismissWelcome("ben");
      assertThat(
              CurrentMember.find(fixture.view(), "ben", fixture.clock.instant())
                  .orElseThrow()
                  .seesWelcome())
          .isFalse();
    }
  }
}
