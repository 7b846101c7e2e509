package org.thywill.web.member;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.InviteQuota;
import org.thywill.community.join.InviteView;
import org.thywill.community.join.Members;
import org.thywill.web.format.QrCodeSvg;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Invites of the member who looks: making, and revoking. A link is shown with its QR code in the
 * response that makes it, and never again, because only the hash of its token is kept.
 */
public final class InviteController {
  private final Members members;

  public InviteController(ServerContext server) {
    this.members = server.community().members();
  }

  /**
   * The invites, and the form for another.
   *
   * @param days as they were typed
   * @param people as they were typed
   * @param problem why the form was refused; empty at first
   */
  record View(
      List<InviteView> invites,
      InviteQuota quota,
      String days,
      String people,
      String problem,
      Instant now) {}

  /**
   * A new invite with its link. The token in it is shown only in this response.
   *
   * @param recipient whom the link is for, and how to reach them; empty if the maker knows
   */
  record LinkView(InviteView invite, String link, QrCodeSvg qrCode, String recipient) {}

  public Response show(Request request) throws IOException {
    return form(request, 200, "3", "1", "");
  }

  /** Makes an invite, or shows the form again with the reason why not. */
  public Response make(Request request) throws IOException {
    String days = request.formParam("days");
    String people = request.formParam("uses");
    try {
      return showLink(
          request,
          members.invite(
              request.member().handle(),
              Duration.ofDays(number(days, "for how many days the invite is")),
              OptionalLong.of(number(people, "for how many people the invite is"))),
          "");
    } catch (InvalidInputException e) {
      return form(request, 422, days, people, String.valueOf(e.getMessage()));
    }
  }

  private static Response form(
      Request request, int status, String days, String people, String problem) throws IOException {
    String member = request.member().handle();
    return new Response.Page(
        status,
        "member/invites.jte",
        "Invites",
        new View(
            InviteView.ofMember(request.view(), member, request.now()),
            InviteQuota.of(request.view(), member, Timestamps.micros(request.now())),
            days,
            people,
            problem,
            request.now()));
  }

  /** Ends the link of an invite, and shows another one. */
  public Response renew(Request request) throws IOException {
    return showLink(
        request, members.renewInvite(request.member().handle(), request.pathParam("invite")), "");
  }

  /** Shows the link of an invite that was just made. */
  static Response showLink(Request request, String token, String recipient) throws IOException {
    InviteView invite =
        Request.orNotFound(InviteView.ofToken(request.view(), token, request.now()));
    String link = request.origin() + "/join/" + token;
    return Response.page(
        "member/invite.jte",
        "An invite",
        new LinkView(invite, link, QrCodeSvg.of(link), recipient));
  }

  public Response revoke(Request request) throws IOException {
    members.revokeInvite(
        request.member().handle(), request.pathParam("invite"), request.formParam("reason"));
    return Response.redirect("/invites", FlashMessage.REVOKED);
  }

  /**
   * A number of the form.
   *
   * @throws InvalidInputException if it is no whole number from 1 to 99999
   */
  private static long number(String text, String what) {
    String number = text.strip();
    if (!number.matches("[1-9][0-9]{0,4}")) {
      throw new InvalidInputException(
          "Please write " + what + ": a whole number from 1 on, of five digits at most.");
    }
    return Long.parseLong(number);
  }
}
