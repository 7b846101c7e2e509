package org.thywill.community;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.AccountDeactivation;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Roles;
import org.thywill.community.prayer.ActivityNames;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.signin.SignIn;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.operations.recovery.AcceptedGaps;
import org.thywill.operations.recovery.RowOverride;
import org.thywill.view.PendingRecovery;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * Does what is still to be done after a recovery, when service resumes.
 *
 * <p>In one transaction of the program, the operator's decisions are carried out, defaults replace
 * what is lost, and sessions and pending sign-ins end. The recovery itself writes nothing to the
 * archive; it leaves a {@link PendingRecovery} in the view, which is done here.
 *
 * <p>No permission is extended. Where a lost change may have ended something, it ends, unless the
 * operator decides to keep it: {@link RightsInDoubt} says what. No member is promoted if that
 * leaves no admin. Prayers that moderators hid stay hidden.
 */
public final class PostRecovery {
  private static final int MEMBERS_NAMED = 20;

  private final Ledger ledger;
  private final Ids ids;
  private final SignIn signIn;
  private final AccountDeactivation accounts;

  PostRecovery(Ledger ledger, Ids ids, SignIn signIn, AccountDeactivation accounts) {
    this.ledger = ledger;
    this.ids = ids;
    this.signIn = signIn;
    this.accounts = accounts;
  }

  /**
   * What was done, or will be done.
   *
   * @param decisions the operator's, as the lines of their file
   * @param defaults what replaces what is lost or cannot continue, one sentence each
   * @param advice what a person should look at or do
   */
  public record Outlook(List<String> decisions, List<String> defaults, List<String> advice) {}

  /**
   * Something to be done.
   *
   * @param sentence describes it for the operator; empty for a decision of the operator
   */
  private record Step(String sentence, Action action) {}

  /** Does something within the transaction. */
  @FunctionalInterface
  private interface Action {
    void run(PostRecovery by, Transaction tx) throws IOException;
  }

  /**
   * What will be done when service resumes on a view. If no recovery is pending there, only the
   * advice is filled.
   */
  public static Outlook outlook(ViewReader view, Instant now) throws IOException {
    return new Plan(view, pending(view), Timestamps.micros(now)).outlook();
  }

  /**
   * What a recovery left to do. A view that a start built, without a recovery, holds no note of it;
   * then the losses count that were accepted after service last resumed.
   */
  private static Optional<PendingRecovery> pending(ViewReader view) throws IOException {
    Optional<PendingRecovery> left = view.recovery();
    if (left.isPresent()) {
      return left;
    }
    List<PendingRecovery.Lost> unresolved = AcceptedGaps.of(view).unresolved();
    return unresolved.isEmpty()
        ? Optional.empty()
        : Optional.of(new PendingRecovery(view.state().seq(), unresolved, true, List.of()));
  }

  /** Whether something is pending, so that {@link #resume} would write. */
  public boolean isDue() throws IOException {
    try (ViewReader view = ledger.read()) {
      return view.recovery().isPresent();
    }
  }

  /**
   * Does what is pending, once. Empty if nothing is pending.
   *
   * @throws ConstraintViolationException if a decision can no longer be carried out; nothing was
   *     changed
   */
  public Optional<Outlook> resume() throws IOException {
    try (ViewReader view = ledger.read()) {
      Optional<PendingRecovery> pending = pending(view);
      if (pending.isEmpty()) {
        return Optional.empty();
      }
      long seq = pending.get().seq();
      Plan plan = new Plan(view, pending, view.state().atMicros());
      Change.Cause cause =
          Change.Cause.by(HandleNormalizer.SYSTEM)
              .because("service resumes after a recovery as of change " + seq)
              .withIdempotencyKey("resume-after-" + seq);
      ledger.endRecovery(
          cause,
          tx -> {
            for (Step step : plan.steps()) {
              step.action().run(this, tx);
            }
            write(tx, "resume", "resumed after a recovery as of change " + seq, "");
          });
      return Optional.of(plan.outlook());
    }
  }

  private void write(Transaction tx, String kind, String outcome, String details)
      throws IOException {
    write(tx, ids.id(), kind, outcome, details);
  }

  private static void write(Transaction tx, String id, String kind, String outcome, String details)
      throws IOException {
    if (tx.find(Catalog.OPERATIONS, id).isEmpty()) {
      tx.add(
          Row.in(Catalog.OPERATIONS)
              .set(Catalog.Operations.ID, id)
              .set(Catalog.Operations.KIND, kind)
              .set(Catalog.Operations.OUTCOME, outcome)
              .set(Catalog.Operations.DETAILS, details.isEmpty() ? null : details)
              .build());
    }
  }

  private void carryOut(Transaction tx, PendingRecovery.Decision noted, RowOverride decision)
      throws IOException {
    String outcome =
        switch (decision) {
          case RowOverride.Set set -> {
            tx.change(set.table(), set.key(), OperatorDecisions.values(set));
            yield "set";
          }
          case RowOverride.Drop drop -> {
            if (tx.find(drop.table(), drop.key()).isPresent()) {
              tx.remove(drop.table(), drop.key());
            }
            yield "dropped";
          }
          case RowOverride.Keep keep -> "kept";
        };
    String details =
        noted.who() + " decided, instead of change " + noted.instead() + ": " + noted.line();
    if (decision instanceof RowOverride.Keep keep) {
      writeKept(tx, OperatorDecisions.keptId(keep.table(), keep.key()), outcome, details);
    } else {
      write(tx, ids.id(), "override", outcome, details);
    }
  }

  /** Writes that something is kept; later than a record of an earlier loss, in its place. */
  private static void writeKept(Transaction tx, String id, String outcome, String details)
      throws IOException {
    if (tx.find(Catalog.OPERATIONS, id).isPresent()) {
      tx.remove(Catalog.OPERATIONS, id);
    }
    write(tx, id, "override", outcome, details);
  }

  /** Finds out what to do for one view. */
  private static final class Plan {
    private final ViewReader view;
    private final long atMicros;
    private final List<PendingRecovery.Decision> noted;
    private final List<PendingRecovery.Lost> lost;
    private final OperatorDecisions decisions;
    private final RightsInDoubt rights;
    private final List<String> hidden = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private final List<String> pendingSignIns = new ArrayList<>();

    Plan(ViewReader view, Optional<PendingRecovery> pending, long atMicros) throws IOException {
      this.view = view;
      this.atMicros = atMicros;
      this.noted = pending.map(PendingRecovery::decisions).orElse(List.of());
      List<RowOverride> overrides = new ArrayList<>();
      for (PendingRecovery.Decision each : noted) {
        overrides.add(parsed(each));
      }
      this.decisions = new OperatorDecisions(view, overrides);
      this.lost = pending.map(PendingRecovery::lost).orElse(List.of());
      this.rights = RightsInDoubt.find(view, lost, decisions, atMicros);
      if (pending.isPresent()) {
        if (RightsInDoubt.lastLost(lost, Catalog.PRAYERS) > 0) {
          findHidden();
        }
        view.rows(Query.of(Catalog.SESSIONS).greaterThan(Catalog.Sessions.EXPIRES_AT, atMicros))
            .forEach(row -> sessions.add(row.key()));
        SignIn.pending(view).forEach(row -> pendingSignIns.add(row.key()));
      }
    }

    private static RowOverride parsed(PendingRecovery.Decision noted) {
      try {
        return RowOverride.parse(noted.line());
      } catch (MalformedLineException e) {
        throw new IllegalStateException("the pending recovery has a line that is no decision", e);
      }
    }

    /**
     * Finds prayers that are shown although the last decision of a moderator in their timelines was
     * to hide them.
     */
    private void findHidden() throws IOException {
      Map<String, Row> last = new HashMap<>();
      view.forEach(
          Catalog.ACTIVITY,
          row -> {
            if (isAction(row, ActivityNames.HIDDEN) || isAction(row, ActivityNames.SHOWN)) {
              last.merge(
                  row.get(Catalog.Activity.PRAYER).orElse(""),
                  row,
                  (one, other) -> createdAt(other) >= createdAt(one) ? other : one);
            }
          });
      for (Map.Entry<String, Row> entry : last.entrySet()) {
        Optional<Row> prayer = view.find(Catalog.PRAYERS, entry.getKey());
        boolean isShown =
            prayer
                .filter(row -> !row.has(Catalog.Prayers.MODERATION, Moderation.HIDDEN))
                .isPresent();
        if (isShown
            && isAction(entry.getValue(), ActivityNames.HIDDEN)
            && !decisions.isDecided(Catalog.PRAYERS, entry.getKey())) {
          hidden.add(entry.getKey());
        }
      }
      hidden.sort(null);
    }

    private static boolean isAction(Row activity, String action) {
      return activity.has(Catalog.Activity.ACTION, action);
    }

    private static long createdAt(Row activity) {
      return activity.get(Catalog.Activity.CREATED_AT).orElse(0L);
    }

    List<Step> steps() {
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < noted.size(); i++) {
        RowOverride decision = decisions.all().get(i);
        PendingRecovery.Decision line = noted.get(i);
        steps.add(new Step("", (by, tx) -> by.carryOut(tx, line, decision)));
      }
      rights
          .undefined()
          .forEach(
              name ->
                  steps.add(
                      new Step(
                          "the definition of the role "
                              + name
                              + " is lost; the program's own stands in for it",
                          (by, tx) -> Roles.define(tx, name))));
      rights
          .assignments()
          .forEach(
              assignment ->
                  steps.add(
                      new Step(
                          assignment
                                  .get(Catalog.RoleAssignments.MEMBER)
                                  .map(handle -> SemanticRules.shown(Catalog.MEMBERS, handle))
                                  .orElse("somebody")
                              + " has the role "
                              + SemanticRules.shown(
                                  assignment.get(Catalog.RoleAssignments.ROLE).orElse(""))
                              + " no longer, since a line that is lost may have ended it; to keep"
                              + " it, decide: keep|role_assignments|"
                              + assignment.key()
                              + "|WHY",
                          (by, tx) -> end(tx, assignment.key()))));
      addHeldBack(steps);
      hidden.forEach(
          prayer ->
              steps.add(
                  new Step(
                      "prayers/"
                          + SemanticRules.shown(Catalog.PRAYERS, prayer)
                          + " stays hidden, as a moderator decided; the line that said so is lost",
                      (by, tx) ->
                          tx.change(
                              Catalog.PRAYERS,
                              prayer,
                              Values.of(Catalog.Prayers.MODERATION, Moderation.HIDDEN)))));
      if (!pendingSignIns.isEmpty()) {
        steps.add(
            new Step(
                pendingSignIns.size()
                    + " sign-ins that waited for approval end; their members ask again",
                (by, tx) -> {
                  for (String signIn : pendingSignIns) {
                    by.signIn.end(tx, signIn, "the community was recovered; please ask anew");
                  }
                }));
      }
      if (!sessions.isEmpty()) {
        steps.add(
            new Step(
                sessions.size() + " sessions end; members sign in again",
                (by, tx) -> {
                  for (String session : sessions) {
                    if (tx.find(Catalog.SESSIONS, session).isPresent()) {
                      tx.remove(Catalog.SESSIONS, session);
                    }
                  }
                }));
      }
      return steps;
    }

    private void addHeldBack(List<Step> steps) {
      if (!rights.members().isEmpty()) {
        steps.add(
            new Step(
                counted(rights.members().size(), "account is", "accounts are")
                    + " held back, since a line that is lost may have deactivated "
                    + (rights.members().size() == 1 ? "it" : "them")
                    + ": "
                    + named(rights.members())
                    + "; an admin lets each in again on the page of the member, or to keep one or"
                    + " all, decide before: keep|members|HANDLE|WHY, or keep|members|"
                    + RowOverride.ALL
                    + "|WHY",
                (by, tx) -> {
                  for (String member : rights.members()) {
                    by.accounts.holdBack(tx, member);
                  }
                }));
      }
      if (!rights.links().isEmpty()) {
        steps.add(
            new Step(
                counted(rights.links().size(), "invite or link is", "invites and links are")
                    + " closed, since a line that is lost may have used or ended "
                    + (rights.links().size() == 1 ? "it" : "them")
                    + "; members make new ones",
                (by, tx) -> {
                  for (Row link : rights.links()) {
                    InviteLinks.close(tx, link);
                  }
                }));
      }
      if (!rights.codes().isEmpty()) {
        steps.add(
            new Step(
                counted(rights.codes().size(), "recovery code ends", "recovery codes end")
                    + ", since a line that is lost may have used or replaced "
                    + (rights.codes().size() == 1 ? "it" : "them")
                    + "; their members make new ones",
                (by, tx) -> {
                  for (Row code : rights.codes()) {
                    tx.remove(Catalog.RECOVERY_CODES, code.key());
                  }
                }));
      }
    }

    private static String counted(int count, String one, String several) {
      return count + " " + (count == 1 ? one : several);
    }

    private static String named(List<String> members) {
      String some =
          members.stream()
              .limit(MEMBERS_NAMED)
              .map(handle -> SemanticRules.shown(Catalog.MEMBERS, handle))
              .collect(Collectors.joining(", "));
      return members.size() > MEMBERS_NAMED
          ? some + " and " + (members.size() - MEMBERS_NAMED) + " more"
          : some;
    }

    private static void end(Transaction tx, String assignment) throws IOException {
      if (tx.find(Catalog.ROLE_ASSIGNMENTS, assignment)
          .filter(row -> Authorization.holds(row, tx.atMicros()))
          .isPresent()) {
        tx.change(
            Catalog.ROLE_ASSIGNMENTS,
            assignment,
            Values.of(Catalog.RoleAssignments.EXPIRES_AT, tx.atMicros()));
      }
    }

    Outlook outlook() throws IOException {
      List<String> defaults =
          steps().stream().map(Step::sentence).filter(sentence -> !sentence.isEmpty()).toList();
      List<String> advice = new ArrayList<>();
      rights
          .unknownRoles()
          .forEach(
              key ->
                  advice.add(
                      "role_assignments/"
                          + SemanticRules.shown(Catalog.ROLE_ASSIGNMENTS, key)
                          + " gives a role that is not defined, and so allows nothing. To settle"
                          + " it, decide: set|role_assignments|"
                          + key
                          + "|role|ROLE|WHY"));
      if (!rights.isAdminLeft()) {
        advice.add(
            "No member may do everything, and the recovery promotes none. For a link that makes"
                + " one member admin, run: thywill admin-link");
      }
      advice.add(invites());
      return new Outlook(
          noted.stream().map(PendingRecovery.Decision::line).toList(), defaults, advice);
    }

    private String invites() throws IOException {
      Map<LinkState, Integer> counts = new EnumMap<>(LinkState.class);
      view.forEach(
          Catalog.INVITES,
          row -> {
            if (LinkKind.NEW_USER.isKindOf(row)
                && InviteLinks.hasUsesLeft(row)
                && !rights.links().contains(row)) {
              counts.merge(InviteLinks.state(row, atMicros), 1, Integer::sum);
            }
          });
      int open = counts.getOrDefault(LinkState.OPEN, 0);
      int expired = counts.getOrDefault(LinkState.EXPIRED, 0);
      return (open == 0
              ? "No invite can be used any more; members make new ones."
              : open + " invites can still be used.")
          + (expired == 0 ? "" : " " + expired + " have run out by now.");
    }
  }
}
