package org.thywill.web.member;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.access.NotAllowed;
import org.thywill.community.join.Applications;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.RefusedChange;
import org.thywill.web.http.Answer;
import org.thywill.web.http.Said;
import org.thywill.web.http.Site;
import org.thywill.web.http.Visit;

/** Asking to become a member, and deciding about it. */
public final class ApplicationPages {
  private final Applications applications;

  public ApplicationPages(Site site) {
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

  public Answer show(Visit visit) throws IOException {
    visit.require(Feature.MEMBERSHIP_APPLICATIONS);
    return form(200, new ApplyView("", "", "", ""));
  }

  public Answer apply(Visit visit) throws IOException {
    visit.require(Feature.MEMBERSHIP_APPLICATIONS);
    String name = visit.field("name");
    String essay = visit.field("essay");
    String contact = visit.field("contact");
    try {
      return Answer.goOn(
          "/apply/" + applications.apply(name, essay, contact, visit.device()), Said.APPLIED);
    } catch (NotAllowed | RefusedChange e) {
      return form(422, new ApplyView(name, essay, contact, String.valueOf(e.getMessage())));
    }
  }

  public Answer status(Visit visit) throws IOException {
    Applications.Application application =
        Visit.found(Applications.find(visit.view(), visit.part("application")));
    return Answer.page(
        "member/applied.jte",
        "Your application",
        new StatusView(application, visit.origin() + "/apply/" + application.id(), visit.now()));
  }

  public Answer waiting(Visit visit) throws IOException {
    return Answer.page(
        "member/applications.jte",
        "Applications",
        new WaitingView(Applications.waiting(visit.view()), visit.now()));
  }

  public Answer approve(Visit visit) throws IOException {
    applications.approve(visit.member().handle(), visit.part("application"));
    return Answer.goOn("/applications", Said.APPLICATION_APPROVED);
  }

  public Answer reject(Visit visit) throws IOException {
    applications.reject(visit.member().handle(), visit.part("application"), visit.field("reason"));
    return Answer.goOn("/applications", Said.APPLICATION_REJECTED);
  }

  private static Answer form(int status, ApplyView view) {
    return new Answer.Page(status, "member/apply.jte", "Become a member", view);
  }
}
