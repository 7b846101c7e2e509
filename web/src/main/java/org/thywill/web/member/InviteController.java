package org.thywill.web.member;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.Members;
import org.thywill.web.format.QrCodeSvg;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/**
 * Inviting somebody: links with an end, to be copied, shown as a picture, looked at again, and
 * revoked.
 */
public final class InviteController {
  private static final String NEW_USER = "new_user";
  private final Members members;

  public InviteController(ServerContext site) {
    this.members = site.community().members();
  }

  /**
   * An invite of the member who looks.
   *
   * @param usesLeft empty for any number
   */
  record Invite(
      String token,
      String link,
      Optional<Instant> createdAt,
      Instant expiresAt,
      long used,
      Optional<Long> usesLeft,
      boolean isOpen) {}

  record View(List<Invite> invites, Instant now) {}

  /** One invite with its picture: the path of an SVG that many dots wide. */
  record One(Invite invite, String dots, int width, Instant now) {}

  public Response show(Request visit) throws IOException {
    List<Invite> invites = new ArrayList<>();
    for (Row row : visit.view().findBy(Catalog.INVITES, "created_by", visit.member().handle())) {
      if (row.text("kind").orElse("").equals(NEW_USER)) {
        invites.add(invite(visit, row));
      }
    }
    invites.sort(
        Comparator.comparing(Invite::isOpen)
            .reversed()
            .thenComparing(Comparator.comparing(Invite::expiresAt).reversed()));
    return Response.page("member/invites.jte", "Invites", new View(invites, visit.now()));
  }

  public Response make(Request visit) throws IOException {
    long days = number(visit.formParam("days"), 1);
    long uses = number(visit.formParam("uses"), 1);
    String token =
        members.invite(
            visit.member().handle(),
            Duration.ofDays(Math.min(days, 10_000)),
            OptionalLong.of(uses));
    return Response.redirect("/invites/" + token, FlashMessage.INVITED);
  }

  public Response one(Request visit) throws IOException {
    Row row =
        Request.orNotFound(
            visit
                .view()
                .find(Catalog.INVITES, visit.pathParam("token"))
                .filter(
                    found ->
                        found.text("created_by").orElse("").equals(visit.member().handle())
                            && found.text("kind").orElse("").equals(NEW_USER)));
    Invite invite = invite(visit, row);
    QrCodeSvg picture = QrCodeSvg.of(invite.link());
    return Response.page(
        "member/invite.jte",
        "An invite",
        new One(invite, picture.path(), picture.width(), visit.now()));
  }

  public Response revoke(Request visit) throws IOException {
    members.revokeInvite(
        visit.member().handle(), visit.pathParam("token"), visit.formParam("reason"));
    return Response.redirect("/invites", FlashMessage.REVOKED);
  }

  private static Invite invite(Request visit, Row row) {
    Instant expiresAt = row.number("expires_at").map(Timestamps::instant).orElse(Instant.MAX);
    long used = row.number("used_count").orElse(0L);
    Optional<Long> left = row.number("max_uses").map(most -> Math.max(0, most - used));
    return new Invite(
        row.key(),
        visit.origin() + "/join/" + row.key(),
        row.number("created_at").map(Timestamps::instant),
        expiresAt,
        used,
        left,
        expiresAt.isAfter(visit.now()) && left.map(uses -> uses > 0).orElse(true));
  }

  private static long number(String text, long byDefault) {
    if (text.isBlank()) {
      return byDefault;
    }
    try {
      return Math.max(0, Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new InvalidInputException("Please write a whole number of days and of people.");
    }
  }
}
