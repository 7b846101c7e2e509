package org.thywill.web.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.catalog.Catalog;
import org.thywill.community.access.Permission;
import org.thywill.community.prayer.Visibility;
import org.thywill.web.ServerFixture;

/** The page of roles, and what a custom role permits. */
class RoleControllerTest {
  /** The pages that need a permission, independently of the table of routes. */
  private static final Map<Permission, List<String>> OPENS =
      Map.of(
          Permission.MODERATE_PRAYERS, List.of("/moderation"),
          Permission.MANAGE_PRAYERS, List.of(),
          Permission.MANAGE_MEMBERS, List.of("/applications", "/audit"),
          Permission.MANAGE_ROLES, List.of(),
          Permission.MANAGE_SYSTEM, List.of("/settings", "/console", "/metrics"));

  @TempDir Path folder;
  private ServerFixture server;

  @SuppressWarnings("NullAway.Init")
  RoleControllerTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  private Document page(String session, String path) throws IOException {
    HttpResponse<String> answer = server.get(session, path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return Jsoup.parse(answer.body());
  }

  @Test
  void customRole_opensExactlyThePagesOfItsPermissions() throws IOException {
    assertThat(OPENS.keySet()).containsExactlyInAnyOrder(Permission.values());
    String ben = server.session("ben");
    String anna = server.session("anna");
    for (Permission permission : Permission.values()) {
      String role = "only_" + permission.name().toLowerCase(Locale.ROOT);
      assertThat(
              server
                  .post(
                      anna,
                      "/roles",
                      Map.of(
                          "name", role, "description", "May one thing.", permission.label(), "yes"))
                  .statusCode())
          .isEqualTo(303);
      assertThat(server.post(anna, "/members/ben/grant", Map.of("role", role)).statusCode())
          .isEqualTo(303);
      OPENS.forEach(
          (each, paths) ->
              paths.forEach(
                  path ->
                      assertThat(status(ben, path))
                          .as(role + " at " + path)
                          .isEqualTo(each == permission ? 200 : 403)));
      assertThat(page(ben, "/roles").select("form[action=/roles]").isEmpty())
          .as(role + " defines roles")
          .isEqualTo(permission != Permission.MANAGE_ROLES);
      String prayer = server.community.prayers().ask("clara", "For rain.", Visibility.MEMBERS, "");
      assertThat(page(ben, "/prayers/" + prayer).text().contains("Looking after it"))
          .as(role + " looks after prayers")
          .isEqualTo(permission == Permission.MANAGE_PRAYERS);
      assertThat(server.post(anna, "/members/ben/revoke", Map.of("role", role)).statusCode())
          .isEqualTo(303);
    }
  }

  private int status(String session, String path) {
    try {
      return server.get(session, path).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void roles_areShownToAllMembers_andDefinedOnlyByRoleManagers() throws IOException {
    server
        .community
        .roles()
        .define(
            "anna", "caller", "Calls on <b>Thursdays</b>.", Set.of(Permission.MODERATE_PRAYERS));
    server.community.roles().grant("anna", "clara", "caller", "");
    Document roles = page(server.session("ben"), "/roles");
    assertThat(roles.select("h2").eachText())
        .containsExactly("admin", "caller", "member", "moderator");
    assertThat(roles.text())
        .contains(
            "caller Calls on <b>Thursdays</b>. May hide prayers or show them again. 1 member:"
                + " Clara")
        .contains("admin Looks after the community as a whole. May do everything. 1 member: Anna");
    assertThat(roles.select("main form")).isEmpty();
    assertThat(roles.text())
        .doesNotContain("Dan")
        .contains("member Takes part. Allows what everybody may. 3 members moderator");
  }

  @Test
  void roleManager_isOfferedOnlyPermissionsOfTheirOwn() throws IOException {
    server
        .community
        .roles()
        .define(
            "anna",
            "clerk",
            "Gives roles.",
            Set.of(Permission.MANAGE_ROLES, Permission.MODERATE_PRAYERS));
    server
        .community
        .roles()
        .define("anna", "keeper", "Looks after accounts.", Set.of(Permission.MANAGE_MEMBERS));
    server.community.roles().grant("anna", "ben", "clerk", "");
    String ben = server.session("ben");
    Document roles = page(ben, "/roles");
    assertThat(roles.select("main form").eachAttr("action"))
        .containsExactly("/roles/clerk", "/roles");
    assertThat(roles.select("form[action=/roles] input[type=checkbox]").eachAttr("name"))
        .containsExactly("moderate.prayers", "admin.roles");
    assertThat(roles.select("form[action=/roles/clerk] input[checked]").eachAttr("name"))
        .containsExactly("moderate.prayers", "admin.roles");
    assertThat(page(ben, "/members/clara").select("#role option").eachText())
        .containsExactly("clerk", "member", "moderator");

    assertThat(
            server
                .post(
                    ben,
                    "/roles/clerk",
                    Map.of("description", "Gives roles.", "admin.system", "yes"))
                .statusCode())
        .isEqualTo(403);
    assertThat(server.post(ben, "/roles/keeper", Map.of("description", "Mine now.")).statusCode())
        .isEqualTo(403);
    assertThat(
            server
                .post(
                    ben,
                    "/roles/clerk",
                    Map.of("description", "Gives roles, and no more.", "admin.roles", "yes"))
                .statusCode())
        .isEqualTo(303);
    assertThat(server.row(Catalog.ROLES, "clerk").get(Catalog.Roles.PERMISSIONS))
        .contains("take.part,admin.roles");
    assertThat(server.get(ben, "/moderation").statusCode()).isEqualTo(403);
    HttpResponse<String> refused =
        server.post(ben, "/roles", Map.of("name", "A new role", "description", ""));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("such as a_new_role.");
  }
}
