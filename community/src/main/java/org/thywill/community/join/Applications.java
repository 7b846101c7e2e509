package org.thywill.community.join;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
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
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.community.settings.Feature;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Applications of visitors who want to become members without an invite.
 *
 * <p>The applicant is given a secret, of which only the hash is kept: it is the id of the
 * application. The invite that an approval makes has the same hash for its key, so the applicant
 * joins by the secret, and a reader of the archive does not.
 *
 * <p>The length of what a visitor writes is limited, and so is the number of pending applications.
 * Where a method throws, nothing was changed.
 */
public final class Applications {
  static final int PENDING_MAX = 200;
  private static final int ESSAY_MIN = 20;
  private static final int ESSAY_MAX = 1_000;
  private static final int CONTACT_MAX = 100;
  private static final Duration INVITE_LIFETIME = Duration.ofDays(30);
  private static final String PENDING = "pending";
  private static final String APPROVED = "approved";
  private static final String REJECTED = "rejected";

  private final Ledger ledger;
  private final Ids ids;
  private final AttemptLimiter attempts = AttemptLimiter.perHour();

  public Applications(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * An application.
   *
   * @param id the hash of the applicant's secret; for an imported one, the id that it had
   * @param status the word in the archive
   * @param decidedBy the handle of the member who decided, or null
   * @param invite the key of the invite for the applicant, or null until it is approved
   */
  public record Application(
      String id,
      String name,
      String essay,
      String contact,
      String status,
      Instant at,
      @Nullable String decidedBy,
      @Nullable String invite) {
    /** Whether no one has decided about it yet. */
    public boolean isPending() {
      return status.equals(PENDING);
    }

    /** Whether it was approved. */
    public boolean isApproved() {
      return status.equals(APPROVED);
    }
  }

  /** The application of a secret, which only the applicant was given. */
  public static Optional<Application> find(ViewReader view, String secret) throws IOException {
    return view.find(Catalog.APPLICATIONS, Ids.hash(secret)).map(Applications::of);
  }

  /** The application of an id, for those who decide about it. */
  public static Optional<Application> ofId(ViewReader view, String id) throws IOException {
    return view.find(Catalog.APPLICATIONS, id).map(Applications::of);
  }

  /** The pending applications, the oldest first. */
  public static List<Application> waiting(ViewReader view) throws IOException {
    return view.findBy(Catalog.Applications.STATUS, PENDING).stream()
        .map(Applications::of)
        .sorted(Comparator.comparing(Application::at))
        .toList();
  }

  /** How many applications are pending. */
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
        row.get(Catalog.Applications.PROCESSED_BY).orElse(null),
        row.get(Catalog.Applications.INVITE).orElse(null));
  }

  /**
   * Adds an application.
   *
   * @return the applicant's secret, to be shown once: by it the applicant looks at the application,
   *     and joins once it is approved
   * @throws ForbiddenException if the feature is off, or there were too many applications from that
   *     address
   * @throws InvalidInputException if a text is missing, too short or too long, or too many
   *     applications are pending
   */
  public String apply(String name, String essay, String contact, Device device) throws IOException {
    String display = DisplayName.of(name);
    TextValidation.require(essay, "what you write about yourself", ESSAY_MAX);
    TextValidation.require(contact, "how you can be reached", CONTACT_MAX);
    if (essay.strip().length() < ESSAY_MIN) {
      throw new InvalidInputException("Please write a little more about yourself.");
    }
    String secret = ids.token();
    String source = AttemptLimiter.source(device).orElse(secret);
    ledger.write(
        Change.Cause.by(HandleNormalizer.SYSTEM).because("a stranger asks to become a member"),
        tx -> {
          requireMayApply(tx, source);
          tx.add(
              Row.in(Catalog.APPLICATIONS)
                  .set(Catalog.Applications.USERNAME, display)
                  .set(Catalog.Applications.STATUS, PENDING)
                  .set(Catalog.Applications.ID, Ids.hash(secret))
                  .set(Catalog.Applications.CREATED_AT, tx.atMicros())
                  .set(Catalog.Applications.ESSAY, essay)
                  .set(Catalog.Applications.CONTACT_INFO, contact)
                  .set(Catalog.Applications.IP_ADDRESS, device.address())
                  .build());
        });
    return secret;
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
    if (tx.findBy(Catalog.Applications.STATUS, PENDING).size() >= PENDING_MAX) {
      throw new InvalidInputException(
          "Very many applications wait at present. Please come back in some days.");
    }
  }

  /**
   * Approves an application: makes an invite for one use.
   *
   * <p>The applicant joins by the secret that they were given. One whose application was imported
   * has none, so the member gets the token of the invite and passes it on.
   *
   * @param application its id
   * @return the token for an imported application, to be shown once; empty for all others
   * @throws ForbiddenException if the member may not decide about applications
   * @throws InvalidInputException if there is no such application, or it was decided before
   */
  public Optional<String> approve(String member, String application) throws IOException {
    Optional<String> token = Ids.isHash(application) ? Optional.empty() : Optional.of(ids.token());
    String key = token.map(Ids::hash).orElse(application);
    ledger.write(
        Change.Cause.by(member).because("an application was accepted"),
        tx -> {
          requirePending(tx, member, application);
          InviteLinks.add(tx, key, member, LinkKind.NEW_USER, INVITE_LIFETIME, OptionalLong.of(1));
          tx.change(
              Catalog.APPLICATIONS,
              application,
              Values.of(Catalog.Applications.STATUS, APPROVED)
                  .and(Catalog.Applications.INVITE, key)
                  .and(Catalog.Applications.PROCESSED_BY, member)
                  .and(Catalog.Applications.PROCESSED_AT, tx.atMicros()));
        });
    return token;
  }

  /**
   * Rejects an application.
   *
   * @param reason for the log; the applicant does not see it
   * @throws ForbiddenException as {@link #approve}
   * @throws InvalidInputException as {@link #approve}, or if the reason is too long
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
