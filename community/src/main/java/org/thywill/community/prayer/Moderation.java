package org.thywill.community.prayer;

import java.io.IOException;
import java.util.List;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;

/**
 * Reports of prayers, and decisions of moderators about them.
 *
 * <p>A report hides nothing from members: the prayer waits for a moderator, and until then visitors
 * do not see it. Each step keeps its reason twice: in the cause of the change, and in the timeline
 * of the prayer, so that the view has it too. Where a method throws, nothing was changed.
 */
public final class Moderation {
  /** The state of a prayer that members can see. */
  static final String OPEN = "open";

  /** The state of a prayer that was reported: members can still see it, and visitors cannot. */
  static final String FLAGGED = "flagged";

  /** The state of a prayer that only its author and moderators can see. */
  public static final String HIDDEN = "hidden";

  private final Ledger ledger;
  private final Ids ids;

  public Moderation(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Reports a prayer to the moderators.
   *
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if there is no reason, the prayer is hidden, or the member's
   *     report of it still waits
   */
  public void report(String member, String prayer, String reason) throws IOException {
    TextValidation.require(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(member).because(reason),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          Row row = Prayers.requireShown(tx, prayer);
          String before = row.get(Catalog.Prayers.MODERATION).orElse(OPEN);
          if (before.equals(FLAGGED) && hasWaitingReport(tx, member, prayer)) {
            throw new InvalidInputException(
                "You have reported this prayer already; a moderator will look at it.");
          }
          tx.change(Catalog.PRAYERS, prayer, Values.of(Catalog.Prayers.MODERATION, FLAGGED));
          new Activity(member, ActivityNames.FLAGGED, prayer, before, reason).add(tx, ids);
        });
  }

  /**
   * Hides a prayer from everybody but its author and the moderators.
   *
   * @throws ForbiddenException if the member may not moderate
   * @throws InvalidInputException if there is no reason, or it is hidden already
   */
  public void hide(String moderator, String prayer, String reason) throws IOException {
    decide(
        moderator, prayer, reason, HIDDEN, ActivityNames.HIDDEN, "This prayer is hidden already.");
  }

  /**
   * Shows a hidden prayer again, or declares a report to be unfounded.
   *
   * @throws ForbiddenException if the member may not moderate
   * @throws InvalidInputException if there is no reason, or it is neither hidden nor reported
   */
  public void show(String moderator, String prayer, String reason) throws IOException {
    decide(
        moderator,
        prayer,
        reason,
        OPEN,
        ActivityNames.SHOWN,
        "This prayer is neither hidden nor reported.");
  }

  private void decide(
      String moderator, String prayer, String reason, String state, String action, String alreadySo)
      throws IOException {
    TextValidation.require(reason, "the reason", TextValidation.REASON_MAX);
    ledger.write(
        Change.Cause.by(moderator).because(reason),
        tx -> {
          Authorization.require(tx, moderator, Permission.MODERATE_PRAYERS, tx.atMicros());
          Row row = Prayers.requireThere(tx, prayer);
          String before = row.get(Catalog.Prayers.MODERATION).orElse(OPEN);
          if (before.equals(state)) {
            throw new InvalidInputException(alreadySo);
          }
          tx.change(Catalog.PRAYERS, prayer, Values.of(Catalog.Prayers.MODERATION, state));
          new Activity(moderator, action, prayer, before, reason).add(tx, ids);
        });
  }

  /**
   * Brings a prayer before the moderators again if they have decided about it, because others see
   * other words now. One that is hidden stays so.
   *
   * @param member who changed the words
   * @param row of the prayer before the change
   */
  static void reviewAgain(Transaction tx, Ids ids, String member, Row row) throws IOException {
    String before = row.get(Catalog.Prayers.MODERATION).orElse(OPEN);
    boolean isDecided =
        tx.findBy(Catalog.Activity.PRAYER, row.key()).stream().anyMatch(Moderation::isDecision);
    if (!isDecided || before.equals(FLAGGED)) {
      return;
    }
    if (before.equals(OPEN)) {
      tx.change(Catalog.PRAYERS, row.key(), Values.of(Catalog.Prayers.MODERATION, FLAGGED));
    }
    new Activity(member, ActivityNames.REVIEW, row.key(), before, null).add(tx, ids);
  }

  private static boolean isDecision(Row activity) {
    return isAction(activity, ActivityNames.HIDDEN) || isAction(activity, ActivityNames.SHOWN);
  }

  /** Whether the member reported the prayer after moderators last decided about it. */
  private static boolean hasWaitingReport(Transaction tx, String member, String prayer)
      throws IOException {
    List<Row> timeline = tx.findBy(Catalog.Activity.PRAYER, prayer);
    long decidedAtMicros =
        timeline.stream()
            .filter(Moderation::isDecision)
            .mapToLong(row -> row.get(Catalog.Activity.CREATED_AT).orElse(0L))
            .max()
            .orElse(Long.MIN_VALUE);
    return timeline.stream()
        .anyMatch(
            row ->
                isAction(row, ActivityNames.FLAGGED)
                    && row.has(Catalog.Activity.MEMBER, member)
                    && row.get(Catalog.Activity.CREATED_AT).orElse(0L) > decidedAtMicros);
  }

  private static boolean isAction(Row activity, String action) {
    return activity.has(Catalog.Activity.ACTION, action);
  }
}
