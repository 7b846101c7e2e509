package org.thywill.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.ledger.RefusedChange;

class RolesTest {
  @TempDir Path folder;

  private static boolean permits(Village village, String member, Permission permission) throws IOException {
    return Roles.permits(village.view(), member, permission, village.clock.instant());
  }

  @Test
  void grant_givesExactlyWhatTheRoleAllows() throws IOException {
    try (Village village = Village.founded(folder).with("Ben")) {
      assertThat(Arrays.stream(Permission.values()).noneMatch(permission -> has(village, "ben", permission))).isTrue();
      village.roles.grant("anna", "ben", Roles.MODERATOR, "reads kindly");

      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      assertThat(permits(village, "ben", Permission.MANAGE_ROLES)).isFalse();
      assertThat(Arrays.stream(Permission.values()).allMatch(permission -> has(village, "anna", permission))).isTrue();
      assertThat(village.where(Catalog.ROLE_ASSIGNMENTS, "role", "moderator")).singleElement().satisfies(row -> {
        assertThat(row.text("granted_by")).contains("anna");
        assertThat(row.text("reason")).contains("reads kindly");
      });
    }
  }

  private static boolean has(Village village, String member, Permission permission) {
    try {
      return permits(village, member, permission);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void grant_withoutThePermission_isNotAllowed() throws IOException {
    try (Village village = Village.founded(folder).with("Ben", "Clara")) {
      village.appoint("ben");
      assertThatThrownBy(() -> village.roles.grant("ben", "clara", Roles.MODERATOR, "")).isInstanceOf(NotAllowed.class)
          .hasMessage("ben may not grant or revoke roles.");
      assertThatThrownBy(() -> village.roles.revoke("ben", "anna", Roles.ADMIN, "")).isInstanceOf(NotAllowed.class);
    }
  }

  @Test
  void grant_ofMoreThanOneHas_isNotAllowed() throws IOException {
    try (Village village = Village.founded(folder).with("Ben", "Clara")) {
      village.ledger.write(Change.Cause.by("anna"), tx -> tx.add(Row.in(Catalog.ROLES).set("name", "clerk")
          .set("permissions", "admin.roles")
          .set("is_system_role", false).set("created_by", "anna").set("created_at", tx.at()).build()));
      village.roles.grant("anna", "ben", "clerk", "");

      assertThatThrownBy(() -> village.roles.grant("ben", "ben", Roles.ADMIN, ""))
          .isInstanceOf(NotAllowed.class).hasMessageContaining("more than ben may");
      village.roles.grant("ben", "clara", "clerk", "");
    }
  }

  @Test
  void grant_twice_orOfSomethingUnknown_isRefused() throws IOException {
    try (Village village = Village.founded(folder).with("Ben")) {
      village.appoint("ben");
      assertThatThrownBy(() -> village.appoint("ben")).isInstanceOf(RefusedChange.class).hasMessageContaining("already");
      assertThatThrownBy(() -> village.roles.grant("anna", "ben", "king", ""))
          .isInstanceOf(RefusedChange.class).hasMessageContaining("no role king");
      assertThatThrownBy(() -> village.roles.grant("anna", "nobody", Roles.MODERATOR, "")).isInstanceOf(RefusedChange.class);
    }
  }

  @Test
  void grantUntil_endsByItself() throws IOException {
    try (Village village = Village.founded(folder).with("Ben")) {
      village.roles.grantUntil("anna", "ben", Roles.MODERATOR, village.clock.instant().plus(Duration.ofDays(2)), "for the holidays");
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      village.pass(Duration.ofDays(2));
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThatThrownBy(() -> village.roles.grantUntil("anna", "ben", Roles.MODERATOR, village.clock.instant(), ""))
          .isInstanceOf(RefusedChange.class);
    }
  }

  @Test
  void revoke_endsTheRole_andKeepsTheHistory() throws IOException {
    try (Village village = Village.founded(folder).with("Ben")) {
      village.appoint("ben");
      village.roles.revoke("anna", "ben", Roles.MODERATOR, "moved away");

      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThat(village.where(Catalog.ROLE_ASSIGNMENTS, "role", "moderator")).singleElement()
          .satisfies(row -> assertThat(row.number("expires_at")).isPresent());
      assertThatThrownBy(() -> village.roles.revoke("anna", "ben", Roles.MODERATOR, "")).isInstanceOf(RefusedChange.class);
      village.appoint("ben");
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
    }
  }

  @Test
  void revoke_lastAdmin_isRefused_alsoWhereAnotherIsAdminForAWhileOnly() throws IOException {
    try (Village village = Village.founded(folder).with("Ben")) {
      assertThatThrownBy(() -> village.roles.revoke("anna", "anna", Roles.ADMIN, ""))
          .isInstanceOf(RefusedChange.class).hasMessageContaining("last");
      village.roles.grantUntil("anna", "ben", Roles.ADMIN, village.clock.instant().plus(Duration.ofDays(9)), "");
      assertThatThrownBy(() -> village.roles.revoke("anna", "anna", Roles.ADMIN, "")).isInstanceOf(RefusedChange.class);
      village.roles.grant("anna", "ben", Roles.ADMIN, "");
      village.roles.revoke("ben", "anna", Roles.ADMIN, "handed over");
      assertThat(permits(village, "anna", Permission.MANAGE_ROLES)).isFalse();
    }
  }

  @Test
  void nameAdmin_isNotMagic() throws IOException {
    try (Village village = Village.founded(folder).with("admin")) {
      assertThat(permits(village, "admin", Permission.MANAGE_ROLES)).isFalse();
      assertThatThrownBy(() -> village.settings.set("admin", "X", "1")).isInstanceOf(NotAllowed.class);
    }
  }

  @Test
  void memberWithoutAnyRole_takesPart_andOneWithEmptyRolesOnlyDoesNot() throws IOException {
    try (Village village = Village.founded(folder).with("Ben", "Clara")) {
      village.roles.revoke("anna", "ben", Roles.MEMBER, "");
      village.ask("ben");
      village.shutOut("clara");
      assertThatThrownBy(() -> village.ask("clara")).isInstanceOf(NotAllowed.class);
      assertThat(Roles.takesPart(village.view(), "clara", village.clock.instant())).isFalse();
      village.roles.grant("anna", "clara", Roles.MEMBER, "is back");
      village.ask("clara");
    }
  }
}
