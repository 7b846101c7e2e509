package org.thywill.community;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.thywill.community.access.Permission;
import org.thywill.community.access.Roles;
import org.thywill.community.join.Members;
import org.thywill.community.prayer.ActivityNames;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.signin.SignIn;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.operations.recovery.RowOverride;
import org.thywill.view.PendingRecovery;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/**
 * What follows a recovery when service resumes, as one ordinary transaction of the program's own:
 * the operator's decisions are carried out, defaults stand in for what is lost, sessions and
 * waiting sign-ins end. The recovery itself writes nothing; it leaves a note in the view, and this
 * does what the note asks for.
 *
 * <p>Nothing here widens a right. Where a lost line may have ended a right, or narrowed a role, the
 * right ends, unless the operator decides to keep it; nobody is promoted where that leaves no
 * admin. What moderators hid stays hidden.
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
   * What is done, or will be.
   *
   * @param decisions the operator's, as they stand in their file
   * @param defaults what stands in for what is lost or cannot go on, a sentence each
   * @param advice what a person should look at or do
   */
  public record Outlook(List<String> decisions, List<String> defaults, List<String> advice) {}

  /** Something to be done, and how it is told; a decision tells itself. */
  private record Step(String sentence, Doing doing) {}

  /** Does something within a transaction, with what a resumption has at hand. */
  @FunctionalInterface
  private interface Doing {
    void run(PostRecovery by, Transaction tx) throws IOException;
  }

  /**
   * What will be done when service resumes on a view that a recovery has just made; without a note
   * there is advice only.
   */
  public static Outlook outlook(ViewReader view, Instant now) throws IOException {
    return new Plan(view, view.recovery(), Timestamps.micros(now)).outlook();
  }

  /**
   * Does what follows a recovery, once. Empty if the view was not made by one, or all has been
   * done.
   *
   * @throws org.thywill.ledger.ConstraintViolationException if a decision cannot be carried out any
   *     more; nothing was done
   */
  public Optional<Outlook> resume() throws IOException {
    try (ViewReader view = ledger.read()) {
      Optional<PendingRecovery> note = view.recovery();
      if (note.isEmpty()) {
        return Optional.empty();
      }
      long seq = note.get().seq();
      Plan plan = new Plan(view, note, view.state().at());
      Change.Cause cause =
          Change.Cause.by(HandleNormalizer.SYSTEM)
              .because("service resumes after a recovery as of change " + seq)
              .withIdempotencyKey("resume-after-" + seq);
      ledger.endRecovery(
          cause,
          tx -> {
            for (Step step : plan.steps()) {
              step.doing().run(this, tx);
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
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put(set.column().name(), set.value());
    return values;
  }

  /** A right that was kept once is not in doubt again after the next recovery. */
  private static String keptId(Table table, String key) {
    return Ids.idOf("keep " + table + "/" + key);
  }

  /** What has to be done about one view. */
  private static final class Plan {
    private final ViewReader view;
    private final long at;
    private final List<PendingRecovery.Decision> noted;
    private final List<RowOverride> decisions = new ArrayList<>();
    private final List<Row> doubted = new ArrayList<>();
    private final Set<String> undefined = new HashSet<>();
    private final List<String> unknownRoles = new ArrayList<>();
    private final List<String> hidden = new ArrayList<>();
    private final List<String> sessions = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();
    private boolean isAdminLeft;

    Plan(ViewReader view, Optional<PendingRecovery> note, long at) throws IOException {
      this.view = view;
      this.at = at;
      this.noted = note.map(PendingRecovery::decisions).orElse(List.of());
      for (PendingRecovery.Decision each : noted) {
        decisions.add(parsed(each));
      }
      findRoles(note);
      if (note.isPresent()) {
        if (lastLost(note, Catalog.PRAYERS) > 0) {
          findHidden();
        }
        view.rows(Query.of(Catalog.SESSIONS).greaterThan(Catalog.Sessions.EXPIRES_AT, at))
            .forEach(row -> sessions.add(row.key()));
        SignIn.waiting(view).forEach(row -> waiting.add(row.key()));
      }
    }

    private static RowOverride parsed(PendingRecovery.Decision noted) {
      try {
        return RowOverride.parse(noted.line());
      } catch (MalformedLineException e) {
        throw new IllegalStateException("a decision was noted that is none", e);
      }
    }

    /** The last change that may have been one of some tables and is lost; 0 if there is none. */
    private static long lastLost(Optional<PendingRecovery> note, Table... tables) {
      Set<String> names = new HashSet<>();
      for (Table table : tables) {
        names.add(table.name());
      }
      return note.map(PendingRecovery::lost).orElse(List.of()).stream()
          .filter(lost -> lost.tables().stream().anyMatch(names::contains))
          .mapToLong(PendingRecovery.Lost::last)
          .max()
          .orElse(0);
    }

    private void findRoles(Optional<PendingRecovery> note) throws IOException {
      long lostRight = lastLost(note, Catalog.ROLES, Catalog.ROLE_ASSIGNMENTS);
      long lostRole = lastLost(note, Catalog.ROLES);
      List<Row> assignments = new ArrayList<>();
      view.forEach(
          Catalog.ROLE_ASSIGNMENTS,
          row ->
              decided(row)
                  .filter(each -> Authorization.holds(each, at))
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

    /** A role that is defined anew must not bring back a right that a lost line had ended. */
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

    /** A row as it will be when the decisions have been carried out; empty if it will be gone. */
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
     * Prayers that are shown although the last thing that moderators did, by the record of who did
     * what, was to hide them.
     */
    private void findHidden() throws IOException {
      Map<String, Row> last = new HashMap<>();
      view.forEach(
          Catalog.ACTIVITY,
          row -> {
            if (isDecidedBy(row, ActivityNames.HIDDEN) || isDecidedBy(row, ActivityNames.SHOWN)) {
              last.merge(
                  row.get(Catalog.Activity.PRAYER).orElse(""),
                  row,
                  (one, other) -> made(other) >= made(one) ? other : one);
            }
          });
      for (Map.Entry<String, Row> entry : last.entrySet()) {
        Optional<Row> prayer = view.find(Catalog.PRAYERS, entry.getKey());
        boolean isShown =
            prayer
                .filter(row -> !row.has(Catalog.Prayers.MODERATION, Moderation.HIDDEN))
                .isPresent();
        if (isShown
            && isDecidedBy(entry.getValue(), ActivityNames.HIDDEN)
            && !isDecided(Catalog.PRAYERS, entry.getKey())) {
          hidden.add(entry.getKey());
        }
      }
      hidden.sort(null);
    }

    private static boolean isDecidedBy(Row activity, String action) {
      return activity.has(Catalog.Activity.ACTION, action);
    }

    private static long made(Row activity) {
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
      if (!waiting.isEmpty()) {
        steps.add(
            new Step(
                waiting.size() + " sign-ins that waited for approval end; whoever asked asks anew",
                (by, tx) -> {
                  for (String request : waiting) {
                    by.signIn.end(tx, request, "the community was recovered; please ask anew");
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
            "Nobody here may do everything, and nobody is promoted. For a link that makes one"
                + " member admin, run: thywill admin-link");
      }
      advice.add(invites());
      return new Outlook(
          noted.stream().map(PendingRecovery.Decision::line).toList(), defaults, advice);
    }

    private String invites() throws IOException {
      long[] count = {0, 0};
      view.forEach(
          Catalog.INVITES,
          row -> {
            boolean isLeft =
                row.has(Catalog.Invites.KIND, Members.NEW_USER)
                    && row.get(Catalog.Invites.MAX_USES)
                        .map(most -> row.get(Catalog.Invites.USED_COUNT).orElse(0L) < most)
                        .orElse(true);
            boolean isInTime =
                row.get(Catalog.Invites.EXPIRES_AT).map(until -> until > at).orElse(true);
            count[0] += isLeft && isInTime ? 1 : 0;
            count[1] += isLeft && !isInTime ? 1 : 0;
          });
      String expired = count[1] == 0 ? "" : " " + count[1] + " have run out by now.";
      return count[0] == 0
          ? "No invite can be used any more; members make new ones." + expired
          : count[0] + " invites can still be used." + expired;
    }
  }
}
