package org.thywill.web.member;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.thywill.community.access.AccountDeactivation;
import org.thywill.community.access.Roles;
import org.thywill.community.member.Badge;
import org.thywill.community.member.MemberList;
import org.thywill.community.member.MemberProfile;
import org.thywill.community.member.Supporters;
import org.thywill.community.settings.Feature;
import org.thywill.web.http.AccessRule;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** The list of members, the page of one member, and what admins change there. */
public final class MemberController {
  private final Roles roles;
  private final AccountDeactivation accounts;
  private final Supporters supporters;

  public MemberController(ServerContext server) {
    this.roles = server.community().roles();
    this.accounts = server.community().accounts();
    this.supporters = server.community().supporters();
  }

  /**
   * A list of members.
   *
   * @param find the beginning of a name that was searched for; empty for all members
   * @param isFirst whether this is the first page
   * @param next the address of the next page; empty on the last one
   */
  record AllView(MemberList list, String find, boolean isFirst, String next) {}

  /** A member, and what the member who looks may do with them. */
  record OneView(MemberProfile member, Rights rights) {
    List<Badge> allBadges() {
      return List.of(Badge.values());
    }
  }

  /**
   * What the member who looks may do on the page of a member.
   *
   * @param mayGrant whether they may grant and revoke roles
   * @param grantable the roles that they may grant
   */
  record Rights(
      boolean mayGrant, List<String> grantable, boolean mayDeactivate, boolean mayGiveBadges) {
    private static Rights of(Request request, String member) throws IOException {
      String handle = request.member().handle();
      boolean mayGrant = AccessRule.ROLE_MANAGER.includes(request.principal());
      boolean mayManage = AccessRule.MEMBER_MANAGER.includes(request.principal());
      return new Rights(
          mayGrant,
          mayGrant ? Roles.grantable(request.view(), handle, request.now()) : List.of(),
          mayManage && !member.equals(handle),
          mayManage);
    }
  }

  public Response all(Request request) throws IOException {
    String find = request.queryParam("find").strip();
    if (!find.isEmpty()) {
      return page(new AllView(MemberList.find(request.view(), find), find, true, ""));
    }
    String after = request.queryParam("after");
    MemberList list = MemberList.all(request.view(), after);
    boolean isFirst = after.isEmpty() || list.shape() == MemberList.Shape.TREE;
    return page(
        new AllView(list, "", isFirst, Response.nextAddress("/members", "after", list.next())));
  }

  private static Response page(AllView view) {
    return Response.page("member/members.jte", "Members", view);
  }

  public Response one(Request request) throws IOException {
    MemberProfile member =
        Request.orNotFound(
            MemberProfile.find(request.view(), request.pathParam("member"), request.now()));
    return Response.page(
        "member/member.jte",
        member.name(),
        new OneView(member, Rights.of(request, member.handle())));
  }

  /** Grants a role; asks for new proof first if it allows more than to take part. */
  public Response grant(Request request) throws IOException {
    if (Roles.allowsMoreThanTakingPart(request.view(), request.formParam("role"))
        && !request.hasFreshSignIn()) {
      return request.askForProof();
    }
    roles.grant(
        request.member().handle(),
        request.pathParam("member"),
        request.formParam("role"),
        request.formParam("reason"));
    return Response.redirect("/members/" + request.pathParam("member"), FlashMessage.ROLE_GRANTED);
  }

  public Response revoke(Request request) throws IOException {
    roles.revoke(
        request.member().handle(),
        request.pathParam("member"),
        request.formParam("role"),
        request.formParam("reason"));
    return Response.redirect("/members/" + request.pathParam("member"), FlashMessage.ROLE_REVOKED);
  }

  public Response deactivate(Request request) throws IOException {
    accounts.deactivate(
        request.member().handle(), request.pathParam("member"), request.formParam("reason"));
    return Response.redirect("/members/" + request.pathParam("member"), FlashMessage.DEACTIVATED);
  }

  public Response reactivate(Request request) throws IOException {
    accounts.reactivate(
        request.member().handle(), request.pathParam("member"), request.formParam("reason"));
    return Response.redirect("/members/" + request.pathParam("member"), FlashMessage.REACTIVATED);
  }

  /** Gives the member the badges that are ticked, and takes the others away. */
  public Response badges(Request request) throws IOException {
    request.requireFeature(Feature.SUPPORTER_BADGES);
    Set<Badge> ticked = EnumSet.noneOf(Badge.class);
    for (Badge badge : Badge.values()) {
      if (request.isChecked(badge.label())) {
        ticked.add(badge);
      }
    }
    supporters.setBadges(
        request.member().handle(),
        request.pathParam("member"),
        ticked,
        request.formParam("reason"));
    return Response.redirect("/members/" + request.pathParam("member"), FlashMessage.BADGES_SET);
  }
}
