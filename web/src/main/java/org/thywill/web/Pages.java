package org.thywill.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.thywill.community.Board;
import org.thywill.community.Door;
import org.thywill.community.Permission;
import org.thywill.database.ViewReader;

/** Makes pages from templates: each is given what it shows, and the {@link Frame} around it. */
final class Pages {
  private final TemplateEngine engine = TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.thywill.web");

  Frame frame(Viewer viewer, Reading reading, String title, String path, String token, Said said, Instant now) throws IOException {
    if (viewer instanceof Viewer.Member member) {
      ViewReader view = reading.view();
      boolean isModerator = member.may(Permission.MODERATE_PRAYERS);
      return new Frame(title, member.name(), member.handle(), token, said.sentence(), path, Door.waiting(view, member.handle(), now).size(),
          isModerator ? Board.reportedCount(view) : 0, isModerator, member.may(Permission.MANAGE_SYSTEM), member.may(Permission.MANAGE_MEMBERS),
          Assets.VERSION);
    }
    return new Frame(title, "", "", token, said.sentence(), path, 0, 0, false, false, false, Assets.VERSION);
  }

  /** The frame where nothing is known. */
  static Frame bare(String title) {
    return new Frame(title, "", "", "", "", "", 0, 0, false, false, false, Assets.VERSION);
  }

  String render(Answer.Page page, Frame frame) {
    StringOutput out = new StringOutput();
    engine.render(page.template(), Map.of("frame", frame, "page", page.view()), out);
    return out.toString();
  }
}
