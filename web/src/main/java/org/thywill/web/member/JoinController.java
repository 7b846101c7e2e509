package org.thywill.web.member;

import java.io.IOException;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.Members;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Coming in by an invite, or by the operator's link. Looking at a link changes nothing, so that a
 * preview of it does not use it up.
 */
public final class JoinController {
  private final Members members;

  public JoinController(ServerContext site) {
    this.members = site.community().members();
  }

  /** The form, with what was typed before and why it was not taken. */
  record View(String token, String name, String problem, boolean isMember) {}

  public Response show(Request visit) {
    return form(visit, 200, "", "");
  }

  public Response join(Request visit) throws IOException {
    if (visit.viewer() instanceof Principal.Member member) {
      members.acceptOperatorLink(member.handle(), visit.pathParam("token"), visit.device());
      return Response.redirect("/", FlashMessage.ROLE_GRANTED);
    }
    String name = visit.formParam("name");
    try {
      Members.NewMember joined = members.join(visit.pathParam("token"), name, visit.device());
      return new Response.SignedIn(joined.session(), "/", FlashMessage.WELCOME);
    } catch (InvalidInputException | ConstraintViolationException | ForbiddenException e) {
      return form(visit, 422, name, String.valueOf(e.getMessage()));
    }
  }

  private static Response form(Request visit, int status, String name, String problem) {
    return new Response.Page(
        status,
        "member/join.jte",
        "Join",
        new View(
            visit.pathParam("token"), name, problem, visit.viewer() instanceof Principal.Member));
  }
}
