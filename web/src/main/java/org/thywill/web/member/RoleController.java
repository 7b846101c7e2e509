package org.thywill.web.member;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.member.RoleEntry;
import org.thywill.web.http.AccessRule;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The roles: all members see them, and role managers define them. */
public final class RoleController {
  private final Roles roles;

  public RoleController(ServerContext server) {
    this.roles = server.community().roles();
  }

  /**
   * The roles.
   *
   * @param mayDefine whether the member who looks is a role manager
   * @param mine what that member may do: a role that they define can allow no more
   */
  record View(List<RoleEntry> roles, boolean mayDefine, List<Permission> mine) {
    boolean mayChange(RoleEntry role) {
      return mayDefine && role.isOfTheCommunity() && mine.containsAll(role.permissions());
    }
  }

  public Response show(Request request) throws IOException {
    List<Permission> mine =
        Arrays.stream(Permission.values()).filter(request.member()::may).toList();
    return Response.page(
        "member/roles.jte",
        "Roles",
        new View(
            RoleEntry.all(request.view(), request.now()),
            AccessRule.ROLE_MANAGER.includes(request.principal()),
            mine));
  }

  public Response define(Request request) throws IOException {
    roles.define(
        request.member().handle(),
        request.formParam("name"),
        request.formParam("description"),
        ticked(request));
    return Response.redirect("/roles", FlashMessage.ROLE_DEFINED);
  }

  /** Changes a role; asks for new proof first if it then allows something. */
  public Response redefine(Request request) throws IOException {
    if (!ticked(request).isEmpty() && !request.hasFreshSignIn()) {
      return request.askForProof();
    }
    roles.redefine(
        request.member().handle(),
        request.pathParam("role"),
        request.formParam("description"),
        ticked(request));
    return Response.redirect("/roles", FlashMessage.ROLE_REDEFINED);
  }

  private static Set<Permission> ticked(Request request) {
    return Arrays.stream(Permission.values())
        .filter(permission -> request.isChecked(permission.label()))
        .collect(Collectors.toSet());
  }
}
