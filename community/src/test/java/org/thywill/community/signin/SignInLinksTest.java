package org.thywill.community.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.community.CommunityFixture;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.Members;
import org.thywill.community.settings.Feature;

class SignInLinksTest {
  private static final Device TABLET = Device.of("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;
  private CommunityFixture village;

  @SuppressWarnings("NullAway.Init")
  SignInLinksTest() {}

  @BeforeEach
  void found() throws IOException {
    village = CommunityFixture.founded(folder).with("Ben", "Clara");
  }

  @AfterEach
  void leave() throws IOException {
    village.close();
  }

  @Test
  void ownLink_signsItsMemberInOnce_andTheArchiveKeepsItsHashAlone() throws IOException {
    String token = village.signInLinks.makeOwn("ben");
    assertThat(SignInLinks.member(village.view(), token, village.clock.instant())).contains("ben");
    Sessions.Session session = village.signInLinks.accept(token, TABLET);
    assertThat(Sessions.find(village.view(), session.id(), village.clock.instant()))
        .get()
        .matches(Sessions.Session::isFull)
        .extracting(Sessions.Session::member)
        .isEqualTo("ben");
    assertThatThrownBy(() -> village.signInLinks.accept(token, TABLET))
        .isInstanceOf(ForbiddenException.class)
        .hasMessage("This link has been used. Please ask for a new one.");
    assertThat(SignInLinks.member(village.view(), token, village.clock.instant())).isEmpty();
    assertThat(village.where(Catalog.SECURITY_EVENTS, "event", "signed_in_by_link")).hasSize(1);
    village.ledger.checkpoint();
    try (Stream<Path> files = Files.walk(village.archive)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain(token));
    }
  }

  @Test
  void link_afterItsTime_orOfAMemberWhoRests_orUnknown_signsNobodyIn() throws IOException {
    String late = village.signInLinks.makeOwn("ben");
    village.pass(SignInLinks.OWN_LIFETIME);
    assertThatThrownBy(() -> village.signInLinks.accept(late, TABLET))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("expired");
    String resting = village.signInLinks.makeOwn("clara");
    village.accounts.deactivate("anna", "clara", "asked for a rest");
    assertThatThrownBy(() -> village.signInLinks.accept(resting, TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> village.signInLinks.makeOwn("clara"))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> village.signInLinks.makeForOperator("Clara", Duration.ofHours(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> village.signInLinks.makeForOperator("Nobody", Duration.ofHours(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("There is no member Nobody.");
    assertThatThrownBy(() -> village.signInLinks.accept("nothing", TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> village.signInLinks.accept(village.members.invite("ben"), TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(
            () -> village.members.join(village.signInLinks.makeOwn("ben"), "Dora", TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThat(village.where(Catalog.SESSIONS, "device_info", "Chrome on a tablet")).isEmpty();
  }

  @Test
  void linksOfTheOriginalThatLetInWhoeverOrForEver_signNobodyIn() throws IOException {
    village.ledger.write(
        Change.Cause.by("anna"),
        tx -> {
          Row.Builder unbound =
              Members.link(
                  tx,
                  Ids.hash("unbound"),
                  "ben",
                  "multi_device",
                  Duration.ofDays(1),
                  OptionalLong.of(1));
          Row.Builder another =
              Members.link(
                      tx,
                      Ids.hash("another"),
                      "ben",
                      "multi_device",
                      Duration.ofDays(1),
                      OptionalLong.of(1))
                  .set("used_by", "anna");
          Row.Builder endless =
              Members.link(
                      tx,
                      Ids.hash("endless"),
                      "anna",
                      "user_login",
                      Duration.ofDays(1),
                      OptionalLong.empty())
                  .set("used_by", "ben");
          for (Row.Builder each : List.of(unbound, another, endless)) {
            tx.add(each.build());
          }
        });
    for (String token : List.of("unbound", "another", "endless")) {
      assertThat(SignInLinks.member(village.view(), token, village.clock.instant()))
          .as(token)
          .isEmpty();
      assertThatThrownBy(() -> village.signInLinks.accept(token, TABLET))
          .as(token)
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void operatorsLink_bringsAMemberBackWhereNobodyIsSignedIn_andAdminsSeeThatItWasMade()
      throws IOException {
    for (Row session : village.rows(Catalog.SESSIONS)) {
      village.ledger.write(
          Change.Cause.by("anna"), tx -> tx.remove(Catalog.SESSIONS, session.key()));
    }
    assertThat(Sessions.isAnybodySignedIn(village.view(), village.clock.instant())).isFalse();
    Sessions.Session session =
        village.signInLinks.accept(
            village.signInLinks.makeForOperator("Anna", Duration.ofHours(1)), TABLET);
    assertThat(session.member()).isEqualTo("anna");
    assertThat(Sessions.isAnybodySignedIn(village.view(), village.clock.instant())).isTrue();
    assertThat(village.where(Catalog.SECURITY_EVENTS, "event", "operator_link_made"))
        .hasSize(1)
        .first()
        .satisfies(event -> assertThat(event.text("member")).contains("anna"));
  }

  @Test
  void ownLink_isRefusedWhereOtherDevicesAreTurnedOff() throws IOException {
    village.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
    assertThatThrownBy(() -> village.signInLinks.makeOwn("ben"))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("turned off");
  }
}
