package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Ids;
import org.thywill.community.join.Members;
import org.thywill.community.member.MemberDataExport;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.format.QrCodeSvg;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** A member's own things: devices that are signed in, and everything that is kept about them. */
public final class AccountController {
  private final Members members;
  private final Sessions sessions;
  private final SignInLinks links;

  public AccountController(ServerContext site) {
    this.members = site.community().members();
    this.sessions = site.community().sessions();
    this.links = site.community().signInLinks();
  }

  record DeviceView(
      String key,
      Optional<String> device,
      Optional<String> address,
      Instant since,
      Instant until,
      boolean isFull,
      boolean isThis) {}

  /** A link for another device with its picture. It is in this answer alone. */
  record LinkView(String link, String dots, int width, Instant until) {}

  record View(List<DeviceView> devices, Instant now) {}

  public Response show(Request visit) throws IOException {
    List<DeviceView> devices = new ArrayList<>();
    for (Row row : visit.view().findBy(Catalog.SESSIONS, "member", visit.member().handle())) {
      Instant until = Timestamps.instant(row.number("expires_at").orElse(0L));
      if (until.isAfter(visit.now())) {
        devices.add(
            new DeviceView(
                row.key(),
                row.text("device_info"),
                row.text("ip_address"),
                Timestamps.instant(row.number("created_at").orElse(0L)),
                until,
                row.is("is_fully_authenticated"),
                Ids.hash(visit.member().session()).equals(row.key())));
      }
    }
    devices.sort(Comparator.comparing(DeviceView::since).reversed());
    return Response.page("member/me.jte", "My things", new View(devices, visit.now()));
  }

  public Response data(Request visit) throws IOException {
    return Response.download(
        "my-data.txt", MemberDataExport.of(visit.view(), visit.member().handle()));
  }

  public Response makeLink(Request visit) throws IOException {
    String link = visit.origin() + "/enter/" + links.makeOwn(visit.member().handle());
    QrCodeSvg picture = QrCodeSvg.of(link);
    return Response.page(
        "member/devicelink.jte",
        "Sign in another device",
        new LinkView(
            link, picture.path(), picture.width(), visit.now().plus(SignInLinks.OWN_LIFETIME)));
  }

  public Response endDevice(Request visit) throws IOException {
    sessions.endOther(visit.member().handle(), visit.pathParam("session"));
    return Response.redirect("/me", FlashMessage.SESSION_ENDED);
  }

  public Response dismissWelcome(Request visit) throws IOException {
    members.dismissWelcome(visit.member().handle());
    return Response.redirect("/feed/pray-now", FlashMessage.NOTHING);
  }
}
