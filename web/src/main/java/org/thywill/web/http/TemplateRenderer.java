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
import org.thywill.community.settings.Donations;
import org.thywill.community.settings.Feature;
import org.thywill.community.signin.EntryNotice;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.view.ViewReader;

/** Renders pages from templates, each within the layout that {@link LayoutModel} describes. */
final class TemplateRenderer {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(null, ContentType.Html, null, "org.thywill.web");

  /**
   * The layout of a page for a principal.
   *
   * @param isReadOnly whether the server takes no changes now
   * @throws IOException if the view cannot be read
   */
  LayoutModel layout(
      LayoutModel.PageModel page,
      Principal principal,
      LazyViewReader lazyView,
      Instant now,
      boolean isReadOnly)
      throws IOException {
    ViewReader view = lazyView.view();
    Set<Feature> features = Feature.thatAreOn(view);
    return switch (principal) {
      case Principal.Member member ->
          new LayoutModel(
              page,
              viewer(member),
              waiting(member, view, now),
              features,
              Donations.isPossible(view, features),
              isReadOnly);
      case Principal.Visitor _, Principal.Claimant _, Principal.DecoyClaimant _ ->
          LayoutModel.forVisitor(page, features, isReadOnly);
    };
  }

  private static LayoutModel.Viewer viewer(Principal.Member member) {
    return new LayoutModel.Viewer(
        member.name(),
        member.handle(),
        member.may(Permission.MODERATE_PRAYERS),
        member.may(Permission.MANAGE_SYSTEM),
        member.may(Permission.MANAGE_MEMBERS));
  }

  private static LayoutModel.Waiting waiting(Principal.Member member, ViewReader view, Instant now)
      throws IOException {
    return new LayoutModel.Waiting(
        PendingSignIns.waitingCount(view, member.handle(), now)
            + EntryNotice.unansweredCount(view, member.handle(), member.session()),
        member.may(Permission.MANAGE_MEMBERS) ? Applications.waitingCount(view) : 0,
        member.may(Permission.MODERATE_PRAYERS) ? PrayerFeeds.reportedCount(view) : 0);
  }

  /** The HTML of a page. */
  String render(Response.Page page, LayoutModel layout) {
    StringOutput out = new StringOutput();
    engine.render(page.template(), Map.of("layout", layout, "page", page.view()), out);
    return out.toString();
  }
}
