package org.thywill.web.member;

import java.io.IOException;
import org.thywill.community.access.NotAllowed;
import org.thywill.community.join.Members;
import org.thywill.ledger.RefusedChange;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Viewer;
import org.thywill.web.http.Visit;

/**
 * Coming in by an invite, or by the operator's link. Looking at a link changes nothing, so that a
 * preview of it does not use it up.
 */
public final class Joining {
  private final Members members;

  public Joining(Site site) {
    this.members = site.community().members();
  }

  /** The form, with what was typed before and why it was not taken. */
  record View(String token, String name, String problem, boolean isMember) {}

  public Answer show(Visit visit) {
    return form(visit, 200, "", "");
  }

  public Answer join(Visit visit) throws IOException {
    if (visit.viewer() instanceof Viewer.Member member) {
      members.acceptOperatorLink(member.handle(), visit.part("token"), visit.device());
      return Answer.goOn("/", Said.ROLE_GRANTED);
    }
    String name = visit.field("name");
    try {
      Members.Joined joined = members.join(visit.part("token"), name, visit.device());
      return new Answer.SignedIn(joined.session(), "/", Said.WELCOME);
    } catch (RefusedChange | NotAllowed e) {
      return form(visit, 422, name, String.valueOf(e.getMessage()));
    }
  }

  private static Answer form(Visit visit, int status, String name, String problem) {
    return new Answer.Page(
        status,
        "member/join.jte",
        "Join",
        new View(visit.part("token"), name, problem, visit.viewer() instanceof Viewer.Member));
  }
}
