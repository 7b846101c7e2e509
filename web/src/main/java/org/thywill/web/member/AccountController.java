package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.join.Members;
import org.thywill.community.member.MemberDataExport;
import org.thywill.community.signin.RecoveryCodes;
import org.thywill.community.signin.SessionView;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.format.QrCodeSvg;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** A member's own account: the devices that are signed in, and the stored data about the member. */
public final class AccountController {
  private final Members members;
  private final Sessions sessions;
  private final SignInLinks links;

  public AccountController(ServerContext server) {
    this.members = server.community().members();
    this.sessions = server.community().sessions();
    this.links = server.community().signInLinks();
  }

  /**
   * The page.
   *
   * @param codes the recovery codes that the member has
   */
  record View(List<SessionView> devices, RecoveryCodes.Remaining codes, Instant now) {}

  /** A sign-in link for another device. The secret in it is shown only in this response. */
  record LinkView(String link, QrCodeSvg qrCode, Instant until) {}

  public Response show(Request request) throws IOException {
    Principal.Member member = request.member();
    List<SessionView> devices =
        SessionView.ofMember(request.view(), member.handle(), member.session(), request.now())
            .stream()
            .filter(SessionView::isFull) // those that wait are on the page of sign-ins
            .toList();
    return Response.page(
        "member/me.jte",
        "My things",
        new View(devices, RecoveryCodes.remaining(request.view(), member.handle()), request.now()));
  }

  /** All stored data about the member, as a text file. */
  public Response data(Request request) throws IOException {
    return Response.download(
        "my-data.txt", MemberDataExport.of(request.view(), request.member().handle()));
  }

  /** Makes a sign-in link for another device, or asks for new proof first. */
  public Response makeLink(Request request) throws IOException {
    if (!request.hasFreshSignIn()) {
      return request.askForProof();
    }
    String link = request.origin() + "/enter/" + links.makeOwn(request.member().handle());
    return Response.page(
        "member/devicelink.jte",
        "Sign in another device",
        new LinkView(link, QrCodeSvg.of(link), request.now().plus(SignInLinks.OWN_LIFETIME)));
  }

  public Response endDevice(Request request) throws IOException {
    sessions.endOther(request.member().handle(), request.pathParam("session"));
    return Response.redirect("/me", FlashMessage.SESSION_ENDED);
  }

  public Response endOtherDevices(Request request) throws IOException {
    sessions.endOthers(request.member().handle(), request.member().session());
    return Response.redirect("/me", FlashMessage.OTHER_DEVICES_ENDED);
  }

  public Response dismissWelcome(Request request) throws IOException {
    members.dismissWelcome(request.member().handle());
    return Response.redirect("/feed/pray-now", FlashMessage.NOTHING);
  }
}
