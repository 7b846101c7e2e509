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
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      Sessions.Session session = village.sessions.start("ben", CommunityFixture.PHONE);
      String invite = village.members.invite("ben", Duration.ofDays(9), OptionalLong.of(3));
      String prayer = village.ask("ben");
      village.accounts.deactivate("anna", "ben", "asked for a rest");

      assertThat(Roles.takesPart(village.view(), "ben", village.clock.instant())).isFalse();
      assertThat(Sessions.find(village.view(), session.id(), village.clock.instant())).isEmpty();
      assertThatThrownBy(() -> village.members.join(invite, "Clara", Device.UNKNOWN))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.ask("ben"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("deactivated");
      assertThatThrownBy(() -> village.signIn.request("ben", CommunityFixture.PHONE))
          .isInstanceOf(UnknownMemberException.class);
      assertThat(village.row(Catalog.PRAYERS, prayer).text("author")).contains("ben");
      assertThatThrownBy(() -> village.accounts.deactivate("anna", "ben", "again"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
    }
  }

  @Test
  void reactivated_memberTakesPart_butOtherRolesDoNotComeBack() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.appoint("ben");
      village.accounts.deactivate("anna", "ben", "asked for a rest");
      village.accounts.reactivate("anna", "ben", "is back");
      assertThat(Roles.takesPart(village.view(), "ben", village.clock.instant())).isTrue();
      assertThat(
              Roles.permits(
                  village.view(), "ben", Permission.MODERATE_PRAYERS, village.clock.instant()))
          .isFalse();
      village.ask("ben");
      assertThatThrownBy(() -> village.accounts.reactivate("anna", "ben", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("not deactivated");
    }
  }

  @Test
  void deactivate_byWhoMayNot_oneself_anAdmin_orNobody_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.appoint("ben");
      long before = village.lastSeq();
      assertThatThrownBy(() -> village.accounts.deactivate("ben", "clara", "dislike"))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.accounts.deactivate("anna", "anna", "tired"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("their own");
      assertThatThrownBy(() -> village.accounts.deactivate("anna", "nobody", "none"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no member");
      assertThatThrownBy(() -> village.accounts.deactivate("anna", "ben", " "))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("reason");
      assertThat(village.lastSeq()).isEqualTo(before);
      village.roles.grant("anna", "ben", Roles.ADMIN, "");
      assertThatThrownBy(() -> village.accounts.deactivate("anna", "ben", "quarrel"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("may do everything");
    }
  }
}
