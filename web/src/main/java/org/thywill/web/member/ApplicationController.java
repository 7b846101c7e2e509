package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.Applications;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Applications for membership, and the decisions about them. */
public final class ApplicationController {
  private final Applications applications;

  public ApplicationController(ServerContext server) {
    this.applications = server.community().applications();
  }

  /** The form, with the previous input and why it was rejected; both empty at first. */
  record ApplyView(String name, String essay, String contact, String problem) {}

  /**
   * The state of an application, as the applicant sees it.
   *
   * @param address of this page, where the applicant can look again
   * @param joinPath where the applicant joins once the application is approved
   */
  record StatusView(
      Applications.Application application, String address, String joinPath, Instant now) {}

  record WaitingView(List<Applications.Application> waiting, Instant now) {}

  public Response show(Request request) throws IOException {
    request.requireFeature(Feature.MEMBERSHIP_APPLICATIONS);
    return form(200, new ApplyView("", "", "", ""));
  }

  public Response apply(Request request) throws IOException {
    request.requireFeature(Feature.MEMBERSHIP_APPLICATIONS);
    String name = request.formParam("name");
    String essay = request.formParam("essay");
    String contact = request.formParam("contact");
    try {
      return Response.redirect(
          "/apply/" + applications.apply(name, essay, contact, request.device()),
          FlashMessage.APPLIED);
    } catch (ForbiddenException | InvalidInputException | ConstraintViolationException e) {
      return form(422, new ApplyView(name, essay, contact, String.valueOf(e.getMessage())));
    }
  }

  public Response status(Request request) throws IOException {
    String secret = request.pathParam("secret");
    Applications.Application application =
        Request.orNotFound(Applications.find(request.view(), secret));
    return Response.page(
        "member/applied.jte",
        "Your application",
        new StatusView(
            application, request.origin() + "/apply/" + secret, "/join/" + secret, request.now()));
  }

  public Response waiting(Request request) throws IOException {
    return Response.page(
        "member/applications.jte",
        "Applications",
        new WaitingView(Applications.waiting(request.view()), request.now()));
  }

  public Response approve(Request request) throws IOException {
    String id = request.pathParam("application");
    Optional<String> token = applications.approve(request.member().handle(), id);
    return token.isPresent()
        ? InviteController.showLink(request, token.get(), recipient(request, id))
        : Response.redirect("/applications", FlashMessage.APPLICATION_APPROVED);
  }

  public Response reject(Request request) throws IOException {
    applications.reject(
        request.member().handle(), request.pathParam("application"), request.formParam("reason"));
    return Response.redirect("/applications", FlashMessage.APPLICATION_REJECTED);
  }

  private static String recipient(Request request, String id) throws IOException {
    Applications.Application application =
        Request.orNotFound(Applications.ofId(request.view(), id));
    return application.name() + " (" + application.contact() + ")";
  }

  private static Response form(int status, ApplyView view) {
    return new Response.Page(status, "member/apply.jte", "Become a member", view);
  }
}
