package org.thywill.web.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.thywill.community.access.Permission;
import org.thywill.community.join.Applications;
import org.thywill.community.prayer.PrayerFeeds;
import org.thywill.community.settings.Feature;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.view.ViewReader;
import org.thywill.web.site.DonationController;

/**
 * Makes pages from templates: each is given what it shows, and the {@link LayoutModel} around it.
 */
final class TemplateRenderer {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.thywill.web");

  LayoutModel frame(
      Principal viewer,
      LazyViewReader reading,
      String title,
      String path,
      String token,
      String once,
      FlashMessage said,
      Instant now)
      throws IOException {
    ViewReader view = reading.view();
    Set<Feature> features = Feature.thatAreOn(view);
    if (viewer instanceof Principal.Member member) {
      boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
      return new LayoutModel(
          title,
          member.name(),
          member.handle(),
          token,
          once,
          said.sentence(),
          path,
          PendingSignIns.waitingCount(view, now),
          member.may(Permission.MANAGE_MEMBERS) ? Applications.waitingCount(view) : 0,
          isModerator ? PrayerFeeds.reportedCount(view) : 0,
          isModerator,
          member.may(Permission.MANAGE_SYSTEM),
          member.may(Permission.MANAGE_MEMBERS),
          features,
          DonationController.isPossible(view, features),
          Assets.VERSION);
    }
    return new LayoutModel(
        title,
        "",
        "",
        token,
        once,
        said.sentence(),
        path,
        0,
        0,
        0,
        false,
        false,
        false,
        features,
        false,
        Assets.VERSION);
  }

  /** The frame where nothing is known. */
  static LayoutModel bare(String title) {
    return new LayoutModel(
        title,
        "",
        "",
        "",
        "",
        "",
        "",
        0,
        0,
        0,
        false,
        false,
        false,
        Set.of(),
        false,
        Assets.VERSION);
  }

  String render(Response.Page page, LayoutModel frame) {
    StringOutput out = new StringOutput();
    engine.render(page.template(), Map.of("frame", frame, "page", page.view()), out);
    return out.toString();
  }
}
