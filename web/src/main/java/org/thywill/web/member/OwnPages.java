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
import org.thywill.community.join.Members;
import org.thywill.community.member.OwnData;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.format.QrPicture;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/** A member's own things: devices that are signed in, and everything that is kept about them. */
public final class OwnPages {
  private final Members members;
  private final Sessions sessions;
  private final SignInLinks links;

  public OwnPages(Site site) {
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

  public Answer show(Visit visit) throws IOException {
    List<DeviceView> devices = new ArrayList<>();
    for (Row row : visit.view().where(Catalog.SESSIONS, "member", visit.member().handle())) {
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
                Sessions.isSession(row.key(), visit.member().session())));
      }
    }
    devices.sort(Comparator.comparing(DeviceView::since).reversed());
    return Answer.page("member/me.jte", "My things", new View(devices, visit.now()));
  }

  public Answer data(Visit visit) throws IOException {
    return Answer.download("my-data.txt", OwnData.of(visit.view(), visit.member().handle()));
  }

  public Answer makeLink(Visit visit) throws IOException {
    String link = visit.origin() + "/enter/" + links.makeOwn(visit.member().handle());
    QrPicture picture = QrPicture.of(link);
    return Answer.page(
        "member/devicelink.jte",
        "Sign in another device",
        new LinkView(
            link, picture.path(), picture.width(), visit.now().plus(SignInLinks.OWN_LIFETIME)));
  }

  public Answer endDevice(Visit visit) throws IOException {
    sessions.endOther(visit.member().handle(), visit.part("session"));
    return Answer.goOn("/me", Said.SESSION_ENDED);
  }

  public Answer dismissWelcome(Visit visit) throws IOException {
    members.dismissWelcome(visit.member().handle());
    return Answer.goOn("/feed/pray-now", Said.NOTHING);
  }
}
