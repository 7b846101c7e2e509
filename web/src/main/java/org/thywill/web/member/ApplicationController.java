package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.join.Applications;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Asking to become a member, and deciding about it. */
public final class ApplicationController {
  private final Applications applications;

  public ApplicationController(ServerContext site) {
    this.applications = site.community().applications();
  }

  /** The form, with what was typed before and why it was not taken. */
  record ApplyView(String name, String essay, String contact, String problem) {}

  /**
   * What the applicant sees.
   *
   * @param address of this page, by which they come back
   */
  record StatusView(Applications.Application application, String address, Instant now) {}

  record WaitingView(List<Applications.Application> waiting, Instant now) {}

  public Response show(Request visit) throws IOException {
    visit.requireFeature(Feature.MEMBERSHIP_APPLICATIONS);
    return form(200, new ApplyView("", "", "", ""));
  }

  public Response apply(Request visit) throws IOException {
    visit.requireFeature(Feature.MEMBERSHIP_APPLICATIONS);
    String name = visit.formParam("name");
    String essay = visit.formParam("essay");
    String contact = visit.formParam("contact");
    try {
      return Response.redirect(
          "/apply/" + applications.apply(name, essay, contact, visit.device()),
          FlashMessage.APPLIED);
    } catch (ForbiddenException | InvalidInputException | ConstraintViolationException e) {
      return form(422, new ApplyView(name, essay, contact, String.valueOf(e.getMessage())));
    }
  }

  public Response status(Request visit) throws IOException {
    Applications.Application application =
        Request.orNotFound(Applications.find(visit.view(), visit.pathParam("application")));
    return Response.page(
        "member/applied.jte",
        "Your application",
        new StatusView(application, visit.origin() + "/apply/" + application.id(), visit.now()));
  }

  public Response waiting(Request visit) throws IOException {
    return Response.page(
        "member/applications.jte",
        "Applications",
        new WaitingView(Applications.waiting(visit.view()), visit.now()));
  }

  public Response approve(Request visit) throws IOException {
    applications.approve(visit.member().handle(), visit.pathParam("application"));
    return Response.redirect("/applications", FlashMessage.APPLICATION_APPROVED);
  }

  public Response reject(Request visit) throws IOException {
    applications.reject(
        visit.member().handle(), visit.pathParam("application"), visit.formParam("reason"));
    return Response.redirect("/applications", FlashMessage.APPLICATION_REJECTED);
  }

  private static Response form(int status, ApplyView view) {
    return new Response.Page(status, "member/apply.jte", "Become a member", view);
  }
}
