package org.thywill.web.signin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.signin.FreshSignIn;
import org.thywill.community.signin.RecoveryCodes;
import org.thywill.community.signin.Sessions;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Principal;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Making recovery codes, signing in by one, and giving new proof by one. */
public final class RecoveryCodeController {
  private static final String TITLE = "Sign in by a recovery code";

  private final RecoveryCodes codes;
  private final Sessions sessions;

  public RecoveryCodeController(ServerContext server) {
    this.codes = server.community().recoveryCodes();
    this.sessions = server.community().sessions();
  }

  /** The form to sign in, with what was typed and what was wrong with it; both may be empty. */
  record SignInView(String name, String problem) {}

  /** The codes, which are shown only in this response. */
  record CodesView(List<String> codes, Instant madeAt) {}

  /**
   * The page that asks for new proof.
   *
   * @param minutes how long it holds
   * @param unused the recovery codes that the member has left
   */
  record ProofView(long minutes, int unused, String problem) {}

  public Response show(Request request) {
    return request.principal() instanceof Principal.Member
        ? Response.redirect("/me", FlashMessage.NOTHING)
        : form(200, "", "");
  }

  /**
   * Signs in by a code.
   *
   * @throws ForbiddenException if a member is signed in on this device
   */
  public Response enter(Request request) throws IOException {
    if (request.principal() instanceof Principal.Member) {
      throw new ForbiddenException("Somebody is signed in on this device already. Sign out first.");
    }
    String name = request.formParam("name");
    try {
      Sessions.Session session = codes.use(name, request.formParam("code"), request.device());
      if (request.principal() instanceof Principal.Claimant claimant) {
        sessions.end(claimant.session());
      }
      return new Response.SignedIn(session, "/me", FlashMessage.CODE_USED);
    } catch (ForbiddenException e) {
      return form(422, name, String.valueOf(e.getMessage()));
    }
  }

  private static Response form(int status, String name, String problem) {
    return new Response.Page(status, "signin/code.jte", TITLE, new SignInView(name, problem));
  }

  /** Makes codes, or asks for new proof first. */
  public Response make(Request request) throws IOException {
    Principal.Member member = request.member();
    if (FreshSignIn.isNeededForRecoveryCodes(request.view(), member.handle(), request.now())
        && !request.hasFreshSignIn()) {
      return request.askForProof();
    }
    return Response.page(
        "signin/codes.jte",
        "Recovery codes",
        new CodesView(codes.make(member.handle()), request.now()));
  }

  public Response showProof(Request request) throws IOException {
    return proof(request, 200, "");
  }

  /** Takes a code as proof: a new session takes the place of the one on this device. */
  public Response prove(Request request) throws IOException {
    Principal.Member member = request.member();
    try {
      Sessions.Session session =
          codes.use(member.handle(), request.formParam("code"), request.device());
      sessions.end(member.session());
      return new Response.SignedIn(session, "/me", FlashMessage.PROVEN);
    } catch (ForbiddenException e) {
      return proof(request, 422, String.valueOf(e.getMessage()));
    }
  }

  private static Response proof(Request request, int status, String problem) throws IOException {
    return new Response.Page(
        status,
        "signin/proof.jte",
        "Show that it is you",
        new ProofView(
            FreshSignIn.LIFETIME.toMinutes(),
            RecoveryCodes.remaining(request.view(), request.member().handle()).unused(),
            problem));
  }
}
