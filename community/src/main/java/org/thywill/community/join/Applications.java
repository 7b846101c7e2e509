package org.thywill.community.join;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Device;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Asking to become a member without knowing one. What a stranger writes is bounded, and so is how
 * much of it can wait.
 */
public final class Applications {
  static final int WAITING_MAX = 200;
  private static final int ESSAY_MIN = 20;
  private static final int ESSAY_MAX = 1_000;
  private static final int CONTACT_MAX = 100;
  private static final Duration INVITE_LIFETIME = Duration.ofDays(30);
  private static final String PENDING = "pending";
  private static final String APPROVED = "approved";
  private static final String REJECTED = "rejected";

  private final Ledger ledger;
  private final Ids ids;
  private final AttemptLimiter attempts = new AttemptLimiter();

  public Applications(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * An application.
   *
   * @param invite the token that lets the applicant in, once approved
   */
  public record Application(
      String id,
      String name,
      String essay,
      String contact,
      String status,
      Instant at,
      Optional<String> decidedBy,
      Optional<String> invite) {
    public boolean isPending() {
      return status.equals(PENDING);
    }

    public boolean isApproved() {
      return status.equals(APPROVED);
    }
  }

  /** One by its id, which the applicant alone was given. */
  public static Optional<Application> find(ViewReader view, String id) throws IOException {
    return view.find(Catalog.APPLICATIONS, id).map(Applications::of);
  }

  /** Those that nobody has decided yet, the oldest first. */
  public static List<Application> waiting(ViewReader view) throws IOException {
    return view.findBy(Catalog.Applications.STATUS, PENDING).stream()
        .map(Applications::of)
        .sorted(Comparator.comparing(Application::at))
        .toList();
  }

  /** How many nobody has decided yet. */
  public static long waitingCount(ViewReader view) throws IOException {
    return view.count(Query.of(Catalog.APPLICATIONS).eq(Catalog.Applications.STATUS, PENDING));
  }

  private static Application of(Row row) {
    return new Application(
        row.key(),
        row.get(Catalog.Applications.USERNAME).orElse(""),
        row.get(Catalog.Applications.ESSAY).orElse(""),
        row.get(Catalog.Applications.CONTACT_INFO).orElse(""),
        row.get(Catalog.Applications.STATUS).orElse(""),
        Timestamps.instant(row.get(Catalog.Applications.CREATED_AT).orElse(0L)),
        row.get(Catalog.Applications.PROCESSED_BY),
        row.get(Catalog.Applications.INVITE));
  }

  /**
   * Applies.
   *
   * @return the application's id, by which the applicant sees what became of it
   * @throws ForbiddenException if strangers may not apply here, or too much comes from that address
   * @throws InvalidInputException if a text is missing or too long, or too many wait
   */
  public String apply(String name, String essay, String contact, Device device) throws IOException {
    String tidy = Members.tidy(name);
    TextValidation.require(essay, "what you write about yourself", ESSAY_MAX);
    TextValidation.require(contact, "how you can be reached", CONTACT_MAX);
    if (essay.strip().length() < ESSAY_MIN) {
      throw new InvalidInputException("Please write a little more about yourself.");
    }
    String id = ids.token();
    String source = AttemptLimiter.source(device).orElse(id);
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("a stranger asks to become a member"),
        tx -> {
          requireMayApply(tx, source);
          tx.add(
              Row.in(Catalog.APPLICATIONS)
                  .set(Catalog.Applications.USERNAME, tidy)
                  .set(Catalog.Applications.STATUS, PENDING)
                  .set(Catalog.Applications.ID, id)
                  .set(Catalog.Applications.CREATED_AT, tx.atMicros())
                  .set(Catalog.Applications.ESSAY, essay)
                  .set(Catalog.Applications.CONTACT_INFO, contact)
                  .set(Catalog.Applications.IP_ADDRESS, device.address().orElse(null))
                  .build());
        });
    return id;
  }

  private void requireMayApply(Transaction tx, String source) throws IOException {
    if (!Feature.MEMBERSHIP_APPLICATIONS.isOn(tx)) {
      throw new ForbiddenException("Nobody can apply here at present. Members come by invite.");
    }
    if (attempts.isExhausted(source, tx.atMicros())) {
      throw new ForbiddenException(
          "There were too many applications from there. Please try again in an hour.");
    }
    attempts.count(source, tx.atMicros());
    if (tx.findBy(Catalog.Applications.STATUS, PENDING).size() >= WAITING_MAX) {
      throw new InvalidInputException(
          "Very many applications wait at present. Please come back in some days.");
    }
  }

  /**
   * Accepts an applicant: makes an invite for one, which the applicant finds by the application's
   * id.
   *
   * @throws ForbiddenException if the member may not decide about it
   * @throws InvalidInputException if it was decided before
   */
  public void approve(String member, String application) throws IOException {
    String token = ids.token();
    ledger.write(
        Change.Cause.by(member).because("an application was accepted"),
        tx -> {
          requirePending(tx, member, application);
          Members.addInvite(
              tx, token, member, Members.NEW_USER, INVITE_LIFETIME, OptionalLong.of(1));
          tx.change(
              Catalog.APPLICATIONS,
              application,
              Values.of(Catalog.Applications.STATUS, APPROVED)
                  .and(Catalog.Applications.INVITE, token)
                  .and(Catalog.Applications.PROCESSED_BY, member)
                  .and(Catalog.Applications.PROCESSED_AT, tx.atMicros()));
        });
  }

  /**
   * Declines an application. Otherwise as {@link #approve}.
   *
   * @param reason for the log; the applicant does not see it
   */
  public void reject(String member, String application, String reason) throws IOException {
    TextValidation.requireShort(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(member).because(reason),
        tx -> {
          requirePending(tx, member, application);
          tx.change(
              Catalog.APPLICATIONS,
              application,
              Values.of(Catalog.Applications.STATUS, REJECTED)
                  .and(Catalog.Applications.PROCESSED_BY, member)
                  .and(Catalog.Applications.PROCESSED_AT, tx.atMicros()));
        });
  }

  private static void requirePending(Transaction tx, String member, String application)
      throws IOException {
    Authorization.require(tx, member, Permission.MANAGE_MEMBERS, tx.atMicros());
    Row row =
        tx.find(Catalog.APPLICATIONS, application)
            .orElseThrow(() -> new InvalidInputException("There is no such application."));
    if (!row.has(Catalog.Applications.STATUS, PENDING)) {
      throw new InvalidInputException(
          "This application is " + row.get(Catalog.Applications.STATUS).orElse("") + " already.");
    }
  }
}
