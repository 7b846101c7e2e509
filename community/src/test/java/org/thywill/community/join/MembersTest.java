package org.thywill.community.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;

class MembersTest {
  @TempDir Path folder;

  @Test
  void operatorLink_makesTheFirstAdmin_once() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.empty(folder)) {
      String link = fixture.members.makeOperatorLink(Duration.ofHours(1));
      Members.NewMember joined = fixture.members.join(link, "Anna", CommunityFixture.LAPTOP);

      assertThat(joined.handle()).isEqualTo("anna");
      assertThat(
              Roles.permits(
                  fixture.view(), "anna", Permission.MANAGE_ROLES, fixture.clock.instant()))
          .isTrue();
      assertThat(fixture.row(Catalog.MEMBERS, "anna").get(Catalog.Members.INVITED_BY))
          .contains("system");
      assertThat(fixture.rows(Catalog.ROLES))
          .extracting(Row::key)
          .containsExactly("admin", "member", "moderator");
      assertThatThrownBy(() -> fixture.members.join(link, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("has been used");
      assertThatThrownBy(() -> fixture.members.makeOperatorLink(Duration.ofHours(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("has an admin already");
    }
  }

  @Test
  void operatorLink_isNowhereInTheArchive_andItsHashOpensNothing() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.empty(folder)) {
      String link = fixture.members.makeOperatorLink(Duration.ofHours(1));
      fixture.ledger.checkpoint();
      try (Stream<Path> files = Files.walk(fixture.archive)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).doesNotContain(link);
        }
      }
      String hash = fixture.rows(Catalog.INVITES).getFirst().key();
      assertThat(hash).startsWith("sha256:");
      assertThatThrownBy(() -> fixture.members.join(hash, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void invite_thatIsKeptAsAHash_isOpenedByItsTokenOnly() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String hash = Ids.hash("a-token-that-was-given-away");
      fixture.ledger.write(
          Change.Cause.by("anna"),
          tx ->
              InviteLinks.add(
                  tx, hash, "anna", LinkKind.NEW_USER, Duration.ofDays(1), OptionalLong.of(2)));

      assertThatThrownBy(() -> fixture.members.join(hash, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("no invite");
      assertThat(
              fixture
                  .members
                  .join("a-token-that-was-given-away", "Ben", CommunityFixture.PHONE)
                  .handle())
          .isEqualTo("ben");
    }
  }

  @Test
  void operatorLink_ofACommunityThatLostItsAdmins_letsAMemberBecomeAdmin() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.shutOut("anna");
      String link = fixture.members.makeOperatorLink(Duration.ofHours(1));
      String invite = fixture.members.invite("ben");

      assertThatThrownBy(
              () -> fixture.members.acceptOperatorLink("ben", invite, CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      fixture.members.acceptOperatorLink("ben", link, CommunityFixture.PHONE);

      assertThat(
              Roles.permits(
                  fixture.view(), "ben", Permission.MANAGE_SYSTEM, fixture.clock.instant()))
          .isTrue();
    }
  }

  @Test
  void operatorLink_forgottenInADrawer_makesNoSecondAdmin() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.empty(folder)) {
      String forgotten = fixture.members.makeOperatorLink(Duration.ofHours(9));
      String used = fixture.members.makeOperatorLink(Duration.ofHours(9));
      fixture.members.join(used, "Anna", CommunityFixture.LAPTOP);

      assertThatThrownBy(() -> fixture.members.join(forgotten, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(1);
    }
  }

  @Test
  void invite_lastsAndCountsAsTheSettingsSay() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.settings.set("anna", Settings.INVITE_TOKEN_EXPIRATION_HOURS, "48");
      fixture.settings.set("anna", Settings.DEFAULT_INVITE_MAX_USES, "3");
      Row invite = fixture.row(Catalog.INVITES, Ids.hash(fixture.members.invite("anna")));

      assertThat(invite.get(Catalog.Invites.MAX_USES)).contains(3L);
      assertThat(invite.get(Catalog.Invites.EXPIRES_AT))
          .contains(Timestamps.micros(fixture.clock.instant().plus(Duration.ofDays(2))));
      assertThat(invite.get(Catalog.Invites.KIND)).contains("new_user");
    }
  }

  @Test
  void join_countsTheUse_andKeepsWhoInvited() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      String token = fixture.members.invite("ben", Duration.ofDays(2), OptionalLong.of(2));
      fixture.members.join(token, "  Clara  ", CommunityFixture.PHONE);
      fixture.members.join(token, "Dora", CommunityFixture.PHONE);

      Row clara = fixture.row(Catalog.MEMBERS, "clara");
      assertThat(clara.get(Catalog.Members.DISPLAY_NAME)).contains("Clara");
      assertThat(clara.get(Catalog.Members.INVITED_BY)).contains("ben");
      assertThat(fixture.row(Catalog.INVITES, Ids.hash(token)).get(Catalog.Invites.USED_COUNT))
          .contains(2L);
      assertThat(fixture.row(Catalog.INVITES, Ids.hash(token)).get(Catalog.Invites.USED_BY))
          .contains("dora");
      assertThat(fixture.where(Catalog.InviteUses.INVITE, Ids.hash(token)))
          .hasSize(2)
          .allSatisfy(
              use -> assertThat(use.get(Catalog.InviteUses.IP_ADDRESS)).contains("203.0.113.8"));
      assertThatThrownBy(() -> fixture.members.join(token, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("has been used");
    }
  }

  @Test
  void join_byAnInviteWithoutANumber_letsManyIn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
      for (String name : List.of("Ben", "Clara", "Dora")) {
        fixture.members.join(token, name, CommunityFixture.PHONE);
      }
      assertThat(fixture.row(Catalog.INVITES, Ids.hash(token)).get(Catalog.Invites.USED_COUNT))
          .contains(3L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Anna",
        " anna ",
        "ANNA",
        "Ａｎｎａ",
        "\u0410nna",
        "\u0391nna",
        "Ann\u0430",
        "Wi11 Marsh",
        "WILL MARSH",
        "Will.Marsh",
        "W\u0456ll M\u0430rsh",
        "\u0405ystem",
        "sуstem"
      })
  void join_aNameThatLooksLikeAnother_isRefused(String name) throws IOException {
    try (CommunityFixture fixture =
        CommunityFixture.founded(folder).with("Will Marsh", "Анна Каренина")) {
      String token = fixture.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
      assertThatThrownBy(() -> fixture.members.join(token, name, CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(
              "Somebody is called .* already, or nearly so. Please add a second name or an"
                  + " initial.|The name .* is the program's own. Please choose another.");
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(3);
    }
  }

  @Test
  void join_namesOfAnyScript_thatReadOtherwise_comeIn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
      for (String name :
          List.of(
              "Hanna",
              "Anne",
              "Анна",
              "Άννα",
              "安娜",
              "アンナ",
              "안나",
              "آنا",
              "אנה",
              "अन्ना",
              "Anna Мария",
              "🕊",
              "🕯",
              "Ann-Marie",
              "An Na")) {
        fixture.members.join(token, name, CommunityFixture.PHONE);
      }
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(16);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u2800\u2800",
        "\u3164",
        "\u115F\u1160",
        "\uFFA0",
        "\u0301\u0302",
        "\u200D",
        "\uFE0F",
        "\u00AD\u034F",
        "\u2063",
        "\uDB40\uDC41",
        "\uD834\uDD59",
        "Ben\u2800",
        "Ben\u3164Marsh",
        "B\u0336e\u0336n\u0336"
      })
  void join_aNameWithNothingToSee_orStruckThrough_isRefused(String name) throws IOException {
    refusesAtTheDoor(name, "Please write something: .*|A name has no line breaks, .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Admin",
        "ADMINISTRATOR",
        "Anna (admin)",
        "Adm1n",
        "\u0410dmin",
        "Adm\u0456n",
        "\u00C1dmin",
        "Ａｄｍｉｎ",
        "A d m i n",
        "Admin2",
        "Sysadmin",
        "AdminTeam",
        "Oper\u0430tor",
        "0perator",
        "The Moderator",
        "Moderators",
        "ThyWill",
        "Thy Will",
        "Thy-Will Team",
        "Thy\u200Dwill",
        "THYW1LL",
        "System Service",
        "everyone",
        "Every0ne",
        "Everybody"
      })
  void join_aNameThatPretendsAnOffice_isRefused(String name) throws IOException {
    refusesAtTheDoor(name, "The name .* looks as if you had an office here. .*");
  }

  private void refusesAtTheDoor(String name, String reason) throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.members.invite("anna");
      assertThatThrownBy(() -> fixture.members.join(token, name, CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(reason);
      assertThatThrownBy(
              () ->
                  fixture.applications.apply(
                      name,
                      "I live next door, and would like to pray with you.",
                      "next door",
                      CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(reason);
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(1);
      assertThat(fixture.rows(Catalog.APPLICATIONS)).isEmpty();
    }
  }

  @Test
  void join_namesThatOnlyShareLettersWithAnOffice_comeIn() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      for (String name :
          List.of(
              "Amin", "Dorothy Will", "Adina", "Odmin", "Evelyn One", "Mo Derat", "Edmi Nour")) {
        fixture.join(name);
      }
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(8);
    }
  }

  @Test
  void join_withoutAnInvite_learnsNobodysName() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThatThrownBy(
              () -> fixture.members.join("nonsense", "\u0410nna", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("no invite");
    }
  }

  @Test
  void join_byAnInviteThatExpiredOrIsUnknown_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      String token = fixture.members.invite("anna", Duration.ofHours(1), OptionalLong.of(1));
      fixture.pass(Duration.ofHours(1));

      assertThatThrownBy(() -> fixture.members.join(token, "Ben", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("expired");
      assertThatThrownBy(() -> fixture.members.join("nonsense", "Ben", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(1);
    }
  }

  @Test
  void join_underANameThatReadsLikeAnother_isRefused() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Mary Johnson")) {
      String token = fixture.members.invite("anna", Duration.ofDays(1), OptionalLong.empty());
      for (String name :
          List.of(
              "Mary Johnson",
              "mary  johnson",
              "MARY-JOHNSON",
              "Ｍａｒｙ Ｊｏｈｎｓｏｎ",
              "System",
              " ",
              "x".repeat(51),
              "Ma\u202Ery",
              "Eve\nAnna")) {
        assertThatThrownBy(() -> fixture.members.join(token, name, CommunityFixture.PHONE))
            .as(name)
            .isInstanceOf(InvalidInputException.class);
      }
      assertThat(fixture.rows(Catalog.MEMBERS)).hasSize(2);
      assertThat(fixture.row(Catalog.INVITES, Ids.hash(token)).get(Catalog.Invites.USED_COUNT))
          .contains(0L);
    }
  }

  @Test
  void join_namesOfAnyScript_giveReadableHandles() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      assertThat(fixture.join("Надія Світличенко").handle()).isEqualTo("надія_світличенко");
      assertThat(fixture.join("하은").handle()).isEqualTo("하은");
      assertThat(fixture.join("Mary-Beth O'Rowan").handle()).isEqualTo("mary_beth_o_rowan");
      assertThat(fixture.join("🙏").handle()).isEqualTo("member_1");
      assertThat(fixture.join("✨").handle()).isEqualTo("member_2");
      assertThatThrownBy(() -> fixture.join("🙏")).isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void join_signsInOnThatDevice_andKeepsTheHashOnly() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      Members.NewMember joined = fixture.join("Ben");
      Optional<Sessions.Session> found =
          Sessions.find(fixture.view(), joined.session().id(), fixture.clock.instant());

      assertThat(found.map(Sessions.Session::member)).contains("ben");
      assertThat(found.map(Sessions.Session::isFull)).contains(true);
      assertThat(fixture.where(Catalog.Sessions.MEMBER, "ben"))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row.key())
                      .startsWith("sha256:")
                      .doesNotContain(joined.session().id()));
    }
  }

  @Test
  void revokeInvite_byItsMaker_endsIt_andLeavesTheListOfOpenOnes() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String token = fixture.members.invite("ben", Duration.ofDays(1), OptionalLong.of(5));
      assertThatThrownBy(() -> fixture.members.revokeInvite("clara", Ids.hash(token), ""))
          .isInstanceOf(ForbiddenException.class);
      fixture.members.revokeInvite("ben", Ids.hash(token), "sent to the wrong address");

      assertThatThrownBy(() -> fixture.members.join(token, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> fixture.members.revokeInvite("ben", Ids.hash(token), ""))
          .isInstanceOf(ForbiddenException.class);
      fixture.ledger.checkpoint();
      assertThat(Files.readString(fixture.archive.resolve("system/invite_tokens.txt")))
          .doesNotContain(token, Ids.hash(token));

      String other = fixture.members.invite("ben");
      fixture.members.revokeInvite("anna", Ids.hash(other), "as admin");
    }
  }

  @Test
  void invite_bySomebodyShutOut_isNotAllowed() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder).with("Ben")) {
      fixture.shutOut("ben");
      assertThatThrownBy(() -> fixture.members.invite("ben"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("deactivated");
      assertThatThrownBy(() -> fixture.members.invite("nobody"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("no member");
      assertThatThrownBy(() -> fixture.members.invite("anna", Duration.ZERO, OptionalLong.of(1)))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> fixture.members.invite("anna", Duration.ofDays(1), OptionalLong.of(0)))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void join_underANameOfSomebodyWhoCameByImport_isRefused_whateverTheirHandle() throws IOException {
    try (CommunityFixture fixture = CommunityFixture.founded(folder)) {
      fixture.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.MEMBERS)
                      .set(Catalog.Members.HANDLE, "ben_2")
                      .set(Catalog.Members.DISPLAY_NAME, "BEN")
                      .build()));
      assertThatThrownBy(() -> fixture.join("BEN")).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> fixture.join("Ben")).isInstanceOf(InvalidInputException.class);
      assertThat(fixture.join("Ben Marsh").handle()).isEqualTo("ben_marsh");
    }
  }
}
