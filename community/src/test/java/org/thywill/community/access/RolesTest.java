package org.thywill.community.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.member.RoleEntry;
import org.thywill.community.prayer.Visibility;

class RolesTest {
  @TempDir Path folder;

  private static boolean permits(CommunityFixture village, String member, Permission permission)
      throws IOException {
    return Roles.permits(village.view(), member, permission, village.clock.instant());
  }

  @Test
  void grant_givesExactlyWhatTheRoleAllows() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      assertThat(
              Arrays.stream(Permission.values())
                  .noneMatch(permission -> has(village, "ben", permission)))
          .isTrue();
      village.roles.grant("anna", "ben", Roles.MODERATOR, "reads kindly");

      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      assertThat(permits(village, "ben", Permission.MANAGE_ROLES)).isFalse();
      assertThat(
              Arrays.stream(Permission.values())
                  .allMatch(permission -> has(village, "anna", permission)))
          .isTrue();
      assertThat(village.where(Catalog.ROLE_ASSIGNMENTS, "role", "moderator"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.text("granted_by")).contains("anna");
                assertThat(row.text("reason")).contains("reads kindly");
              });
    }
  }

  private static boolean has(CommunityFixture village, String member, Permission permission) {
    try {
      return permits(village, member, permission);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void grant_withoutThePermission_isNotAllowed() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.appoint("ben");
      assertThatThrownBy(() -> village.roles.grant("ben", "clara", Roles.MODERATOR, ""))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("ben may not define, grant or revoke roles.");
      assertThatThrownBy(() -> village.roles.revoke("ben", "anna", Roles.ADMIN, ""))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void grant_ofMoreThanOneHas_isNotAllowed() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set("name", "clerk")
                      .set("permissions", "admin.roles")
                      .set("is_system_role", false)
                      .set("created_by", "anna")
                      .set("created_at", tx.atMicros())
                      .build()));
      village.roles.grant("anna", "ben", "clerk", "");

      assertThatThrownBy(() -> village.roles.grant("ben", "ben", Roles.ADMIN, ""))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("more than ben may");
      village.roles.grant("ben", "clara", "clerk", "");
    }
  }

  @Test
  void grant_twice_orOfSomethingUnknown_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.appoint("ben");
      assertThatThrownBy(() -> village.appoint("ben"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      assertThatThrownBy(() -> village.roles.grant("anna", "ben", "king", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no role king");
      assertThatThrownBy(() -> village.roles.grant("anna", "nobody", Roles.MODERATOR, ""))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void grantUntil_endsByItself() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.roles.grantUntil(
          "anna",
          "ben",
          Roles.MODERATOR,
          village.clock.instant().plus(Duration.ofDays(2)),
          "for the holidays");
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      village.pass(Duration.ofDays(2));
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThatThrownBy(
              () ->
                  village.roles.grantUntil(
                      "anna", "ben", Roles.MODERATOR, village.clock.instant(), ""))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void revoke_endsTheRole_andKeepsTheHistory() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.appoint("ben");
      village.roles.revoke("anna", "ben", Roles.MODERATOR, "moved away");

      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThat(village.where(Catalog.ROLE_ASSIGNMENTS, "role", "moderator"))
          .singleElement()
          .satisfies(row -> assertThat(row.number("expires_at")).isPresent());
      assertThatThrownBy(() -> village.roles.revoke("anna", "ben", Roles.MODERATOR, ""))
          .isInstanceOf(InvalidInputException.class);
      village.appoint("ben");
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
    }
  }

  @Test
  void revoke_lastAdmin_isRefused_alsoWhereAnotherIsAdminForAWhileOnly() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      assertThatThrownBy(() -> village.roles.revoke("anna", "anna", Roles.ADMIN, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("last");
      village.roles.grantUntil(
          "anna", "ben", Roles.ADMIN, village.clock.instant().plus(Duration.ofDays(9)), "");
      assertThatThrownBy(() -> village.roles.revoke("anna", "anna", Roles.ADMIN, ""))
          .isInstanceOf(InvalidInputException.class);
      village.roles.grant("anna", "ben", Roles.ADMIN, "");
      village.roles.revoke("ben", "anna", Roles.ADMIN, "handed over");
      assertThat(permits(village, "anna", Permission.MANAGE_ROLES)).isFalse();
    }
  }

  @Test
  void nameAdmin_isNotMagic() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("admin")) {
      assertThat(permits(village, "admin", Permission.MANAGE_ROLES)).isFalse();
      assertThatThrownBy(() -> village.settings.set("admin", "X", "1"))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void memberWithoutAnyRole_takesPart_andOneWithEmptyRolesOnlyDoesNot() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.roles.revoke("anna", "ben", Roles.MEMBER, "");
      village.ask("ben");
      village.shutOut("clara");
      assertThatThrownBy(() -> village.ask("clara")).isInstanceOf(ForbiddenException.class);
      assertThat(Roles.takesPart(village.view(), "clara", village.clock.instant())).isFalse();
      village.roles.grant("anna", "clara", Roles.MEMBER, "is back");
      village.ask("clara");
    }
  }

  @FunctionalInterface
  private interface Act {
    void by(String actor) throws IOException;
  }

  /** Something that nobody may without a permission, done to new things. */
  private static Act actOf(CommunityFixture village, Permission permission) throws IOException {
    return switch (permission) {
      case MODERATE_PRAYERS -> {
        String prayer = village.ask("anna");
        yield actor -> village.moderation.hide(actor, prayer, "to be looked at");
      }
      case MANAGE_PRAYERS -> {
        String prayer = village.ask("anna");
        yield actor -> village.prayers.archive(actor, prayer);
      }
      case MANAGE_MEMBERS -> {
        String guest = village.join("Guest " + village.lastSeq()).handle();
        yield actor -> village.accounts.deactivate(actor, guest, "asked for a rest");
      }
      case MANAGE_ROLES -> {
        String guest = village.join("Guest " + village.lastSeq()).handle();
        yield actor -> village.roles.grant(actor, guest, "reader", "");
      }
      case MANAGE_SYSTEM ->
          actor -> village.settings.set(actor, "AN_INVENTED_NAME", "a value of " + actor);
    };
  }

  @Test
  void customRole_mayExactlyWhatItSays() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.roles.define("anna", "reader", "Reads aloud.", Set.of());
      for (Permission permission : Permission.values()) {
        String role = "only_" + permission.name().toLowerCase(Locale.ROOT);
        village.roles.define("anna", role, "May one thing.", Set.of(permission));
        String member = village.join("Member " + role).handle();
        village.roles.grant("anna", member, role, "");
        for (Permission each : Permission.values()) {
          Act act = actOf(village, each);
          if (each == permission) {
            act.by(member);
          } else {
            assertThatThrownBy(() -> act.by(member))
                .as(role + " " + each)
                .isInstanceOf(ForbiddenException.class);
          }
        }
      }
    }
  }

  @Test
  void customRole_thatAllowsNothing_isATitle_andShutsNobodyOut() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.roles.define("anna", "reader", "  ", Set.of());
      village.roles.grant("anna", "ben", "reader", "");
      village.prayers.ask("ben", "For rain.", Visibility.MEMBERS, "");
      assertThat(village.row(Catalog.ROLES, "reader").text("description")).isEmpty();
      assertThat(village.row(Catalog.ROLES, "reader").text("created_by")).contains("anna");
    }
  }

  @Test
  void redefine_holdsAtOnceForAllWhoHaveTheRole_andKeepsWordsThatMeanNothingHere()
      throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set("name", "keeper")
                      .set("permissions", "view.reports, moderate.prayers")
                      .set("is_system_role", false)
                      .set("created_at", tx.atMicros())
                      .build()));
      village.roles.grant("anna", "ben", "keeper", "");
      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      village.roles.redefine(
          "anna", "keeper", "Looks after accounts.", Set.of(Permission.MANAGE_MEMBERS));

      assertThat(permits(village, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThat(permits(village, "ben", Permission.MANAGE_MEMBERS)).isTrue();
      assertThat(village.row(Catalog.ROLES, "keeper").text("permissions"))
          .contains("take.part,admin.users,view.reports");
      assertThat(village.row(Catalog.ROLES, "keeper").text("description"))
          .contains("Looks after accounts.");
    }
  }

  @Test
  void define_ofMoreThanOneMay_isNotAllowed_norIsItAfterwards() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      village.roles.define(
          "anna",
          "clerk",
          "Gives roles.",
          Set.of(Permission.MANAGE_ROLES, Permission.MODERATE_PRAYERS));
      village.roles.define(
          "anna", "keeper", "Looks after accounts.", Set.of(Permission.MANAGE_MEMBERS));
      village.roles.grant("anna", "ben", "clerk", "");
      assertThatThrownBy(() -> village.roles.define("clara", "helper", "", Set.of()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("clara may not define, grant or revoke roles.");
      assertThatThrownBy(
              () -> village.roles.define("ben", "helper", "", Set.of(Permission.MANAGE_SYSTEM)))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("more than ben may");
      village.roles.define("ben", "helper", "", Set.of(Permission.MODERATE_PRAYERS));
      assertThatThrownBy(
              () -> village.roles.redefine("ben", "helper", "", Set.of(Permission.MANAGE_SYSTEM)))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(
              () ->
                  village.roles.redefine(
                      "ben",
                      "clerk",
                      "",
                      Set.of(Permission.MANAGE_ROLES, Permission.MANAGE_SYSTEM)))
          .as("one's own role")
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.roles.redefine("ben", "keeper", "", Set.of()))
          .as("weaker than it is")
          .isInstanceOf(ForbiddenException.class);
      village.roles.grant("ben", "clara", "helper", "");
      assertThat(permits(village, "clara", Permission.MODERATE_PRAYERS)).isTrue();
    }
  }

  @Test
  void rolesThatTheProgramReliesOn_orThatAllowEverything_stay_soThatAnAdminIsLeft()
      throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set("name", "owner")
                      .set("permissions", "*")
                      .set("is_system_role", false)
                      .set("created_at", tx.atMicros())
                      .build()));
      village.accounts.deactivate("anna", "ben", "asked for a rest");
      for (String role :
          List.of(
              Roles.ADMIN,
              Roles.MODERATOR,
              Roles.MEMBER,
              "owner",
              AccountDeactivation.DEACTIVATED)) {
        assertThatThrownBy(() -> village.roles.redefine("anna", role, "", Set.of()))
            .as(role)
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("stays as it is");
      }
      assertThatThrownBy(() -> village.roles.redefine("anna", "nothing", "", Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no role nothing");
    }
  }

  @Test
  void define_withoutANameOfItsOwn_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.roles.define("anna", "prayer_chain", "x".repeat(500), Set.of());
      Map.of(
              "",
              "Please write something",
              "Prayer chain",
              "such as prayer_chain.",
              "PRAYER_CHAIN",
              "such as prayer_chain.",
              "🙏",
              "digits and _ alone.",
              "a/b",
              "such as a_b.",
              "x".repeat(61),
              "60 fit",
              "prayer_chain",
              "already",
              "admin",
              "a meaning of its own",
              "deactivated",
              "a meaning of its own",
              "Ａdmin",
              "such as admin.")
          .forEach(
              (name, why) ->
                  assertThatThrownBy(() -> village.roles.define("anna", name, "", Set.of()))
                      .as(name)
                      .isInstanceOf(InvalidInputException.class)
                      .hasMessageContaining(why));
      assertThatThrownBy(() -> village.roles.define("anna", "callers", "x".repeat(501), Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("500 fit");
      assertThatThrownBy(
              () -> village.roles.redefine("anna", "prayer_chain", "x".repeat(501), Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("500 fit");
    }
  }

  @Test
  void roles_tellWhatTheyAllow_andWhoHasThem_butNotWhomTheyShutOut() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      village.roles.define(
          "anna",
          "caller",
          "Calls on Thursdays.",
          Set.of(Permission.MODERATE_PRAYERS, Permission.MANAGE_PRAYERS));
      village.roles.grant("anna", "ben", "caller", "");
      village.roles.grantUntil(
          "anna", "clara", "caller", village.clock.instant().plus(Duration.ofDays(1)), "");
      village.accounts.deactivate("anna", "dora", "asked for a rest");
      assertThat(RoleEntry.all(village.view(), village.clock.instant()))
          .map(RoleEntry::name)
          .containsExactly("admin", "caller", "member", "moderator");
      assertThat(RoleEntry.all(village.view(), village.clock.instant()).get(1))
          .isEqualTo(
              new RoleEntry(
                  "caller",
                  "Calls on Thursdays.",
                  Set.of(Permission.MODERATE_PRAYERS, Permission.MANAGE_PRAYERS),
                  false,
                  true,
                  List.of(
                      new RoleEntry.Holder("ben", "Ben"), new RoleEntry.Holder("clara", "Clara")),
                  2));
      village.pass(Duration.ofDays(2));
      assertThat(RoleEntry.all(village.view(), village.clock.instant()).get(1).holders())
          .containsExactly(new RoleEntry.Holder("ben", "Ben"));
      assertThat(RoleEntry.all(village.view(), village.clock.instant()).getFirst().phrases())
          .containsExactly("do everything");
    }
  }
}
