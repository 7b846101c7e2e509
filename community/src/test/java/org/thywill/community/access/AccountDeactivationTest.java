package org.thywill.community.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.CommunityFixture;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.UnknownMemberException;

class AccountDeactivationTest {
  @TempDir Path folder;

  @Test
  void deactivated_memberIsShutOutWithAllTheirDevicesAndInvites_andWhatTheyWroteStays()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = fixture.sessions.start("ben", CommunityFixture.PHONE);
      String invite = fixture.members.invite("ben", Duration.ofDays(9), OptionalLong.of(3));
      String prayer = fixture.ask("ben");
      fixture.accounts.deactivate("anna", "ben", "asked for a rest");

      assertThat(Roles.takesPart(fixture.view(), "ben", fixture.clock.instant())).isFalse();
      assertThat(Sessions.find(fixture.view(), session.id(), fixture.clock.instant())).isEmpty();
      assertThatThrownBy(() -> fixture.members.join(invite, "Clara", Device.UNKNOWN))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.ask("ben"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("deactivated");
      assertThatThrownBy(() -> fixture.signIn.request("ben", CommunityFixture.PHONE))
          .isInstanceOf(UnknownMemberException.class);
      assertThat(fixture.row(Catalog.PRAYERS, prayer).get(Catalog.Prayers.AUTHOR)).contains("ben");
      assertThatThrownBy(() -> fixture.accounts.deactivate("anna", "ben", "again"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
    }
  }

  @Test
  void reactivated_memberTakesPart_butOtherRolesDoNotComeBack() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.appoint("ben");
      fixture.accounts.deactivate("anna", "ben", "asked for a rest");
      fixture.accounts.reactivate("anna", "ben", "is back");
      assertThat(Roles.takesPart(fixture.view(), "ben", fixture.clock.instant())).isTrue();
      assertThat(
              Roles.permits(
                  fixture.view(), "ben", Permission.MODERATE_PRAYERS, fixture.clock.instant()))
          .isFalse();
      fixture.ask("ben");
      assertThatThrownBy(() -> fixture.accounts.reactivate("anna", "ben", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("not deactivated");
    }
  }

  @Test
  void deactivate_byWhoMayNot_oneself_anAdmin_orNobody_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.appoint("ben");
      long before = fixture.lastSeq();
      assertThatThrownBy(() -> fixture.accounts.deactivate("ben", "clara", "dislike"))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.accounts.deactivate("anna", "anna", "tired"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("their own");
      assertThatThrownBy(() -> fixture.accounts.deactivate("anna", "nobody", "none"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no member");
      assertThatThrownBy(() -> fixture.accounts.deactivate("anna", "ben", " "))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("reason");
      assertThat(fixture.lastSeq()).isEqualTo(before);
      fixture.roles.grant("anna", "ben", Roles.ADMIN, "");
      assertThatThrownBy(() -> fixture.accounts.deactivate("anna", "ben", "quarrel"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("may do everything");
    }
  }
}
