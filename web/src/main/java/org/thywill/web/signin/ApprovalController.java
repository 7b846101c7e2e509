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
 * Approval of pending sign-ins. The approver types the verification code, which shows that they
 * have spoken to the claimant.
 */
public final class ApprovalController {
  private final SignIn signIn;

  public ApprovalController(ServerContext server) {
    this.signIn = server.community().signIn();
  }

  record View(List<PendingSignIns.PendingSignIn> waiting, Instant now) {}

  public Response show(Request request) throws IOException {
    return Response.page(
        "signin/signins.jte",
        "Sign-ins",
        new View(
            PendingSignIns.waiting(request.view(), request.member().handle(), request.now()),
            request.now()));
  }

  public Response approve(Request request) throws IOException {
    SignIn.Approvals approvals =
        signIn.approve(
            request.member().handle(), request.pathParam("request"), request.formParam("code"));
    return Response.redirect(
        "/sign-ins", approvals.isApproved() ? FlashMessage.APPROVED : FlashMessage.VOUCHED);
  }

  public Response reject(Request request) throws IOException {
    signIn.reject(
        request.member().handle(), request.pathParam("request"), request.formParam("reason"));
    return Response.redirect("/sign-ins", FlashMessage.REJECTED);
  }
}
