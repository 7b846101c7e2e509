package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.signin.PendingSignIns;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.community.signin.UnknownMemberException;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.web.http.DecoySessions;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Signing in on a new device: asking, waiting, and leaving again. */
public final class SignInController {
  private final Sessions sessions;
  private final SignIn signIn;
  private final DecoySessions decoys;

  public SignInController(ServerContext site) {
    this.sessions = site.community().sessions();
    this.signIn = site.community().signIn();
    this.decoys = new DecoySessions(site.key(), site.ids());
  }

  record AskView(String name, String problem) {}

  /** What somebody sees who waits, whether they named a member or not. */
  record WaitingView(String code, int given, int needed, Instant until) {}

  /** The same when nobody vouched in time, or the sign-in was refused. */
  record EndedView() {}

  public Response show(Request visit) {
    return switch (visit.viewer()) {
      case Principal.Member member -> Response.redirect("/", FlashMessage.NOTHING);
      case Principal.AtTheDoor waiting ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.NobodyAtTheDoor nobody ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.Stranger stranger -> form(200, "", "");
    };
  }

  public Response ask(Request visit) throws IOException {
    String name = visit.formParam("name");
    try {
      SignIn.NewSignIn waiting = signIn.request(name, visit.device());
      return new Response.SignedIn(waiting.session(), "/sign-in/waiting", FlashMessage.NOTHING);
    } catch (UnknownMemberException e) {
      Instant until = visit.now().plus(Sessions.lifetime(visit.view()));
      return new Response.SignedIn(
          new Sessions.Session(decoys.make(name, visit.device(), visit.now()), "", until, false),
          "/sign-in/waiting",
          FlashMessage.NOTHING);
    } catch (ForbiddenException | InvalidInputException | ConstraintViolationException e) {
      return form(422, name, String.valueOf(e.getMessage()));
    }
  }

  public Response waiting(Request visit) throws IOException {
    return switch (visit.viewer()) {
      case Principal.Member member -> Response.redirect("/", FlashMessage.SIGNED_IN);
      case Principal.Stranger stranger ->
          Response.page("signin/ended.jte", "No longer waiting", new EndedView());
      case Principal.AtTheDoor waiting -> {
        PendingSignIns.PendingSignIn knock =
            Request.orNotFound(PendingSignIns.of(visit.view(), waiting.session()));
        yield waiting(
            new WaitingView(
                signIn.code(knock.id()),
                knock.approvals().given(),
                knock.approvals().needed(),
                knock.expiresAt()));
      }
      case Principal.NobodyAtTheDoor nobody ->
          waiting(
              new WaitingView(
                  signIn.code(nobody.decoy().origin()),
                  0,
                  PendingSignIns.approvalsNeeded(visit.view()),
                  nobody.decoy().until()));
    };
  }

  private static Response waiting(WaitingView view) {
    return Response.page("signin/waiting.jte", "Waiting", view);
  }

  public Response signOut(Request visit) throws IOException {
    switch (visit.viewer()) {
      case Principal.Member member -> sessions.end(member.session());
      case Principal.AtTheDoor waiting -> sessions.end(waiting.session());
      case Principal.NobodyAtTheDoor nobody -> {}
      case Principal.Stranger stranger -> {}
    }
    return new Response.SignedOut("/", FlashMessage.SIGNED_OUT);
  }

  private static Response form(int status, String name, String problem) {
    return new Response.Page(status, "signin/signin.jte", "Sign in", new AskView(name, problem));
  }
}
