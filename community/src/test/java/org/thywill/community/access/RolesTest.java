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

  private static boolean permits(CommunityFixture fixture, String member, Permission permission)
      throws IOException {
    return Roles.permits(fixture.view(), member, permission, fixture.clock.instant());
  }

  @Test
  void grant_givesExactlyWhatTheRoleAllows() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      assertThat(
              Arrays.stream(Permission.values())
                  .noneMatch(permission -> has(fixture, "ben", permission)))
          .isTrue();
      fixture.roles.grant("anna", "ben", Roles.MODERATOR, "reads kindly");

      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      assertThat(permits(fixture, "ben", Permission.MANAGE_ROLES)).isFalse();
      assertThat(
              Arrays.stream(Permission.values())
                  .allMatch(permission -> has(fixture, "anna", permission)))
          .isTrue();
      assertThat(fixture.where(Catalog.RoleAssignments.ROLE, "moderator"))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.get(Catalog.RoleAssignments.GRANTED_BY)).contains("anna");
                assertThat(row.get(Catalog.RoleAssignments.REASON)).contains("reads kindly");
              });
    }
  }

  private static boolean has(CommunityFixture fixture, String member, Permission permission) {
    try {
      return permits(fixture, member, permission);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void grant_withoutThePermission_isNotAllowed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.appoint("ben");
      assertThatThrownBy(() -> fixture.roles.grant("ben", "clara", Roles.MODERATOR, ""))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("ben may not define, grant or revoke roles.");
      assertThatThrownBy(() -> fixture.roles.revoke("ben", "anna", Roles.ADMIN, ""))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void grant_ofMoreThanOneHas_isNotAllowed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set(Catalog.Roles.NAME, "clerk")
                      .set(Catalog.Roles.PERMISSIONS, "admin.roles")
                      .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                      .set(Catalog.Roles.CREATED_BY, "anna")
                      .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                      .build()));
      fixture.roles.grant("anna", "ben", "clerk", "");

      assertThatThrownBy(() -> fixture.roles.grant("ben", "ben", Roles.ADMIN, ""))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("more than ben may");
      fixture.roles.grant("ben", "clara", "clerk", "");
    }
  }

  @Test
  void grant_twice_orOfSomethingUnknown_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.appoint("ben");
      assertThatThrownBy(() -> fixture.appoint("ben"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("already");
      assertThatThrownBy(() -> fixture.roles.grant("anna", "ben", "king", ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no role king");
      assertThatThrownBy(() -> fixture.roles.grant("anna", "nobody", Roles.MODERATOR, ""))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void grantUntil_endsByItself() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.roles.grantUntil(
          "anna",
          "ben",
          Roles.MODERATOR,
          fixture.clock.instant().plus(Duration.ofDays(2)),
          "for the holidays");
      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      fixture.pass(Duration.ofDays(2));
      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThatThrownBy(
              () ->
                  fixture.roles.grantUntil(
                      "anna", "ben", Roles.MODERATOR, fixture.clock.instant(), ""))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void revoke_endsTheRole_andKeepsTheHistory() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.appoint("ben");
      fixture.roles.revoke("anna", "ben", Roles.MODERATOR, "moved away");

      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThat(fixture.where(Catalog.RoleAssignments.ROLE, "moderator"))
          .singleElement()
          .satisfies(row -> assertThat(row.get(Catalog.RoleAssignments.EXPIRES_AT)).isPresent());
      assertThatThrownBy(() -> fixture.roles.revoke("anna", "ben", Roles.MODERATOR, ""))
          .isInstanceOf(InvalidInputException.class);
      fixture.appoint("ben");
      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isTrue();
    }
  }

  @Test
  void revoke_lastAdmin_isRefused_alsoWhereAnotherIsAdminForAWhileOnly() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      assertThatThrownBy(() -> fixture.roles.revoke("anna", "anna", Roles.ADMIN, ""))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("last");
      fixture.roles.grantUntil(
          "anna", "ben", Roles.ADMIN, fixture.clock.instant().plus(Duration.ofDays(9)), "");
      assertThatThrownBy(() -> fixture.roles.revoke("anna", "anna", Roles.ADMIN, ""))
          .isInstanceOf(InvalidInputException.class);
      fixture.roles.grant("anna", "ben", Roles.ADMIN, "");
      fixture.roles.revoke("ben", "anna", Roles.ADMIN, "handed over");
      assertThat(permits(fixture, "anna", Permission.MANAGE_ROLES)).isFalse();
    }
  }

  @Test
  void nameAdmin_isNotMagic() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      // Only an import can bring such a name: new members are refused it.
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.MEMBERS)
                      .set(Catalog.Members.HANDLE, "admin")
                      .set(Catalog.Members.DISPLAY_NAME, "admin")
                      .build()));
      assertThat(permits(fixture, "admin", Permission.MANAGE_ROLES)).isFalse();
      assertThatThrownBy(() -> fixture.settings.set("admin", "X", "1"))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void memberWithoutAnyRole_takesPart_andOneWithEmptyRolesOnlyDoesNot() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.roles.revoke("anna", "ben", Roles.MEMBER, "");
      fixture.ask("ben");
      fixture.shutOut("clara");
      assertThatThrownBy(() -> fixture.ask("clara")).isInstanceOf(ForbiddenException.class);
      assertThat(Roles.takesPart(fixture.view(), "clara", fixture.clock.instant())).isFalse();
      fixture.roles.grant("anna", "clara", Roles.MEMBER, "is back");
      fixture.ask("clara");
    }
  }

  @FunctionalInterface
  private interface Act {
    void by(String actor) throws IOException;
  }

  /** Something that nobody may without a permission, done to new things. */
  private static Act actOf(CommunityFixture fixture, Permission permission) throws IOException {
    return switch (permission) {
      case MODERATE_PRAYERS -> {
        String prayer = fixture.ask("anna");
        yield actor -> fixture.moderation.hide(actor, prayer, "to be looked at");
      }
      case MANAGE_PRAYERS -> {
        String prayer = fixture.ask("anna");
        yield actor -> fixture.prayers.archive(actor, prayer);
      }
      case MANAGE_MEMBERS -> {
        String guest = fixture.join("Guest " + fixture.lastSeq()).handle();
        yield actor -> fixture.accounts.deactivate(actor, guest, "asked for a rest");
      }
      case MANAGE_ROLES -> {
        String guest = fixture.join("Guest " + fixture.lastSeq()).handle();
        yield actor -> fixture.roles.grant(actor, guest, "reader", "");
      }
      case MANAGE_SYSTEM ->
          actor -> fixture.settings.set(actor, "AN_INVENTED_NAME", "a value of " + actor);
    };
  }

  @Test
  void customRole_mayExactlyWhatItSays() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.roles.define("anna", "reader", "Reads aloud.", Set.of());
      int number = 0;
      for (Permission permission : Permission.values()) {
        String role = "only_" + permission.name().toLowerCase(Locale.ROOT);
        fixture.roles.define("anna", role, "May one thing.", Set.of(permission));
        String member = fixture.join("Member " + ++number).handle();
        fixture.roles.grant("anna", member, role, "");
        for (Permission each : Permission.values()) {
          Act act = actOf(fixture, each);
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
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.roles.define("anna", "reader", "  ", Set.of());
      fixture.roles.grant("anna", "ben", "reader", "");
      fixture.prayers.ask("ben", "For rain.", Visibility.MEMBERS, "");
      assertThat(fixture.row(Catalog.ROLES, "reader").get(Catalog.Roles.DESCRIPTION)).isEmpty();
      assertThat(fixture.row(Catalog.ROLES, "reader").get(Catalog.Roles.CREATED_BY))
          .contains("anna");
    }
  }

  @Test
  void redefine_holdsAtOnceForAllWhoHaveTheRole_andKeepsWordsThatMeanNothingHere()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set(Catalog.Roles.NAME, "keeper")
                      .set(Catalog.Roles.PERMISSIONS, "view.reports, moderate.prayers")
                      .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                      .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                      .build()));
      fixture.roles.grant("anna", "ben", "keeper", "");
      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isTrue();
      fixture.roles.redefine(
          "anna", "keeper", "Looks after accounts.", Set.of(Permission.MANAGE_MEMBERS));

      assertThat(permits(fixture, "ben", Permission.MODERATE_PRAYERS)).isFalse();
      assertThat(permits(fixture, "ben", Permission.MANAGE_MEMBERS)).isTrue();
      assertThat(fixture.row(Catalog.ROLES, "keeper").get(Catalog.Roles.PERMISSIONS))
          .contains("take.part,admin.users,view.reports");
      assertThat(fixture.row(Catalog.ROLES, "keeper").get(Catalog.Roles.DESCRIPTION))
          .contains("Looks after accounts.");
    }
  }

  @Test
  void define_ofMoreThanOneMay_isNotAllowed_norIsItAfterwards() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      fixture.roles.define(
          "anna",
          "clerk",
          "Gives roles.",
          Set.of(Permission.MANAGE_ROLES, Permission.MODERATE_PRAYERS));
      fixture.roles.define(
          "anna", "keeper", "Looks after accounts.", Set.of(Permission.MANAGE_MEMBERS));
      fixture.roles.grant("anna", "ben", "clerk", "");
      assertThatThrownBy(() -> fixture.roles.define("clara", "helper", "", Set.of()))
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("clara may not define, grant or revoke roles.");
      assertThatThrownBy(
              () -> fixture.roles.define("ben", "helper", "", Set.of(Permission.MANAGE_SYSTEM)))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("more than ben may");
      fixture.roles.define("ben", "helper", "", Set.of(Permission.MODERATE_PRAYERS));
      assertThatThrownBy(
              () -> fixture.roles.redefine("ben", "helper", "", Set.of(Permission.MANAGE_SYSTEM)))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(
              () ->
                  fixture.roles.redefine(
                      "ben",
                      "clerk",
                      "",
                      Set.of(Permission.MANAGE_ROLES, Permission.MANAGE_SYSTEM)))
          .as("one's own role")
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.roles.redefine("ben", "keeper", "", Set.of()))
          .as("weaker than it is")
          .isInstanceOf(ForbiddenException.class);
      fixture.roles.grant("ben", "clara", "helper", "");
      assertThat(permits(fixture, "clara", Permission.MODERATE_PRAYERS)).isTrue();
    }
  }

  @Test
  void rolesThatTheProgramReliesOn_orThatAllowEverything_stay_soThatAnAdminIsLeft()
      throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              tx.add(
                  Row.in(Catalog.ROLES)
                      .set(Catalog.Roles.NAME, "owner")
                      .set(Catalog.Roles.PERMISSIONS, "*")
                      .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                      .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                      .build()));
      fixture.accounts.deactivate("anna", "ben", "asked for a rest");
      for (String role :
          List.of(
              Roles.ADMIN,
              Roles.MODERATOR,
              Roles.MEMBER,
              "owner",
              AccountDeactivation.DEACTIVATED)) {
        assertThatThrownBy(() -> fixture.roles.redefine("anna", role, "", Set.of()))
            .as(role)
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("stays as it is");
      }
      assertThatThrownBy(() -> fixture.roles.redefine("anna", "nothing", "", Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no role nothing");
    }
  }

  @Test
  void define_withoutANameOfItsOwn_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.roles.define("anna", "prayer_chain", "x".repeat(500), Set.of());
      Map.of(
              "",
              "Please write something",
              "Prayer chain",
              "such as prayer_chain.",
              "PRAYER_CHAIN",
              "such as prayer_chain.",
              "🙏",
              "only small letters, digits and _.",
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
                  assertThatThrownBy(() -> fixture.roles.define("anna", name, "", Set.of()))
                      .as(name)
                      .isInstanceOf(InvalidInputException.class)
                      .hasMessageContaining(why));
      assertThatThrownBy(() -> fixture.roles.define("anna", "callers", "x".repeat(501), Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("500 fit");
      assertThatThrownBy(
              () -> fixture.roles.redefine("anna", "prayer_chain", "x".repeat(501), Set.of()))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("500 fit");
    }
  }

  @Test
  void roles_tellWhatTheyAllow_andWhoHasThem_butNotWhomTheyShutOut() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara", "Dora")) {
      fixture.roles.define(
          "anna",
          "caller",
          "Calls on Thursdays.",
          Set.of(Permission.MODERATE_PRAYERS, Permission.MANAGE_PRAYERS));
      fixture.roles.grant("anna", "ben", "caller", "");
      fixture.roles.grantUntil(
          "anna", "clara", "caller", fixture.clock.instant().plus(Duration.ofDays(1)), "");
      fixture.accounts.deactivate("anna", "dora", "asked for a rest");
      assertThat(RoleEntry.all(fixture.view(), fixture.clock.instant()))
          .map(RoleEntry::name)
          .containsExactly("admin", "caller", "member", "moderator");
      assertThat(RoleEntry.all(fixture.view(), fixture.clock.instant()).get(1))
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
      fixture.pass(Duration.ofDays(2));
      assertThat(RoleEntry.all(fixture.view(), fixture.clock.instant()).get(1).holders())
          .containsExactly(new RoleEntry.Holder("ben", "Ben"));
      assertThat(RoleEntry.all(fixture.view(), fixture.clock.instant()).getFirst().phrases())
          .containsExactly("do everything");
    }
  }
}
