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
import org.thywill.community.prayer.Board;
import org.thywill.community.settings.Feature;
import org.thywill.community.signin.Door;
import org.thywill.view.ViewReader;
import org.thywill.web.site.Giving;

/** Makes pages from templates: each is given what it shows, and the {@link Frame} around it. */
final class Pages {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.thywill.web");

  Frame frame(
      Viewer viewer,
      Reading reading,
      String title,
      String path,
      String token,
      String once,
      Said said,
      Instant now)
      throws IOException {
    ViewReader view = reading.view();
    Set<Feature> features = Feature.thatAreOn(view);
    if (viewer instanceof Viewer.Member member) {
      boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
      return new Frame(
          title,
          member.name(),
          member.handle(),
          token,
          once,
          said.sentence(),
          path,
          Door.waitingCount(view, now),
          member.may(Permission.MANAGE_MEMBERS) ? Applications.waitingCount(view) : 0,
          isModerator ? Board.reportedCount(view) : 0,
          isModerator,
          member.may(Permission.MANAGE_SYSTEM),
          member.may(Permission.MANAGE_MEMBERS),
          features,
          Giving.isPossible(view, features),
          Assets.VERSION);
    }
    return new Frame(
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
  static Frame bare(String title) {
    return new Frame(
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

  String render(Answer.Page page, Frame frame) {
    StringOutput out = new StringOutput();
    engine.render(page.template(), Map.of("frame", frame, "page", page.view()), out);
    return out.toString();
  }
}
