package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.EntryNotice;
import org.thywill.community.signin.MutedClaimants;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.community.signin.SignIn;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Approval of pending sign-ins. The approver types the verification code, which shows that they
 * have spoken to the claimant; a setting makes it optional.
 */
public final class ApprovalController {
  private final SignIn signIn;
  private final MutedClaimants muted;

  public ApprovalController(ServerContext server) {
    this.signIn = server.community().signIn();
    this.muted = server.community().mutedClaimants();
  }

  /**
   * What waits, and what happened under the name of the member who looks.
   *
   * @param entered devices that were let in as that member, and that they have not answered
   * @param muted from where that member does not want to be asked
   * @param isCodeRequired whether the digits of the new device must be typed
   */
  record View(
      PendingSignIns.Waiting waiting,
      List<EntryNotice> entered,
      List<MutedClaimants.Muted> muted,
      boolean isCodeRequired,
      Instant now) {}

  public Response show(Request request) throws IOException {
    return Response.page(
        "signin/signins.jte",
        "Sign-ins",
        new View(
            PendingSignIns.waiting(request.view(), request.member().handle(), request.now()),
            EntryNotice.unanswered(
                request.view(), request.member().handle(), request.member().session()),
            MutedClaimants.of(request.view(), request.member().handle(), request.now()),
            Settings.isYes(request.view(), Settings.REQUIRE_VERIFICATION_CODE),
            request.now()));
  }

  public Response approve(Request request) throws IOException {
    String approver = request.member().handle();
    String pending = request.pathParam("request");
    String code = request.formParam("code");
    SignIn.Approvals approvals =
        code.isBlank()
            ? signIn.approve(approver, pending)
            : signIn.approve(approver, pending, code);
    return Response.redirect(
        "/sign-ins", approvals.isApproved() ? FlashMessage.APPROVED : FlashMessage.VOUCHED);
  }

  /** The member says that they know the device that was let in under their name. */
  public Response own(Request request) throws IOException {
    signIn.own(request.member().handle(), request.pathParam("notice"), request.member().session());
    return Response.redirect("/sign-ins", FlashMessage.DEVICE_KNOWN);
  }

  /** The member says that they do not know it: all their other devices are signed out. */
  public Response disown(Request request) throws IOException {
    signIn.disown(
        request.member().handle(), request.pathParam("notice"), request.member().session());
    return Response.redirect("/sign-ins", FlashMessage.OTHER_DEVICES_ENDED);
  }

  /** The member who is claimed does not want to see requests from there any more. */
  public Response mute(Request request) throws IOException {
    muted.mute(request.member().handle(), request.pathParam("request"));
    return Response.redirect("/sign-ins", FlashMessage.MUTED);
  }

  public Response unmute(Request request) throws IOException {
    muted.end(request.member().handle(), request.pathParam("mute"));
    return Response.redirect("/sign-ins", FlashMessage.UNMUTED);
  }

  public Response reject(Request request) throws IOException {
    signIn.reject(
        request.member().handle(), request.pathParam("request"), request.formParam("reason"));
    return Response.redirect("/sign-ins", FlashMessage.REJECTED);
  }
}
