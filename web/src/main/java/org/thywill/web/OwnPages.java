package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.Members;
import org.thywill.community.OwnData;
import org.thywill.community.Sessions;
import org.thywill.community.SignInLinks;

/** A member's own things: devices that are signed in, and everything that is kept about them. */
final class OwnPages {
  private final Members members;
  private final Sessions sessions;
  private final SignInLinks links;

  OwnPages(Site site) {
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

  Answer show(Visit visit) throws IOException {
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
    return Answer.page("me.jte", "My things", new View(devices, visit.now()));
  }

  Answer data(Visit visit) throws IOException {
    return Answer.download("my-data.txt", OwnData.of(visit.view(), visit.member().handle()));
  }

  Answer makeLink(Visit visit) throws IOException {
    String link = visit.origin() + "/enter/" + links.makeOwn(visit.member().handle());
    QrPicture picture = QrPicture.of(link);
    return Answer.page(
        "devicelink.jte",
        "Sign in another device",
        new LinkView(
            link, picture.path(), picture.width(), visit.now().plus(SignInLinks.OWN_LIFETIME)));
  }

  Answer endDevice(Visit visit) throws IOException {
    sessions.endOther(visit.member().handle(), visit.part("session"));
    return Answer.goOn("/me", Said.SESSION_ENDED);
  }

  Answer dismissWelcome(Visit visit) throws IOException {
    members.dismissWelcome(visit.member().handle());
    return Answer.goOn("/feed/pray-now", Said.NOTHING);
  }
}
