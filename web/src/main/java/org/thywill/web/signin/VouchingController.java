package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.community.signin.SignIn;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Vouching for those who wait at the door. Whoever vouches has spoken to them: the six digits show
 * it.
 */
public final class VouchingController {
  private final SignIn signIn;

  public VouchingController(ServerContext site) {
    this.signIn = site.community().signIn();
  }

  record View(List<PendingSignIns.PendingSignIn> waiting, Instant now) {}

  public Response show(Request visit) throws IOException {
    return Response.page(
        "signin/signins.jte",
        "Sign-ins",
        new View(
            PendingSignIns.waiting(visit.view(), visit.member().handle(), visit.now()),
            visit.now()));
  }

  public Response vouch(Request visit) throws IOException {
    SignIn.Approvals votes =
        signIn.approve(
            visit.member().handle(), visit.pathParam("request"), visit.formParam("code"));
    return Response.redirect(
        "/sign-ins", votes.isApproved() ? FlashMessage.APPROVED : FlashMessage.VOUCHED);
  }

  public Response reject(Request visit) throws IOException {
    signIn.reject(visit.member().handle(), visit.pathParam("request"), visit.formParam("reason"));
    return Response.redirect("/sign-ins", FlashMessage.REJECTED);
  }
}
