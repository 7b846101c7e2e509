package org.thywill.web.signin;

import java.io.IOException;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.community.access.NotAllowed;
import org.thywill.community.signin.SignInLinks;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Viewer;
import org.thywill.web.http.Visit;

/**
 * Signing in by a link that is bound to one member. Looking at it changes nothing, so that a
 * preview of it does not use it up.
 */
public final class Entering {
  private final SignInLinks links;

  public Entering(Site site) {
    this.links = site.community().signInLinks();
  }

  /**
   * The button.
   *
   * @param name whom the link signs in; empty if it cannot be used
   */
  record View(String token, String name, boolean isMember) {}

  public Answer show(Visit visit) throws IOException {
    Optional<String> member = SignInLinks.member(visit.view(), visit.part("token"), visit.now());
    String name =
        member.isEmpty()
            ? ""
            : Visit.found(visit.view().find(Catalog.MEMBERS, member.get()))
                .text("display_name")
                .orElse(member.get());
    return Answer.page(
        "signin/enter.jte",
        "Sign in",
        new View(visit.part("token"), name, visit.viewer() instanceof Viewer.Member));
  }

  public Answer enter(Visit visit) throws IOException {
    if (visit.viewer() instanceof Viewer.Member) {
      throw new NotAllowed("Somebody is signed in on this device already. Sign out first.");
    }
    return new Answer.SignedIn(
        links.accept(visit.part("token"), visit.device()), "/", Said.SIGNED_IN);
  }
}
