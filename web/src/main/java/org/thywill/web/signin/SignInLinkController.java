package org.thywill.web.signin;

import java.io.IOException;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.signin.SignInLinkView;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Signing in by a link for one member. Showing the link's page changes nothing, so that a preview
 * of the link does not use it up.
 */
public final class SignInLinkController {
  private final SignInLinks links;

  public SignInLinkController(ServerContext server) {
    this.links = server.community().signInLinks();
  }

  /**
   * The page of a link.
   *
   * @param name the member whom the link signs in; empty if it cannot be used
   * @param isMember whether a member is signed in on this device already
   */
  record View(String token, String name, boolean isMember) {}

  public Response show(Request request) throws IOException {
    String name =
        SignInLinkView.find(request.view(), request.pathParam("token"), request.now())
            .map(SignInLinkView::name)
            .orElse("");
    return Response.page(
        "signin/enter.jte",
        "Sign in",
        new View(
            request.pathParam("token"), name, request.principal() instanceof Principal.Member));
  }

  /**
   * Uses the link.
   *
   * @throws ForbiddenException if a member is signed in on this device, or the link is not usable
   */
  public Response enter(Request request) throws IOException {
    if (request.principal() instanceof Principal.Member) {
      throw new ForbiddenException("Somebody is signed in on this device already. Sign out first.");
    }
    return new Response.SignedIn(
        links.accept(request.pathParam("token"), request.device()), "/", FlashMessage.SIGNED_IN);
  }
}
