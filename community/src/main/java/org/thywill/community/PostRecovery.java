package org.thywill.community;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.MalformedLineException;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.SemanticRules;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkKind;
import org.thywill.community.access.LinkState;
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.prayer.ActivityNames;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.signin.SignIn;
import org.thywill.ledger.ConstraintViolationException;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
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
 * <p>No permission is extended. Where a lost change may have ended an assignment, or narrowed a
 * role, the assignment ends, unless the operator decides to keep it. No member is promoted if that
 * leaves no admin. Prayers that moderators hid stay hidden.
 */
public final class PostRecovery {
  private final Ledger ledger;
  private final Ids ids;
  private final SignIn signIn;

  PostRecovery(Ledger ledger, Ids ids, SignIn signIn) {
    this.ledger = ledger;
    this.ids = ids;
    this.signIn = signIn;
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
    return new Plan(view, view.recovery(), Timestamps.micros(now)).outlook();
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
      Optional<PendingRecovery> pending = view.recovery();
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
            tx.change(set.table(), set.key(), values(set));
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
    String id =
        decision instanceof RowOverride.Keep ? keptId(decision.table(), decision.key()) : ids.id();
    write(
        tx,
        id,
        "override",
        outcome,
        noted.who() + " decided, instead of change " + noted.instead() + ": " + noted.line());
  }

  private static Map<String, @Nullable Object> values(RowOverride.Set set) {
    return Collections.singletonMap(set.column().name(), set.value());
  }

  /**
   * The id of the record that an assignment is kept, so that it is not in doubt again after the
   * next recovery.
   */
  private static String keptId(Table table, String key) {
    return Ids.idOf("keep " + table + "/" + key);
  }

  /** Finds out what to do for one view. */
  private static final class Plan {
    private final ViewReader view;
    private final long atMicros;
    private final List<PendingRecovery.Decision> noted;
    private final List<RowOverride> decisions = new ArrayList<>();
    private final List<Row> doubted = new ArrayList<>();
    private final Set<String> undefined = new HashSet<>();
    private final List<String> unknownRoles = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private final List<String> pendingSignIns = new ArrayList<>();
    private boolean isAdminLeft;

    Plan(ViewReader view, Optional<PendingRecovery> pending, long atMicros) throws IOException {
      this.view = view;
      this.atMicros = atMicros;
      this.noted = pending.map(PendingRecovery::decisions).orElse(List.of());
      for (PendingRecovery.Decision each : noted) {
        decisions.add(parsed(each));
      }
      findRoles(pending);
      if (pending.isPresent()) {
        if (lastLost(pending, Catalog.PRAYERS) > 0) {
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

    /** The seq of the last lost change that may have been of some tables; 0 if there is none. */
    private static long lastLost(Optional<PendingRecovery> pending, Table... tables) {
      Set<String> names = new HashSet<>();
      for (Table table : tables) {
        names.add(table.name());
      }
      return pending.map(PendingRecovery::lost).orElse(List.of()).stream()
          .filter(lost -> lost.tables().stream().anyMatch(names::contains))
          .mapToLong(PendingRecovery.Lost::last)
          .max()
          .orElse(0);
    }

    private void findRoles(Optional<PendingRecovery> pending) throws IOException {
      long lostRight = lastLost(pending, Catalog.ROLES, Catalog.ROLE_ASSIGNMENTS);
      long lostRole = lastLost(pending, Catalog.ROLES);
      List<Row> assignments = new ArrayList<>();
      view.forEach(
          Catalog.ROLE_ASSIGNMENTS,
          row ->
              decided(row)
                  .filter(each -> Authorization.holds(each, atMicros))
                  .ifPresent(assignments::add));
      for (Row assignment : assignments) {
        String name = assignment.get(Catalog.RoleAssignments.ROLE).orElse("");
        Optional<Row> role = view.find(Catalog.ROLES, name).flatMap(this::decided);
        if (role.isEmpty()) {
          if (lostRole > 0 && Roles.isBuiltIn(name)) {
            undefined.add(name);
          } else if (!isDecided(Catalog.ROLE_ASSIGNMENTS, assignment.key())) {
            unknownRoles.add(assignment.key());
          }
        }
        boolean inDoubt = isInDoubt(assignment, role, lostRight);
        if (inDoubt) {
          doubted.add(assignment);
        }
        isAdminLeft |=
            !inDoubt
                && role.filter(Roles::allowsEverything).isPresent()
                && assignment.get(Catalog.RoleAssignments.EXPIRES_AT).isEmpty();
      }
    }

    private boolean isInDoubt(Row assignment, Optional<Row> role, long lostRight)
        throws IOException {
      boolean privileged =
          role.map(Plan::isPrivileged).orElse(lostRight > 0 && undefinedIsPrivileged(assignment));
      return privileged
          && view.seqOf(Catalog.ROLE_ASSIGNMENTS, assignment.key()).orElse(0L) < lostRight
          && !isDecided(Catalog.ROLE_ASSIGNMENTS, assignment.key())
          && view.find(Catalog.OPERATIONS, keptId(Catalog.ROLE_ASSIGNMENTS, assignment.key()))
              .isEmpty();
    }

    /** Whether a lost role that the program will define again allows more than to take part. */
    private boolean undefinedIsPrivileged(Row assignment) {
      return undefined.contains(assignment.get(Catalog.RoleAssignments.ROLE).orElse(""))
          && !assignment.has(Catalog.RoleAssignments.ROLE, Roles.MEMBER);
    }

    private static boolean isPrivileged(Row role) {
      Set<String> words = Authorization.permissions(role);
      return Roles.allowsEverything(role)
          || Arrays.stream(Permission.values())
              .anyMatch(permission -> words.contains(permission.label()));
    }

    /** A row after the decisions were carried out; empty if they remove it. */
    private Optional<Row> decided(Row row) {
      Optional<Row> result = Optional.of(row);
      for (RowOverride decision : decisions) {
        if (decision.table() == row.table() && decision.key().equals(row.key())) {
          result =
              switch (decision) {
                case RowOverride.Set set -> result.map(before -> before.with(values(set)));
                case RowOverride.Drop drop -> Optional.empty();
                case RowOverride.Keep keep -> result;
              };
        }
      }
      return result;
    }

    private boolean isDecided(Table table, String key) {
      return decisions.stream()
          .anyMatch(decision -> decision.table() == table && decision.key().equals(key));
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
            && !isDecided(Catalog.PRAYERS, entry.getKey())) {
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
      for (int i = 0; i < decisions.size(); i++) {
        RowOverride decision = decisions.get(i);
        PendingRecovery.Decision line = noted.get(i);
        steps.add(new Step("", (by, tx) -> by.carryOut(tx, line, decision)));
      }
      undefined.stream()
          .sorted()
          .forEach(
              name ->
                  steps.add(
                      new Step(
                          "the definition of the role "
                              + name
                              + " is lost; the program's own stands in for it",
                          (by, tx) -> Roles.define(tx, name))));
      doubted.forEach(
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
                          + " no longer, since a line that is lost may have ended it; to keep it,"
                          + " decide: keep|role_assignments|"
                          + assignment.key()
                          + "|WHY",
                      (by, tx) -> end(tx, assignment.key()))));
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
      unknownRoles.forEach(
          key ->
              advice.add(
                  "role_assignments/"
                      + SemanticRules.shown(Catalog.ROLE_ASSIGNMENTS, key)
                      + " gives a role that is not defined, and so allows nothing. To settle it,"
                      + " decide: set|role_assignments|"
                      + key
                      + "|role|ROLE|WHY"));
      if (!isAdminLeft) {
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
            if (LinkKind.NEW_USER.isKindOf(row) && InviteLinks.hasUsesLeft(row)) {
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
