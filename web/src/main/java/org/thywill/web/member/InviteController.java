package org.thywill.web.member;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.InviteView;
import org.thywill.community.join.Members;
import org.thywill.web.format.QrCodeSvg;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Invites of the member who looks: making, showing with a QR code, and revoking. */
public final class InviteController {
  private static final long DAYS_MAX = 10_000;

  private final Members members;

  public InviteController(ServerContext server) {
    this.members = server.community().members();
  }

  record View(List<InviteView> invites, Instant now) {}

  /** One invite with its link. */
  record One(InviteView invite, String link, QrCodeSvg qrCode, Instant now) {}

  public Response show(Request request) throws IOException {
    return Response.page(
        "member/invites.jte",
        "Invites",
        new View(
            InviteView.ofMember(request.view(), request.member().handle(), request.now()),
            request.now()));
  }

  /**
   * Makes an invite.
   *
   * @throws InvalidInputException if days or uses are no whole number
   */
  public Response make(Request request) throws IOException {
    long days = number(request.formParam("days"));
    long uses = number(request.formParam("uses"));
    String token =
        members.invite(
            request.member().handle(),
            Duration.ofDays(Math.min(days, DAYS_MAX)),
            OptionalLong.of(uses));
    return Response.redirect("/invites/" + token, FlashMessage.INVITED);
  }

  public Response one(Request request) throws IOException {
    String token = request.pathParam("token");
    InviteView invite =
        Request.orNotFound(
            InviteView.find(request.view(), request.member().handle(), token, request.now()));
    String link = request.origin() + "/join/" + token;
    return Response.page(
        "member/invite.jte", "An invite", new One(invite, link, QrCodeSvg.of(link), request.now()));
  }

  public Response revoke(Request request) throws IOException {
    members.revokeInvite(
        request.member().handle(), request.pathParam("token"), request.formParam("reason"));
    return Response.redirect("/invites", FlashMessage.REVOKED);
  }

  /** A number of the form: 1 where the field is empty, and 0 for a negative one. */
  private static long number(String text) {
    if (text.isBlank()) {
      return 1;
    }
    try {
      return Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new InvalidInputException("Please write a whole number of days and of people.");
    }
  }
}
