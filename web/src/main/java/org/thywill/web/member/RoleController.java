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

/**
 * Who may do what: the roles, for everybody to see, and for those who decide about roles to define.
 */
public final class RoleController {
  private final Roles roles;

  public RoleController(ServerContext site) {
    this.roles = site.community().roles();
  }

  /**
   * The roles.
   *
   * @param mayDefine whether the member decides about roles
   * @param mine what the member may do, and so what a role of theirs can allow
   */
  record View(List<RoleEntry> roles, boolean mayDefine, List<Permission> mine) {
    boolean mayChange(RoleEntry role) {
      return mayDefine && role.isOfTheCommunity() && mine.containsAll(role.permissions());
    }
  }

  public Response show(Request visit) throws IOException {
    List<Permission> mine = Arrays.stream(Permission.values()).filter(visit.member()::may).toList();
    return Response.page(
        "member/roles.jte",
        "Roles",
        new View(
            RoleEntry.all(visit.view(), visit.now()),
            AccessRule.ROLE_MANAGER.includes(visit.viewer()),
            mine));
  }

  public Response define(Request visit) throws IOException {
    roles.define(
        visit.member().handle(),
        visit.formParam("name"),
        visit.formParam("description"),
        ticked(visit));
    return Response.redirect("/roles", FlashMessage.ROLE_DEFINED);
  }

  public Response redefine(Request visit) throws IOException {
    roles.redefine(
        visit.member().handle(),
        visit.pathParam("role"),
        visit.formParam("description"),
        ticked(visit));
    return Response.redirect("/roles", FlashMessage.ROLE_REDEFINED);
  }

  private static Set<Permission> ticked(Request visit) {
    return Arrays.stream(Permission.values())
        .filter(permission -> visit.isChecked(permission.label()))
        .collect(Collectors.toSet());
  }
}
