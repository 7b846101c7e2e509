package org.thywill.community.signin;

import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Transaction;

/** Logs the steps of sign-ins and security events, for admins to look at. */
record SignInLog(Ids ids) {

  /** In which capacity a step was taken. */
  enum Actor {
    /** The person who wants to sign in. */
    USER,
    /** The program. */
    SYSTEM,
    /** The member who signs in, on another device. */
    SELF,
    /** A member who may decide about sign-ins of others. */
    ADMIN,
    /** Another member. */
    PEER;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A step of a sign-in.
   *
   * @param action the word in the archive
   * @param member the handle of the member who took it, or null
   * @param details more about it, or null
   */
  record Step(
      String action,
      Actor actor,
      @Nullable String member,
      @Nullable String details,
      Device device) {

    static Step of(String action, Actor actor, @Nullable String member, @Nullable String details) {
      return new Step(action, actor, member, details, Device.UNKNOWN);
    }
  }

  /**
   * Something that matters to security.
   *
   * @param event the word in the archive
   * @param member the handle of the member whom it concerns, or null
   * @param details more about it, or null
   */
  record SecurityEvent(
      String event, @Nullable String member, @Nullable String details, Device device) {}

  void add(Transaction tx, String signIn, Step step) throws IOException {
    tx.add(
        Row.in(Catalog.AUDIT)
            .set(Catalog.Audit.REQUEST, signIn)
            .set(Catalog.Audit.ACTION, step.action())
            .set(Catalog.Audit.ACTOR_MEMBER, step.member())
            .set(Catalog.Audit.ACTOR_TYPE, step.actor().label())
            .set(Catalog.Audit.DETAILS, step.details())
            .set(Catalog.Audit.IP_ADDRESS, step.device().address())
            .set(Catalog.Audit.USER_AGENT, step.device().description())
            .set(Catalog.Audit.ID, ids.id())
            .set(Catalog.Audit.CREATED_AT, tx.atMicros())
            .build());
  }

  void add(Transaction tx, SecurityEvent event) throws IOException {
    add(tx, ids.id(), event);
  }

  /** Adds an event under an id that was made before the transaction. */
  static void add(Transaction tx, String id, SecurityEvent event) throws IOException {
    tx.add(
        Row.in(Catalog.SECURITY_EVENTS)
            .set(Catalog.SecurityEvents.EVENT, event.event())
            .set(Catalog.SecurityEvents.MEMBER, event.member())
            .set(Catalog.SecurityEvents.IP_ADDRESS, event.device().address())
            .set(Catalog.SecurityEvents.DETAILS, event.details())
            .set(Catalog.SecurityEvents.ID, id)
            .set(Catalog.SecurityEvents.USER_AGENT, event.device().description())
            .set(Catalog.SecurityEvents.CREATED_AT, tx.atMicros())
            .build());
  }
}
