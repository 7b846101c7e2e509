package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.settings.Settings;
import org.thywill.operations.settings.KnownSettings;

class InviteQuotaTest {
  private static final Duration A_DAY = Duration.ofDays(1);

  @TempDir Path folder;

  @Test
  void of_withoutSettings_isTheDocumentedDefault_andWiderForManagers() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      assertThat(quota(fixture, "ben"))
          .isEqualTo(
              new InviteQuota(
                  standard(Settings.INVITE_PEOPLE_MAX),
                  standard(Settings.INVITE_OPEN_MAX),
                  standard(Settings.INVITE_DAYS_MAX)));
      assertThat(quota(fixture, "anna"))
          .isEqualTo(
              new InviteQuota(
                  standard(Settings.MANAGER_INVITE_PEOPLE_MAX),
                  standard(Settings.MANAGER_INVITE_OPEN_MAX),
                  standard(Settings.MANAGER_INVITE_DAYS_MAX)));
    }
  }

  private static InviteQuota quota(CommunityFixture fixture, String member) throws IOException {
    return InviteQuota.of(fixture.view(), member, fixture.view().state().atMicros());
  }

  private static long standard(String setting) {
    return Long.parseLong(KnownSettings.find(setting).orElseThrow().standard());
  }

  @Test
  void invite_forMorePeopleThanAllowed_isRefused_alsoInSeveralInvites() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      for (long people : new long[] {21, 9_999, Long.MAX_VALUE}) {
        assertRefused(() -> invite(fixture, "ben", A_DAY, people), "one can be for 20 at most");
      }
      String token = invite(fixture, "ben", A_DAY, 15);
      assertRefused(() -> invite(fixture, "ben", A_DAY, 6), "one can be for 5 at most");
      fixture.members.join(token, "Clara", CommunityFixture.PHONE);
      invite(fixture, "ben", A_DAY, 6);
      assertRefused(() -> invite(fixture, "ben", A_DAY, 1), "one can be for 0 at most");
      assertRefused(() -> fixture.members.invite("ben"), "one can be for 0 at most");
      fixture.members.revokeInvite("ben", Ids.hash(token), "");
      Row rest =
          fixture.row(
              Catalog.INVITES,
              Ids.hash(fixture.members.invite("ben", A_DAY, OptionalLong.empty())));
      assertThat(rest.get(Catalog.Invites.MAX_USES)).contains(14L);
    }
  }

  @Test
  void invite_moreOpenOnesThanAllowed_isRefused_untilOneIsClosedOrExpires() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String first = invite(fixture, "ben", A_DAY, 1);
      for (int i = 1; i < 10; i++) {
        invite(fixture, "ben", A_DAY, 1);
      }
      assertRefused(() -> invite(fixture, "ben", A_DAY, 1), "You have 10 open invites");
      fixture.members.revokeInvite("ben", Ids.hash(first), "");
      invite(fixture, "ben", A_DAY, 1);
      assertRefused(() -> invite(fixture, "ben", A_DAY, 1), "You have 10 open invites");
      fixture.pass(A_DAY);
      invite(fixture, "ben", A_DAY, 1);
    }
  }

  @Test
  void invite_forLongerThanAllowed_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      invite(fixture, "ben", Duration.ofDays(31), 1);
      assertRefused(() -> invite(fixture, "ben", Duration.ofDays(32), 1), "31 days at most");
      invite(fixture, "anna", Duration.ofDays(366), 10_000);
      assertRefused(() -> invite(fixture, "anna", Duration.ofDays(367), 1), "a year at most");
      assertRefused(() -> invite(fixture, "anna", A_DAY, 1), "one can be for 0 at most");
    }
  }

  @Test
  void invite_followsTheSettings() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.settings.set("anna", Settings.INVITE_PEOPLE_MAX, "3");
      fixture.settings.set("anna", Settings.INVITE_DAYS_MAX, "2");
      fixture.settings.set("anna", Settings.INVITE_TOKEN_EXPIRATION_HOURS, "9000");
      assertRefused(() -> invite(fixture, "ben", A_DAY, 4), "one can be for 3 at most");
      assertRefused(() -> invite(fixture, "ben", Duration.ofDays(3), 1), "2 days at most");
      fixture.members.invite("ben");
      assertThatThrownBy(() -> fixture.settings.set("anna", Settings.INVITE_OPEN_MAX, "0"))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void importedInviteWithoutANumber_usesAllPlaces() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.INVITES)
                      .set(Catalog.Invites.TOKEN, "from-before")
                      .set(Catalog.Invites.CREATED_BY, "ben")
                      .set(Catalog.Invites.KIND, "new_user")
                      .build()));
      assertRefused(() -> invite(fixture, "ben", A_DAY, 1), "one can be for 0 at most");
    }
  }

  private static String invite(
      CommunityFixture fixture, String member, Duration lifetime, long people) throws IOException {
    return fixture.members.invite(member, lifetime, OptionalLong.of(people));
  }

  private static void assertRefused(ThrowingCallable call, String reason) {
    assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContaining(reason);
  }
}
