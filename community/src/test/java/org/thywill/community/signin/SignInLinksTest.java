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
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.settings.Feature;

class SignInLinksTest {
  private static final Device TABLET = new Device("Chrome on a tablet", "203.0.113.99");
  @TempDir Path folder;
  private CommunityFixture fixture;

  @SuppressWarnings("NullAway.Init")
  SignInLinksTest() {}

  @BeforeEach
  void found() throws IOException {
    fixture = CommunityFixture.founded(folder).with("Ben", "Clara");
  }

  @AfterEach
  void leave() throws IOException {
    fixture.close();
  }

  @Test
  void ownLink_signsItsMemberInOnce_andTheArchiveKeepsItsHashAlone() throws IOException {
    String token = fixture.signInLinks.makeOwn("ben");
    assertThat(SignInLinks.member(fixture.view(), token, fixture.clock.instant())).contains("ben");
    Sessions.Session session = fixture.signInLinks.accept(token, TABLET);
    assertThat(Sessions.find(fixture.view(), session.id(), fixture.clock.instant()))
        .get()
        .matches(Sessions.Session::isFull)
        .extracting(Sessions.Session::member)
        .isEqualTo("ben");
    assertThatThrownBy(() -> fixture.signInLinks.accept(token, TABLET))
        .isInstanceOf(ForbiddenException.class)
        .hasMessage("This link has been used. Please ask for a new one.");
    assertThat(SignInLinks.member(fixture.view(), token, fixture.clock.instant())).isEmpty();
    assertThat(fixture.where(Catalog.SecurityEvents.EVENT, "signed_in_by_link")).hasSize(1);
    fixture.ledger.checkpoint();
    try (Stream<Path> files = Files.walk(fixture.archive)) {
      assertThat(files.filter(Files::isRegularFile))
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .doesNotContain(token));
    }
  }

  @Test
  void link_afterItsTime_orOfAMemberWhoRests_orUnknown_signsNobodyIn() throws IOException {
    String late = fixture.signInLinks.makeOwn("ben");
    fixture.pass(SignInLinks.OWN_LIFETIME);
    assertThatThrownBy(() -> fixture.signInLinks.accept(late, TABLET))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("expired");
    String resting = fixture.signInLinks.makeOwn("clara");
    fixture.accounts.deactivate("anna", "clara", "asked for a rest");
    assertThatThrownBy(() -> fixture.signInLinks.accept(resting, TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> fixture.signInLinks.makeOwn("clara"))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> fixture.signInLinks.makeForOperator("Clara", Duration.ofHours(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> fixture.signInLinks.makeForOperator("Nobody", Duration.ofHours(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("There is no member Nobody.");
    assertThatThrownBy(() -> fixture.signInLinks.accept("nothing", TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(() -> fixture.signInLinks.accept(fixture.members.invite("ben"), TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThatThrownBy(
            () -> fixture.members.join(fixture.signInLinks.makeOwn("ben"), "Dora", TABLET))
        .isInstanceOf(ForbiddenException.class);
    assertThat(fixture.where(Catalog.Sessions.DEVICE_INFO, "Chrome on a tablet")).isEmpty();
  }

  @Test
  void operatorsLink_isForTheExactName_orTheHandle_andNeverForANameThatIsAlike()
      throws IOException {
    fixture.ledger.write(
        Change.Cause.by("system"),
        tx -> {
          tx.addImported(imported("ruth_amsel", "Ruth Amsel"));
          tx.addImported(imported("ruth_amsel_2", "ruth amsel"));
          tx.addImported(imported("ruth_amsel_3", "Twin"));
          tx.addImported(imported("twin", "Twin"));
          tx.addImported(imported("twin_4", "Twin"));
        });
    assertThat(forOperator("ruth amsel").member()).isEqualTo("ruth_amsel_2");
    assertThat(forOperator("Ruth Amsel").member()).isEqualTo("ruth_amsel");
    assertThat(forOperator("ruth_amsel_3").member()).isEqualTo("ruth_amsel_3");
    SignInLinks.OperatorLink link = forOperator("ruth_amsel_2");
    assertThat(SignInLinks.member(fixture.view(), link.token(), fixture.clock.instant()))
        .contains("ruth_amsel_2");
    assertThatThrownBy(() -> forOperator("RUTH  AMSEL"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "The name RUTH  AMSEL does not say which member is meant. Name the member by the"
                + " handle: ruth_amsel, ruth_amsel_2.");
    assertThatThrownBy(() -> forOperator("Twin"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("handle: ruth_amsel_3, twin, twin_4.");
  }

  private SignInLinks.OperatorLink forOperator(String name) throws IOException {
    return fixture.signInLinks.makeForOperator(name, Duration.ofHours(1));
  }

  private static Row imported(String handle, String name) {
    return Row.in(Catalog.MEMBERS)
        .set(Catalog.Members.HANDLE, handle)
        .set(Catalog.Members.DISPLAY_NAME, name)
        .set(Catalog.Members.CREATED_AT, 1L)
        .set(Catalog.Members.WELCOME_DISMISSED, false)
        .set(Catalog.Members.IS_SUPPORTER, false)
        .build();
  }

  @Test
  void linksOfTheOriginalThatLetInWhoeverOrForEver_signNobodyIn() throws IOException {
    fixture.ledger.write(
        Change.Cause.by("anna"),
        tx -> {
          Row.Builder unbound =
              InviteLinks.link(
                  tx,
                  Ids.hash("unbound"),
                  "ben",
                  LinkKind.MULTI_DEVICE,
                  Duration.ofDays(1),
                  OptionalLong.of(1));
          Row.Builder another =
              InviteLinks.link(
                      tx,
                      Ids.hash("another"),
                      "ben",
                      LinkKind.MULTI_DEVICE,
                      Duration.ofDays(1),
                      OptionalLong.of(1))
                  .set(Catalog.Invites.USED_BY, "anna");
          Row.Builder endless =
              InviteLinks.link(
                      tx,
                      Ids.hash("endless"),
                      "anna",
                      LinkKind.USER_LOGIN,
                      Duration.ofDays(1),
                      OptionalLong.empty())
                  .set(Catalog.Invites.USED_BY, "ben");
          for (Row.Builder each : List.of(unbound, another, endless)) {
            tx.add(each.build());
          }
        });
    for (String token : List.of("unbound", "another", "endless")) {
      assertThat(SignInLinks.member(fixture.view(), token, fixture.clock.instant()))
          .as(token)
          .isEmpty();
      assertThatThrownBy(() -> fixture.signInLinks.accept(token, TABLET))
          .as(token)
          .isInstanceOf(ForbiddenException.class);
    }
  }

  @Test
  void operatorsLink_bringsAMemberBackWhereNobodyIsSignedIn_andAdminsSeeThatItWasMade()
      throws IOException {
    for (Row session : fixture.rows(Catalog.SESSIONS)) {
      fixture.ledger.write(
          Change.Cause.by("anna"), tx -> tx.remove(Catalog.SESSIONS, session.key()));
    }
    assertThat(Sessions.isAnybodySignedIn(fixture.view(), fixture.clock.instant())).isFalse();
    Sessions.Session session =
        fixture.signInLinks.accept(
            fixture.signInLinks.makeForOperator("Anna", Duration.ofHours(1)).token(), TABLET);
    assertThat(session.member()).isEqualTo("anna");
    assertThat(Sessions.isAnybodySignedIn(fixture.view(), fixture.clock.instant())).isTrue();
    assertThat(fixture.where(Catalog.SecurityEvents.EVENT, "operator_link_made"))
        .hasSize(1)
        .first()
        .satisfies(event -> assertThat(event.get(Catalog.SecurityEvents.MEMBER)).contains("anna"));
  }

  @Test
  void ownLink_isRefusedWhereOtherDevicesAreTurnedOff() throws IOException {
    fixture.settings.setFeature("anna", Feature.MULTI_DEVICE_AUTH.setting(), false, "");
    assertThatThrownBy(() -> fixture.signInLinks.makeOwn("ben"))
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("turned off");
  }
}
