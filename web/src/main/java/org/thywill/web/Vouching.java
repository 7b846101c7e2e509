package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.Door;
import org.thywill.community.SignIn;

/**
 * Vouching for those who wait at the door. Whoever vouches has spoken to them: the six digits show
 * it.
 */
final class Vouching {
  private final SignIn signIn;

  Vouching(Site site) {
    this.signIn = site.community().signIn();
  }

  record View(List<Door.Knock> waiting, Instant now) {}

  Answer show(Visit visit) throws IOException {
    return Answer.page(
        "signins.jte",
        "Sign-ins",
        new View(Door.waiting(visit.view(), visit.member().handle(), visit.now()), visit.now()));
  }

  Answer vouch(Visit visit) throws IOException {
    SignIn.Votes votes =
        signIn.approve(visit.member().handle(), visit.part("request"), visit.field("code"));
    return Answer.goOn("/sign-ins", votes.approved() ? Said.APPROVED : Said.VOUCHED);
  }

  Answer reject(Visit visit) throws IOException {
    signIn.reject(visit.member().handle(), visit.part("request"), visit.field("reason"));
    return Answer.goOn("/sign-ins", Said.REJECTED);
  }
}
