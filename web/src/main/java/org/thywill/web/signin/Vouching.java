package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.signin.Door;
import org.thywill.community.signin.SignIn;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/**
 * Vouching for those who wait at the door. Whoever vouches has spoken to them: the six digits show
 * it.
 */
public final class Vouching {
  private final SignIn signIn;

  public Vouching(Site site) {
    this.signIn = site.community().signIn();
  }

  record View(List<Door.Knock> waiting, Instant now) {}

  public Answer show(Visit visit) throws IOException {
    return Answer.page(
        "signin/signins.jte",
        "Sign-ins",
        new View(Door.waiting(visit.view(), visit.member().handle(), visit.now()), visit.now()));
  }

  public Answer vouch(Visit visit) throws IOException {
    SignIn.Votes votes =
        signIn.approve(visit.member().handle(), visit.part("request"), visit.field("code"));
    return Answer.goOn("/sign-ins", votes.approved() ? Said.APPROVED : Said.VOUCHED);
  }

  public Answer reject(Visit visit) throws IOException {
    signIn.reject(visit.member().handle(), visit.part("request"), visit.field("reason"));
    return Answer.goOn("/sign-ins", Said.REJECTED);
  }
}
