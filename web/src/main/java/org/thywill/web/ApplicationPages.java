package org.thywill.web;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.thywill.community.Applications;
import org.thywill.community.Feature;
import org.thywill.community.NotAllowed;
import org.thywill.ledger.RefusedChange;

/** Asking to become a member, and deciding about it. */
final class ApplicationPages {
  private final Applications applications;

  ApplicationPages(Site site) {
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

  Answer show(Visit visit) throws IOException {
    visit.require(Feature.MEMBERSHIP_APPLICATIONS);
    return form(200, new ApplyView("", "", "", ""));
  }

  Answer apply(Visit visit) throws IOException {
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

  Answer status(Visit visit) throws IOException {
    Applications.Application application =
        Visit.found(Applications.find(visit.view(), visit.part("application")));
    return Answer.page(
        "applied.jte",
        "Your application",
        new StatusView(application, visit.origin() + "/apply/" + application.id(), visit.now()));
  }

  Answer waiting(Visit visit) throws IOException {
    return Answer.page(
        "applications.jte",
        "Applications",
        new WaitingView(Applications.waiting(visit.view()), visit.now()));
  }

  Answer approve(Visit visit) throws IOException {
    applications.approve(visit.member().handle(), visit.part("application"));
    return Answer.goOn("/applications", Said.APPLICATION_APPROVED);
  }

  Answer reject(Visit visit) throws IOException {
    applications.reject(visit.member().handle(), visit.part("application"), visit.field("reason"));
    return Answer.goOn("/applications", Said.APPLICATION_REJECTED);
  }

  private static Answer form(int status, ApplyView view) {
    return new Answer.Page(status, "apply.jte", "Become a member", view);
  }
}
