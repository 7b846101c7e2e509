package org.thywill.community;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.thywill.community.access.AccountDeactivation;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.join.Applications;
import org.thywill.community.join.Members;
import org.thywill.community.member.Supporters;
import org.thywill.community.news.Announcements;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.KnownDevices;
import org.thywill.community.signin.MutedClaimants;
import org.thywill.community.signin.RecoveryCodes;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.community.signin.SignInLinks;
import org.thywill.community.signin.VerificationCodes;
import org.thywill.ledger.Ledger;

/**
 * All services of a community over one ledger.
 *
 * <p>The caller has authenticated the member whose handle it passes.
 */
public final class Community {
  private final Members members;
  private final Roles roles;
  private final AccountDeactivation accounts;
  private final Applications applications;
  private final Prayers prayers;
  private final Moderation moderation;
  private final Sessions sessions;
  private final SignIn signIn;
  private final SignInLinks signInLinks;
  private final KnownDevices knownDevices;
  private final MutedClaimants mutedClaimants;
  private final RecoveryCodes recoveryCodes;
  private final Supporters supporters;
  private final Announcements news;
  private final Settings settings;
  private final PostRecovery postRecovery;
  private final Ledger ledger;
  private final Ids ids;

  /**
   * Makes the services.
   *
   * @param serverKey at least 16 random bytes that are nowhere in the archive
   */
  public Community(Ledger ledger, Ids ids, byte[] serverKey) {
    this.ledger = ledger;
    this.ids = ids;
    this.roles = new Roles(ledger, ids);
    this.accounts = new AccountDeactivation(ledger, ids, roles);
    this.applications = new Applications(ledger, ids);
    this.sessions = new Sessions(ledger, ids);
    this.signIn = new SignIn(ledger, ids, new VerificationCodes(serverKey));
    this.signInLinks = new SignInLinks(ledger, ids);
    this.knownDevices = new KnownDevices(ledger);
    this.mutedClaimants = new MutedClaimants(ledger, ids);
    this.recoveryCodes = new RecoveryCodes(ledger, ids);
    this.members = new Members(ledger, ids, roles);
    this.prayers = new Prayers(ledger, ids);
    this.moderation = new Moderation(ledger, ids);
    this.supporters = new Supporters(ledger);
    this.news = new Announcements(ledger, ids);
    this.settings = new Settings(ledger);
    this.postRecovery = new PostRecovery(ledger, ids, signIn, accounts);
  }

  public Members members() {
    return members;
  }

  public Roles roles() {
    return roles;
  }

  public AccountDeactivation accounts() {
    return accounts;
  }

  public Applications applications() {
    return applications;
  }

  public Prayers prayers() {
    return prayers;
  }

  public Moderation moderation() {
    return moderation;
  }

  public Sessions sessions() {
    return sessions;
  }

  public SignIn signIn() {
    return signIn;
  }

  public SignInLinks signInLinks() {
    return signInLinks;
  }

  public KnownDevices knownDevices() {
    return knownDevices;
  }

  public MutedClaimants mutedClaimants() {
    return mutedClaimants;
  }

  public RecoveryCodes recoveryCodes() {
    return recoveryCodes;
  }

  public Supporters supporters() {
    return supporters;
  }

  public Announcements news() {
    return news;
  }

  public Settings settings() {
    return settings;
  }

  /**
   * From now on writes into the archive when the database was changed by others and built again;
   * also what the start of the ledger has found. To be called after {@link #resumption}.
   *
   * @param log receives sentences for the operator, without a full stop
   */
  public void watchView(LongSupplier nanoTime, Consumer<String> log) {
    ledger.observeView(new ViewIncidentLog(ledger, ids, nanoTime, log));
  }

  /** To be run before anything else, whenever a ledger was opened to serve a community. */
  public PostRecovery resumption() {
    return postRecovery;
  }
}
