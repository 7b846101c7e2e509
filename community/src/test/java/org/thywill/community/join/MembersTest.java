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
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.Sessions;

class MembersTest {
  @TempDir Path folder;

  @Test
  void operatorLink_makesTheFirstAdmin_once() throws IOException {
    try (CommunityFixture village = CommunityFixture.empty(folder)) {
      String link = village.members.makeOperatorLink(Duration.ofHours(1));
      Members.Joined joined = village.members.join(link, "Anna", CommunityFixture.LAPTOP);

      assertThat(joined.handle()).isEqualTo("anna");
      assertThat(
              Roles.permits(
                  village.view(), "anna", Permission.MANAGE_ROLES, village.clock.instant()))
          .isTrue();
      assertThat(village.row(Catalog.MEMBERS, "anna").text("invited_by")).contains("system");
      assertThat(village.rows(Catalog.ROLES))
          .extracting(Row::key)
          .containsExactly("admin", "member", "moderator");
      assertThatThrownBy(() -> village.members.join(link, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("has been used");
      assertThatThrownBy(() -> village.members.makeOperatorLink(Duration.ofHours(1)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("has an admin already");
    }
  }

  @Test
  void operatorLink_isNowhereInTheArchive_andItsHashOpensNothing() throws IOException {
    try (CommunityFixture village = CommunityFixture.empty(folder)) {
      String link = village.members.makeOperatorLink(Duration.ofHours(1));
      village.ledger.checkpoint();
      try (Stream<Path> files = Files.walk(village.archive)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file)).doesNotContain(link);
        }
      }
      String hash = village.rows(Catalog.INVITES).getFirst().key();
      assertThat(hash).startsWith("sha256:");
      assertThatThrownBy(() -> village.members.join(hash, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void operatorLink_ofACommunityThatLostItsAdmins_letsAMemberBecomeAdmin() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.shutOut("anna");
      String link = village.members.makeOperatorLink(Duration.ofHours(1));
      String invite = village.members.invite("ben");

      assertThatThrownBy(
              () -> village.members.acceptOperatorLink("ben", invite, CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      village.members.acceptOperatorLink("ben", link, CommunityFixture.PHONE);

      assertThat(
              Roles.permits(
                  village.view(), "ben", Permission.MANAGE_SYSTEM, village.clock.instant()))
          .isTrue();
    }
  }

  @Test
  void operatorLink_forgottenInADrawer_makesNoSecondAdmin() throws IOException {
    try (CommunityFixture village = CommunityFixture.empty(folder)) {
      String forgotten = village.members.makeOperatorLink(Duration.ofHours(9));
      String used = village.members.makeOperatorLink(Duration.ofHours(9));
      village.members.join(used, "Anna", CommunityFixture.LAPTOP);

      assertThatThrownBy(() -> village.members.join(forgotten, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class);
      assertThat(village.rows(Catalog.MEMBERS)).hasSize(1);
    }
  }

  @Test
  void invite_lastsAndCountsAsTheSettingsSay() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.settings.set("anna", Settings.INVITE_TOKEN_EXPIRATION_HOURS, "48");
      village.settings.set("anna", Settings.DEFAULT_INVITE_MAX_USES, "3");
      Row invite = village.row(Catalog.INVITES, village.members.invite("anna"));

      assertThat(invite.number("max_uses")).contains(3L);
      assertThat(invite.number("expires_at"))
          .contains(Timestamps.micros(village.clock.instant().plus(Duration.ofDays(2))));
      assertThat(invite.text("kind")).contains("new_user");
    }
  }

  @Test
  void join_countsTheUse_andKeepsWhoInvited() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      String token = village.members.invite("ben", Duration.ofDays(2), OptionalLong.of(2));
      village.members.join(token, "  Clara  ", CommunityFixture.PHONE);
      village.members.join(token, "Dora", CommunityFixture.PHONE);

      Row clara = village.row(Catalog.MEMBERS, "clara");
      assertThat(clara.text("display_name")).contains("Clara");
      assertThat(clara.text("invited_by")).contains("ben");
      assertThat(village.row(Catalog.INVITES, token).number("used_count")).contains(2L);
      assertThat(village.row(Catalog.INVITES, token).text("used_by")).contains("dora");
      assertThat(village.where(Catalog.INVITE_USES, "invite", token))
          .hasSize(2)
          .allSatisfy(use -> assertThat(use.text("ip_address")).contains("203.0.113.8"));
      assertThatThrownBy(() -> village.members.join(token, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("has been used");
    }
  }

  @Test
  void join_withoutLimit_letsManyIn() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String token = village.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
      for (String name : List.of("Ben", "Clara", "Dora")) {
        village.members.join(token, name, CommunityFixture.PHONE);
      }
      assertThat(village.row(Catalog.INVITES, token).number("used_count")).contains(3L);
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
    try (CommunityFixture village =
        CommunityFixture.founded(folder).with("Will Marsh", "Анна Каренина")) {
      String token = village.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
      assertThatThrownBy(() -> village.members.join(token, name, CommunityFixture.PHONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageMatching(
              "Somebody is called .* already, or nearly so. Please add a second name or an"
                  + " initial.|The name .* is the program's own. Please choose another.");
      assertThat(village.rows(Catalog.MEMBERS)).hasSize(3);
    }
  }

  @Test
  void join_namesOfAnyScript_thatReadOtherwise_comeIn() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String token = village.members.invite("anna", Duration.ofDays(2), OptionalLong.empty());
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
        village.members.join(token, name, CommunityFixture.PHONE);
      }
      assertThat(village.rows(Catalog.MEMBERS)).hasSize(16);
    }
  }

  @Test
  void join_withoutAnInvite_learnsNobodysName() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      assertThatThrownBy(
              () -> village.members.join("nonsense", "\u0410nna", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("no invite");
    }
  }

  @Test
  void join_byAnInviteThatExpiredOrIsUnknown_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      String token = village.members.invite("anna", Duration.ofHours(1), OptionalLong.of(1));
      village.pass(Duration.ofHours(1));

      assertThatThrownBy(() -> village.members.join(token, "Ben", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("expired");
      assertThatThrownBy(() -> village.members.join("nonsense", "Ben", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThat(village.rows(Catalog.MEMBERS)).hasSize(1);
    }
  }

  @Test
  void join_underANameThatReadsLikeAnother_isRefused() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Mary Johnson")) {
      String token = village.members.invite("anna", Duration.ofDays(1), OptionalLong.empty());
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
        assertThatThrownBy(() -> village.members.join(token, name, CommunityFixture.PHONE))
            .as(name)
            .isInstanceOf(InvalidInputException.class);
      }
      assertThat(village.rows(Catalog.MEMBERS)).hasSize(2);
      assertThat(village.row(Catalog.INVITES, token).number("used_count")).contains(0L);
    }
  }

  @Test
  void join_namesOfAnyScript_giveReadableHandles() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      assertThat(village.join("Надія Світличенко").handle()).isEqualTo("надія_світличенко");
      assertThat(village.join("하은").handle()).isEqualTo("하은");
      assertThat(village.join("Mary-Beth O'Rowan").handle()).isEqualTo("mary_beth_o_rowan");
      assertThat(village.join("🙏").handle()).isEqualTo("member_1");
      assertThat(village.join("✨").handle()).isEqualTo("member_2");
      assertThatThrownBy(() -> village.join("🙏")).isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void join_signsInOnThatDevice_andKeepsTheHashOnly() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      Members.Joined joined = village.join("Ben");
      Optional<Sessions.Session> found =
          Sessions.find(village.view(), joined.session().id(), village.clock.instant());

      assertThat(found.map(Sessions.Session::member)).contains("ben");
      assertThat(found.map(Sessions.Session::isFull)).contains(true);
      assertThat(village.where(Catalog.SESSIONS, "member", "ben"))
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
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben", "Clara")) {
      String token = village.members.invite("ben", Duration.ofDays(1), OptionalLong.of(5));
      assertThatThrownBy(() -> village.members.revokeInvite("clara", token, ""))
          .isInstanceOf(ForbiddenException.class);
      village.members.revokeInvite("ben", token, "sent to the wrong address");

      assertThatThrownBy(() -> village.members.join(token, "Eve", CommunityFixture.PHONE))
          .isInstanceOf(ForbiddenException.class);
      assertThatThrownBy(() -> village.members.revokeInvite("ben", token, ""))
          .isInstanceOf(ForbiddenException.class);
      village.ledger.checkpoint();
      assertThat(Files.readString(village.archive.resolve("system/invite_tokens.txt")))
          .doesNotContain(token);

      String other = village.members.invite("ben");
      village.members.revokeInvite("anna", other, "as admin");
    }
  }

  @Test
  void invite_bySomebodyShutOut_isNotAllowed() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder).with("Ben")) {
      village.shutOut("ben");
      assertThatThrownBy(() -> village.members.invite("ben"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("deactivated");
      assertThatThrownBy(() -> village.members.invite("nobody"))
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("no member");
      assertThatThrownBy(() -> village.members.invite("anna", Duration.ZERO, OptionalLong.of(1)))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> village.members.invite("anna", Duration.ofDays(1), OptionalLong.of(0)))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void join_underANameOfSomebodyWhoCameByImport_isRefused_whateverTheirHandle() throws IOException {
    try (CommunityFixture village = CommunityFixture.founded(folder)) {
      village.ledger.write(
          Change.Cause.by("system"),
          tx ->
              tx.addImported(
                  Row.in(Catalog.MEMBERS)
                      .set("handle", "ben_2")
                      .set("display_name", "BEN")
                      .build()));
      assertThatThrownBy(() -> village.join("BEN")).isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> village.join("Ben")).isInstanceOf(InvalidInputException.class);
      assertThat(village.join("Ben Marsh").handle()).isEqualTo("ben_marsh");
    }
  }
}
