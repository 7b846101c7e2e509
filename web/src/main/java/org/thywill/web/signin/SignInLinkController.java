package org.thywill.web.signin;

import java.io.IOException;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Signing in by a link that is bound to one member. Looking at it changes nothing, so that a
 * preview of it does not use it up.
 */
public final class SignInLinkController {
  private final SignInLinks links;

  public SignInLinkController(ServerContext site) {
    this.links = site.community().signInLinks();
  }

  /**
   * The button.
   *
   * @param name whom the link signs in; empty if it cannot be used
   */
  record View(String token, String name, boolean isMember) {}

  public Response show(Request visit) throws IOException {
    Optional<String> member =
        SignInLinks.member(visit.view(), visit.pathParam("token"), visit.now());
    String name =
        member.isEmpty()
            ? ""
            : Request.orNotFound(visit.view().find(Catalog.MEMBERS, member.get()))
                .text("display_name")
                .orElse(member.get());
    return Response.page(
        "signin/enter.jte",
        "Sign in",
        new View(visit.pathParam("token"), name, visit.viewer() instanceof Principal.Member));
  }

  public Response enter(Request visit) throws IOException {
    if (visit.viewer() instanceof Principal.Member) {
      throw new ForbiddenException("Somebody is signed in on this device already. Sign out first.");
    }
    return new Response.SignedIn(
        links.accept(visit.pathParam("token"), visit.device()), "/", FlashMessage.SIGNED_IN);
  }
}
