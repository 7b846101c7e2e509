package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.access.Device;
import org.thywill.community.access.Permission;

/** Recovery codes in the browser, and the steps that need new proof of who a member is. */
class NewProofTest {
  private static final String PROOF = "/me/proof";
  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  NewProofTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElse("");
  }

  private static String sessionOf(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow()
        .replaceAll("^thywill=([^;]+);.*$", "$1");
  }

  private static List<String> codes(HttpResponse<String> answer) {
    return Jsoup.parse(answer.body()).select(".codes li").eachText();
  }

  @Test
  void sessionThatIsOld_makesNoLinkAndGrantsNoRole_beforeNewProof() throws IOException {
    String anna = server.session("anna");
    List<String> codes = codes(server.post(anna, "/me/recovery-codes", Map.of()));
    assertThat(codes).hasSize(10);
    server.community.roles().define("anna", "carer", "", Set.of());
    server.pass(Duration.ofMinutes(15));
    long before = server.seq();
    Map<String, String> moderator = Map.of("role", "moderator", "reason", "kind");
    assertThat(location(server.post(anna, "/me/link", Map.of()))).isEqualTo(PROOF);
    assertThat(location(server.post(anna, "/me/recovery-codes", Map.of()))).isEqualTo(PROOF);
    assertThat(location(server.post(anna, "/members/ben/grant", moderator))).isEqualTo(PROOF);
    assertThat(
            location(
                server.post(
                    anna,
                    "/roles/carer",
                    Map.of("description", "", Permission.MANAGE_MEMBERS.label(), "yes"))))
        .isEqualTo(PROOF);
    assertThat(server.seq()).as("nothing was changed").isEqualTo(before);
    assertThat(location(server.post(anna, "/members/ben/grant", Map.of("role", "carer"))))
        .as("a role that allows no more than to take part")
        .isEqualTo("/members/ben?said=role_granted");

    assertThat(Jsoup.parse(server.get(anna, PROOF).body()).text())
        .contains("10 codes left", "another admin", "the operator of the server");
    HttpResponse<String> wrong = server.post(anna, PROOF, Map.of("code", "0000-0000-0000"));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("no unused recovery code");
    HttpResponse<String> proven = server.post(anna, PROOF, Map.of("code", codes.getFirst()));
    assertThat(location(proven)).isEqualTo("/me?said=proven");
    String again = sessionOf(proven);
    assertThat(server.get(anna, "/me").statusCode()).as("the session before").isEqualTo(401);
    assertThat(server.post(again, "/me/link", Map.of()).body()).contains("/enter/");
    assertThat(location(server.post(again, "/members/ben/grant", moderator)))
        .isEqualTo("/members/ben?said=role_granted");
    assertThat(Jsoup.parse(server.get(again, "/me").body()).text()).contains("9 of 10 left");
    assertThat(server.get(server.session("anna"), "/audit").body())
        .contains("signed in by recovery code · anna", "recovery codes made · anna");
  }

  @Test
  void memberWithoutPermissions_makesTheFirstCodesWithoutProof_andTheNextWithIt()
      throws IOException {
    String ben = server.session("ben");
    String mora = server.session("mora");
    server.pass(Duration.ofMinutes(15));
    assertThat(location(server.post(mora, "/me/recovery-codes", Map.of()))).isEqualTo(PROOF);
    assertThat(codes(server.post(ben, "/me/recovery-codes", Map.of()))).hasSize(10);
    assertThat(location(server.post(ben, "/me/recovery-codes", Map.of()))).isEqualTo(PROOF);
    assertThat(Jsoup.parse(server.get(mora, PROOF).body()).select("input[name=code]")).isEmpty();
  }

  @Test
  void codeOnPaper_signsInOnAnotherDevice_andIsCrossedOut() throws IOException {
    String ben = server.session("ben");
    List<String> codes = codes(server.post(ben, "/me/recovery-codes", Map.of()));
    Document signIn = Jsoup.parse(server.get("", "/sign-in").body());
    assertThat(signIn.select("a[href=/sign-in/code]")).hasSize(1);
    String waiting = server.waitingSession("ben");
    Map<String, String> typed = Map.of("name", "Ben", "code", codes.getFirst());
    HttpResponse<String> entered = server.post(waiting, "/sign-in/code", typed);
    assertThat(location(entered)).isEqualTo("/me?said=code_used");
    assertThat(server.get(sessionOf(entered), "/me").statusCode()).isEqualTo(200);
    assertThat(server.get(waiting, "/sign-in/waiting").body())
        .as("the device does not wait any more")
        .contains("does not wait any more");
    assertThat(Jsoup.parse(server.get(ben, "/sign-ins").body()).text())
        .contains("A device was signed in as you", "by a sign-in link or a recovery code");
    HttpResponse<String> again = server.post("", "/sign-in/code", typed);
    assertThat(again.statusCode()).isEqualTo(422);
    assertThat(again.body()).contains("no unused recovery code").contains("value=\"Ben\"");
    HttpResponse<String> stranger =
        server.post("", "/sign-in/code", Map.of("name", "A stranger", "code", codes.getLast()));
    assertThat(stranger.statusCode()).isEqualTo(422);
    assertThat(Jsoup.parse(stranger.body()).select("[role=alert]").text())
        .isEqualTo(Jsoup.parse(again.body()).select("[role=alert]").text());
    assertThat(server.post(ben, "/sign-in/code", typed).statusCode()).isEqualTo(403);
    assertThat(server.rows(Catalog.RECOVERY_CODES)).hasSize(10);
  }

  @Test
  void claimantOfOneNetwork_isOneEntry_whichTheMemberMutes() throws IOException {
    String ben = server.session("ben");
    for (int i = 1; i <= 3; i++) {
      server.community.signIn().request("ben", new Device("A phone", "203.0.113." + i));
    }
    Document page = Jsoup.parse(server.get(ben, "/sign-ins").body());
    assertThat(page.select("article")).hasSize(1);
    assertThat(page.text()).contains("Somebody asks to sign in as you", "Asked 3 times from there");
    String mute = page.select("form[action$=/mute]").attr("action");
    assertThat(location(server.post(ben, mute, Map.of()))).isEqualTo("/sign-ins?said=muted");
    Document muted = Jsoup.parse(server.get(ben, "/sign-ins").body());
    assertThat(muted.text()).contains("Nobody waits.", "203.0.113.0/24");
    assertThat(muted.select(".count")).isEmpty();
    String end = muted.select("form[action^=/me/muted/]").attr("action");
    assertThat(location(server.post(ben, end, Map.of()))).isEqualTo("/sign-ins?said=unmuted");
    assertThat(Jsoup.parse(server.get(ben, "/sign-ins").body()).select("article")).hasSize(1);
  }

  @Test
  void browserOnWhichAMemberWasSignedIn_isKnownWhenItAsksAgain() throws IOException {
    HttpResponse<String> entered =
        server.post("", "/enter/" + server.community.signInLinks().makeOwn("ben"), Map.of());
    String device =
        entered.headers().allValues("Set-Cookie").stream()
            .filter(cookie -> cookie.startsWith("device="))
            .findFirst()
            .orElseThrow()
            .replaceAll(";.*", "");
    server.community.signIn().request("ben", server.device());
    HttpResponse<String> asked =
        server.postBare(
            "",
            "/sign-in",
            Map.of("name", "Ben", "form_token", ServerFixture.formToken("")),
            "Cookie",
            "visitor=a-visitor; " + device);
    assertThat(location(asked)).isEqualTo("/sign-in/waiting");
    Document page = Jsoup.parse(server.get(server.session("clara"), "/sign-ins").body());
    assertThat(page.select("article")).hasSize(2);
    assertThat(page.select("article").getFirst().text())
        .contains("this member was signed in before");
    assertThat(page.select("article").getLast().text()).doesNotContain("signed in before");
  }
}
