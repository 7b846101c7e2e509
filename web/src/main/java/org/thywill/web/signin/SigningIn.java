package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import org.thywill.community.access.NotAllowed;
import org.thywill.community.signin.Door;
import org.thywill.community.signin.NobodyOfThatName;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.ledger.RefusedChange;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Decoys;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Viewer;
import org.thywill.web.http.Visit;

/** Signing in on a new device: asking, waiting, and leaving again. */
public final class SigningIn {
  private final Sessions sessions;
  private final SignIn signIn;
  private final Decoys decoys;

  public SigningIn(Site site) {
    this.sessions = site.community().sessions();
    this.signIn = site.community().signIn();
    this.decoys = new Decoys(site.key(), site.ids());
  }

  record AskView(String name, String problem) {}

  /** What somebody sees who waits, whether they named a member or not. */
  record WaitingView(String code, int given, int needed, Instant until) {}

  /** The same when nobody vouched in time, or the sign-in was refused. */
  record EndedView() {}

  public Answer show(Visit visit) {
    return switch (visit.viewer()) {
      case Viewer.Member member -> Answer.goOn("/", Said.NOTHING);
      case Viewer.AtTheDoor waiting -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.NobodyAtTheDoor nobody -> Answer.goOn("/sign-in/waiting", Said.NOTHING);
      case Viewer.Stranger stranger -> form(200, "", "");
    };
  }

  public Answer ask(Visit visit) throws IOException {
    String name = visit.field("name");
    try {
      SignIn.Waiting waiting = signIn.request(name, visit.device());
      return new Answer.SignedIn(waiting.session(), "/sign-in/waiting", Said.NOTHING);
    } catch (NobodyOfThatName e) {
      Instant until = visit.now().plus(Sessions.lifetime(visit.view()));
      return new Answer.SignedIn(
          new Sessions.Session(decoys.make(name, visit.device(), visit.now()), "", until, false),
          "/sign-in/waiting",
          Said.NOTHING);
    } catch (NotAllowed | RefusedChange e) {
      return form(422, name, String.valueOf(e.getMessage()));
    }
  }

  public Answer waiting(Visit visit) throws IOException {
    return switch (visit.viewer()) {
      case Viewer.Member member -> Answer.goOn("/", Said.SIGNED_IN);
      case Viewer.Stranger stranger ->
          Answer.page("signin/ended.jte", "No longer waiting", new EndedView());
      case Viewer.AtTheDoor waiting -> {
        Door.Knock knock = Visit.found(Door.of(visit.view(), waiting.session()));
        yield waiting(
            new WaitingView(
                signIn.code(knock.request()), knock.given(), knock.needed(), knock.expiresAt()));
      }
      case Viewer.NobodyAtTheDoor nobody ->
          waiting(
              new WaitingView(
                  signIn.code(nobody.decoy().origin()),
                  0,
                  Door.votesNeeded(visit.view()),
                  nobody.decoy().until()));
    };
  }

  private static Answer waiting(WaitingView view) {
    return Answer.page("signin/waiting.jte", "Waiting", view);
  }

  public Answer signOut(Visit visit) throws IOException {
    switch (visit.viewer()) {
      case Viewer.Member member -> sessions.end(member.session());
      case Viewer.AtTheDoor waiting -> sessions.end(waiting.session());
      case Viewer.NobodyAtTheDoor nobody -> {}
      case Viewer.Stranger stranger -> {}
    }
    return new Answer.SignedOut("/", Said.SIGNED_OUT);
  }

  private static Answer form(int status, String name, String problem) {
    return new Answer.Page(status, "signin/signin.jte", "Sign in", new AskView(name, problem));
  }
}
