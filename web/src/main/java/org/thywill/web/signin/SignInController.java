package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
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

/** Sign-ins on a new device: requesting one, waiting for approval, and signing out. */
public final class SignInController {
  private final Sessions sessions;
  private final SignIn signIns;
  private final DecoySessions decoys;

  public SignInController(ServerContext server) {
    this.sessions = server.community().sessions();
    this.signIns = server.community().signIn();
    this.decoys = new DecoySessions(server.key(), server.ids());
  }

  record AskView(String name, String problem) {}

  /**
   * A pending sign-in as the claimant sees it; a decoy looks the same.
   *
   * @param given how many members have approved it
   * @param needed how many must
   */
  record WaitingView(String code, int given, int needed, Instant until) {}

  /** The page for a sign-in that has expired or was rejected. */
  record EndedView() {}

  public Response show(Request request) {
    return switch (request.principal()) {
      case Principal.Member _ -> Response.redirect("/", FlashMessage.NOTHING);
      case Principal.Claimant _, Principal.DecoyClaimant _ ->
          Response.redirect("/sign-in/waiting", FlashMessage.NOTHING);
      case Principal.Visitor _ -> form(200, "", "");
    };
  }

  public Response ask(Request request) throws IOException {
    String name = request.formParam("name");
    try {
      SignIn.NewSignIn signIn = signIns.request(name, request.device(), request.browserSecret());
      return new Response.SignedIn(signIn.session(), "/sign-in/waiting", FlashMessage.NOTHING);
    } catch (UnknownMemberException e) {
      Instant until = request.now().plus(Sessions.lifetime(request.view()));
      return new Response.SignedIn(
          new Sessions.Session(decoys.make(request.now()), "", until, false),
          "/sign-in/waiting",
          FlashMessage.NOTHING);
    } catch (ForbiddenException | InvalidInputException | ConstraintViolationException e) {
      return form(422, name, String.valueOf(e.getMessage()));
    }
  }

  public Response waiting(Request request) throws IOException {
    return switch (request.principal()) {
      case Principal.Member _ -> Response.redirect("/", FlashMessage.SIGNED_IN);
      case Principal.Visitor _ ->
          Response.page("signin/ended.jte", "No longer waiting", new EndedView());
      case Principal.Claimant claimant -> {
        Optional<Sessions.Session> letIn = signIns.complete(claimant.claimed(), claimant.session());
        if (letIn.isPresent()) {
          yield new Response.SignedIn(letIn.get(), "/", FlashMessage.SIGNED_IN);
        }
        PendingSignIns.PendingSignIn signIn =
            Request.orNotFound(
                PendingSignIns.of(request.view(), claimant.session(), request.now()));
        yield waiting(
            new WaitingView(
                signIns.code(request.view(), signIn.id(), request.now()),
                signIn.approvals().given(),
                signIn.approvals().needed(),
                signIn.expiresAt()));
      }
      case Principal.DecoyClaimant decoy ->
          waiting(
              new WaitingView(
                  signIns.code(request.view(), decoy.decoy().origin(), request.now()),
                  0,
                  PendingSignIns.approvalsNeeded(request.view()),
                  decoy.decoy().until()));
    };
  }

  private static Response waiting(WaitingView view) {
    return Response.page("signin/waiting.jte", "Waiting", view);
  }

  public Response signOut(Request request) throws IOException {
    switch (request.principal()) {
      case Principal.Member member -> sessions.end(member.session());
      case Principal.Claimant claimant -> sessions.end(claimant.session());
      case Principal.DecoyClaimant _, Principal.Visitor _ -> {}
    }
    return new Response.SignedOut("/", FlashMessage.SIGNED_OUT);
  }

  private static Response form(int status, String name, String problem) {
    return new Response.Page(status, "signin/signin.jte", "Sign in", new AskView(name, problem));
  }
}
