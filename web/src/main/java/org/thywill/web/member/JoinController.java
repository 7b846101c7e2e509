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
 * Joining by an invite, or becoming admin by the admin link. Showing a link's page changes nothing,
 * so that a preview of the link does not use it up.
 */
public final class JoinController {
  private final Members members;

  public JoinController(ServerContext server) {
    this.members = server.community().members();
  }

  /** The form, with the previous input and why it was rejected; both empty at first. */
  record View(String token, String name, String problem, boolean isMember) {}

  public Response show(Request request) {
    return form(request, 200, "", "");
  }

  public Response join(Request request) throws IOException {
    if (request.principal() instanceof Principal.Member member) {
      members.acceptOperatorLink(member.handle(), request.pathParam("token"), request.device());
      return Response.redirect("/", FlashMessage.ROLE_GRANTED);
    }
    String name = request.formParam("name");
    try {
      Members.NewMember joined = members.join(request.pathParam("token"), name, request.device());
      return new Response.SignedIn(joined.session(), "/", FlashMessage.WELCOME);
    } catch (InvalidInputException | ConstraintViolationException | ForbiddenException e) {
      return form(request, 422, name, String.valueOf(e.getMessage()));
    }
  }

  private static Response form(Request request, int status, String name, String problem) {
    return new Response.Page(
        status,
        "member/join.jte",
        "Join",
        new View(
            request.pathParam("token"),
            name,
            problem,
            request.principal() instanceof Principal.Member));
  }
}
