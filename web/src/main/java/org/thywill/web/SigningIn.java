package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.thywill.community.Door;
import org.thywill.community.NotAllowed;
import org.thywill.community.SignIn;
import org.thywill.ledger.RefusedChange;

/** Signing in on a new device: asking, waiting, and leaving again. */
final class SigningIn {
  private final SignIn signIn;

  SigningIn(Site site) {
    this.signIn = site.community().signIn();
  }

  record AskView(String name, String problem) {}

  /**
   * What somebody sees who waits.
   *
   * @param knock empty if the sign-in was refused, or nobody vouched in time
   */
  record WaitingView(Optional<Door.Knock> knock, String code, Instant now) {}

  Answer show(Visit visit) {
    return switch (visit.viewer()) {
      case Viewer.Member member -> Answer.goOn("/", Said.NOTHING);
      case Viewer.AtTheDoor waiting -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.Stranger stranger -> form(200, "", "");
    };
  }

  Answer ask(Visit visit) throws IOException {
    String name = visit.field("name");
    try {
      SignIn.Waiting waiting = signIn.request(name, visit.device());
      return new Answer.SignedIn(waiting.session(), "/sign-in/waiting", Said.NOTHING);
    } catch (NotAllowed | RefusedChange e) {
      return form(422, name, String.valueOf(e.getMessage()));
    }
  }

  Answer waiting(Visit visit) throws IOException {
    return switch (visit.viewer()) {
      case Viewer.Member member -> Answer.goOn("/", Said.SIGNED_IN);
      case Viewer.Stranger stranger -> Answer.page("waiting.jte", "No longer waiting", new WaitingView(Optional.empty(), "", visit.now()));
      case Viewer.AtTheDoor waiting -> {
        Door.Knock knock = Visit.found(Door.of(visit.view(), waiting.session()));
        yield Answer.page("waiting.jte", "Waiting", new WaitingView(Optional.of(knock), signIn.code(knock.request()), visit.now()));
      }
    };
  }

  Answer signOut(Visit visit) throws IOException {
    switch (visit.viewer()) {
      case Viewer.Member member -> signIn.end(member.session());
      case Viewer.AtTheDoor waiting -> signIn.end(waiting.session());
      case Viewer.Stranger stranger -> { }
    }
    return new Answer.SignedOut("/", Said.SIGNED_OUT);
  }

  private static Answer form(int status, String name, String problem) {
    return new Answer.Page(status, "signin.jte", "Sign in", new AskView(name, problem));
  }
}
