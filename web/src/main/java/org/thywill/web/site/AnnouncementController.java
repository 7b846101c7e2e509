package org.thywill.web.site;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thywill.community.news.Announcements;
import org.thywill.community.settings.Feature;
import org.thywill.operations.format.ChartPeriod;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Announcements: members read them, operators write them. */
public final class AnnouncementController {
  private final Announcements announcements;

  public AnnouncementController(ServerContext server) {
    this.announcements = server.community().news();
  }

  /** The announcements of one day. */
  record Day(LocalDate day, List<Announcements.Entry> entries) {
    String title() {
      return ChartPeriod.DAY.name(day);
    }
  }

  /**
   * The announcements, the latest days first.
   *
   * @param isAll whether the page shows all of them
   */
  record View(List<Day> days, boolean isAll) {
    String label(Announcements.Kind kind) {
      return switch (kind) {
        case NEW -> "New";
        case ENHANCED -> "Better";
        case FIXED -> "Mended";
        case META -> "About this place";
      };
    }

    List<Announcements.Kind> kinds() {
      return List.of(Announcements.Kind.values());
    }
  }

  public Response show(Request request) throws IOException {
    request.requireFeature(Feature.WHATS_NEW);
    List<Announcements.Entry> latest = Announcements.latest(request.view());
    Map<LocalDate, List<Announcements.Entry>> byDay = new LinkedHashMap<>();
    latest.forEach(
        entry -> byDay.computeIfAbsent(entry.day(), day -> new ArrayList<>()).add(entry));
    List<Day> days =
        byDay.entrySet().stream().map(each -> new Day(each.getKey(), each.getValue())).toList();
    return Response.page(
        "site/whatsnew.jte",
        "What is new",
        new View(days, latest.size() < Announcements.SHOWN_MAX));
  }

  public Response add(Request request) throws IOException {
    request.requireFeature(Feature.WHATS_NEW);
    announcements.add(
        request.member().handle(),
        Announcements.Kind.of(request.formParam("kind")),
        request.formParam("text"));
    return Response.redirect("/whats-new", FlashMessage.NEWS_ADDED);
  }

  public Response takeBack(Request request) throws IOException {
    request.requireFeature(Feature.WHATS_NEW);
    announcements.takeBack(request.member().handle(), request.pathParam("entry"));
    return Response.redirect("/whats-new", FlashMessage.NEWS_TAKEN_BACK);
  }
}
