package org.thywill.community.prayer;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.catalog.Values;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.community.generate.PrayerGenerationService;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Receipt;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;

/** Asking for prayer, praying, and telling what became of it. */
public final class Prayers {
  static final int TEXT_MAX = 5_000;

  /** The column of the prayer that others may pray. */
  public static final String GENERATED_PRAYER = "generated_prayer";

  private static final String ANSWERED = "answered";
  private static final String ANSWER_DATE = "answer_date";
  private static final String ANSWER_TESTIMONY = "answer_testimony";
  private static final String ARCHIVED = "archived";

  private final Ledger ledger;
  private final Ids ids;

  public Prayers(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Asks for prayer.
   *
   * @param clientId made by the author's device: who sends the same request twice asks once; empty
   *     if it has none
   * @return the prayer's id
   * @throws ForbiddenException if the author does not take part
   * @throws InvalidInputException if the text is empty or too long
   */
  public String ask(String author, String text, Visibility visibility, String clientId)
      throws IOException {
    TextValidation.require(text, "the request", TEXT_MAX);
    String request = clientId.isEmpty() ? "" : requestId("ask", author, clientId);
    String prayer = clientId.isEmpty() ? ids.id() : Ids.idOf(request);
    ledger.write(
        Change.Cause.by(author).withIdempotencyKey(request),
        tx -> {
          Authorization.require(tx, author, tx.atMicros());
          tx.add(
              Row.in(Catalog.PRAYERS)
                  .set(Catalog.Prayers.ID, prayer)
                  .set(Catalog.Prayers.AUTHOR, author)
                  .set(Catalog.Prayers.CREATED_AT, tx.atMicros())
                  .set(Catalog.Prayers.TEXT, text)
                  .set(Catalog.Prayers.MODERATION, Moderation.OPEN)
                  .set(Catalog.Prayers.VISIBILITY, visibility.label())
                  .build());
        });
    return prayer;
  }

  /**
   * Puts a prayer that others may pray beside the request, in the author's own words. A {@link
   * PrayerGenerationService} proposes others.
   *
   * @throws ForbiddenException if the member is not the author
   */
  public void attachPrayer(String author, String prayer, String words) throws IOException {
    TextValidation.require(words, "the prayer", TEXT_MAX);
    ledger.write(
        Change.Cause.by(author),
        tx -> {
          requireAuthor(tx, author, prayer);
          tx.change(Catalog.PRAYERS, prayer, Map.of(GENERATED_PRAYER, words));
        });
  }

  /**
   * Puts a proposal beside the request, if the request and the words beside it are still those from
   * which it was made: nobody's own words are overwritten.
   *
   * @param basis the prayer as it was then
   * @param by who made the proposal
   * @return whether it is there now
   * @throws ForbiddenException if the member is not the author
   */
  public boolean attachProposal(String author, Row basis, String words, String by)
      throws IOException {
    return ledger.compute(
        Change.Cause.by(author).because("proposed by " + by),
        tx -> {
          Row row = requireAuthor(tx, author, basis.key());
          boolean isUnchanged =
              row.get(Catalog.Prayers.TEXT).equals(basis.get(Catalog.Prayers.TEXT))
                  && row.text(GENERATED_PRAYER).equals(basis.text(GENERATED_PRAYER));
          if (isUnchanged) {
            tx.change(Catalog.PRAYERS, basis.key(), Map.of(GENERATED_PRAYER, words));
          }
          return isUnchanged;
        });
  }

  /**
   * Takes away the prayer beside the request, so that others pray the request as it is.
   *
   * @throws ForbiddenException if the member is not the author
   */
  public void detachPrayer(String author, String prayer) throws IOException {
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put(GENERATED_PRAYER, null);
    ledger.write(
        Change.Cause.by(author),
        tx -> {
          requireAuthor(tx, author, prayer);
          tx.change(Catalog.PRAYERS, prayer, nothing);
        });
  }

  /**
   * Gives a request other words. What it said before stays in the log.
   *
   * @throws ForbiddenException if the member is not the author
   */
  public void edit(String author, String prayer, String text) throws IOException {
    TextValidation.require(text, "the request", TEXT_MAX);
    ledger.write(
        Change.Cause.by(author),
        tx -> {
          Row row = requireAuthor(tx, author, prayer);
          if (!row.has(Catalog.Prayers.TEXT, text)) {
            tx.change(
                Catalog.PRAYERS,
                prayer,
                Values.of(Catalog.Prayers.TEXT, text)
                    .and(Catalog.Prayers.EDITED_AT, tx.atMicros()));
            tx.add(activity(ids, tx, author, "edited", prayer, Optional.empty(), Optional.empty()));
          }
        });
  }

  /**
   * Chooses anew who may see a prayer.
   *
   * @throws ForbiddenException if the member is not the author
   */
  public void setVisibility(String author, String prayer, Visibility visibility)
      throws IOException {
    ledger.write(
        Change.Cause.by(author),
        tx -> {
          Row row = requireAuthor(tx, author, prayer);
          Optional<String> before = row.get(Catalog.Prayers.VISIBILITY);
          if (!before.equals(Optional.of(visibility.label()))) {
            tx.change(
                Catalog.PRAYERS, prayer, Values.of(Catalog.Prayers.VISIBILITY, visibility.label()));
            tx.add(
                activity(
                    ids,
                    tx,
                    author,
                    "set_visibility",
                    prayer,
                    before,
                    Optional.of(visibility.label())));
          }
        });
  }

  /**
   * Marks a prayer as prayed. A member may pray a prayer any number of times; the same client id
   * counts once.
   *
   * @param clientId made by the member's device for this one time; empty if it has none
   * @return whose {@code repeated} says that this time was counted before
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the prayer is not there, or hidden
   */
  public Receipt markPrayed(String member, String prayer, String clientId) throws IOException {
    String request = clientId.isEmpty() ? "" : requestId("prayed", member, prayer + ":" + clientId);
    return ledger.write(
        Change.Cause.by(member).withIdempotencyKey(request),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          requireShown(tx, prayer);
          tx.add(
              Row.in(Catalog.MARKS)
                  .set(Catalog.Marks.PRAYER, prayer)
                  .set(Catalog.Marks.MEMBER, member)
                  .set(Catalog.Marks.ID, ids.id())
                  .set(Catalog.Marks.CREATED_AT, tx.atMicros())
                  .build());
          tx.add(activity(ids, tx, member, "prayed", prayer, Optional.empty(), Optional.empty()));
        });
  }

  /**
   * Passes a prayer over, so that it comes later. Of a member and a prayer the last time counts;
   * earlier ones stay in the log.
   *
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if the prayer is not there, or hidden
   */
  public void skip(String member, String prayer) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Authorization.require(tx, member, tx.atMicros());
          requireShown(tx, prayer);
          Optional<Row> earlier =
              tx.findBy(Catalog.Skips.PRAYER, prayer).stream()
                  .filter(skip -> skip.has(Catalog.Skips.MEMBER, member))
                  .findFirst();
          if (earlier.isPresent()) {
            tx.change(
                Catalog.SKIPS,
                earlier.get().key(),
                Values.of(Catalog.Skips.CREATED_AT, tx.atMicros()));
          } else {
            tx.add(
                Row.in(Catalog.SKIPS)
                    .set(Catalog.Skips.PRAYER, prayer)
                    .set(Catalog.Skips.MEMBER, member)
                    .set(Catalog.Skips.ID, ids.id())
                    .set(Catalog.Skips.CREATED_AT, tx.atMicros())
                    .build());
          }
        });
  }

  /**
   * Tells that a prayer was answered. Told again, it keeps its day and takes the new testimony.
   *
   * @param testimony what happened; may be empty
   * @throws ForbiddenException if the member is neither the author nor may answer prayers of others
   * @throws InvalidInputException if nothing would be new
   */
  public void praise(String member, String prayer, String testimony) throws IOException {
    TextValidation.requireShort(testimony, "the testimony", TEXT_MAX);
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          requireAuthorOrManager(tx, member, prayer);
          boolean first = attribute(tx, prayer, ANSWERED).isEmpty();
          if (!first && testimony.isBlank()) {
            throw new InvalidInputException("This prayer is marked as answered already.");
          }
          if (first) {
            setAttribute(tx, member, prayer, ANSWERED, "true");
            setAttribute(tx, member, prayer, ANSWER_DATE, Timestamps.format(tx.atMicros()));
            tx.add(
                activity(
                    ids,
                    tx,
                    member,
                    "set_answered",
                    prayer,
                    Optional.empty(),
                    Optional.of("true")));
          }
          if (!testimony.isBlank()) {
            Optional<String> before =
                attribute(tx, prayer, ANSWER_TESTIMONY)
                    .flatMap(row -> row.get(Catalog.Attributes.VALUE));
            setAttribute(tx, member, prayer, ANSWER_TESTIMONY, testimony);
            tx.add(activity(ids, tx, member, "testimony", prayer, before, Optional.of(testimony)));
          }
        });
  }

  /**
   * Puts a prayer away.
   *
   * @throws ForbiddenException if the member is neither the author nor may archive prayers of
   *     others
   * @throws InvalidInputException if it is put away already
   */
  public void archive(String member, String prayer) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          requireAuthorOrManager(tx, member, prayer);
          if (attribute(tx, prayer, ARCHIVED).isPresent()) {
            throw new InvalidInputException("This prayer is archived already.");
          }
          setAttribute(tx, member, prayer, ARCHIVED, "true");
          tx.add(
              activity(
                  ids, tx, member, "set_archived", prayer, Optional.empty(), Optional.of("true")));
        });
  }

  /**
   * Takes a prayer out again that was put away.
   *
   * @throws ForbiddenException as {@link #archive}
   * @throws InvalidInputException if it is not put away
   */
  public void restore(String member, String prayer) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          requireAuthorOrManager(tx, member, prayer);
          Row archived =
              attribute(tx, prayer, ARCHIVED)
                  .orElseThrow(() -> new InvalidInputException("This prayer is not archived."));
          tx.remove(Catalog.ATTRIBUTES, archived.key());
          tx.add(
              activity(
                  ids,
                  tx,
                  member,
                  "remove_archived",
                  prayer,
                  archived.get(Catalog.Attributes.VALUE),
                  Optional.empty()));
        });
  }

  /** An id of one request, unlike that of any other member or act. */
  private static String requestId(String act, String member, String clientId) {
    TextValidation.requireShort(clientId, "the id of the request", 200);
    return act + ":" + member + ":" + clientId;
  }

  private static Optional<Row> attribute(Transaction tx, String prayer, String name)
      throws IOException {
    List<Row> attributes = tx.findBy(Catalog.Attributes.PRAYER, prayer);
    return attributes.stream().filter(row -> row.has(Catalog.Attributes.NAME, name)).findFirst();
  }

  private void setAttribute(Transaction tx, String member, String prayer, String name, String value)
      throws IOException {
    Optional<Row> present = attribute(tx, prayer, name);
    if (present.isPresent()) {
      tx.change(
          Catalog.ATTRIBUTES,
          present.get().key(),
          Values.of(Catalog.Attributes.VALUE, value).and(Catalog.Attributes.CREATED_BY, member));
      return;
    }
    tx.add(
        Row.in(Catalog.ATTRIBUTES)
            .set(Catalog.Attributes.PRAYER, prayer)
            .set(Catalog.Attributes.NAME, name)
            .set(Catalog.Attributes.VALUE, value)
            .set(Catalog.Attributes.CREATED_BY, member)
            .set(Catalog.Attributes.ID, ids.id())
            .set(Catalog.Attributes.CREATED_AT, tx.atMicros())
            .build());
  }

  private static Row requireAuthor(Transaction tx, String member, String prayer)
      throws IOException {
    return requireAuthor(tx, member, prayer, tx.atMicros());
  }

  public static Row requireAuthor(RowLookup rows, String member, String prayer, long at)
      throws IOException {
    Authorization.require(rows, member, at);
    Row row = requireThere(rows, prayer);
    if (!isAuthor(member, row)) {
      throw new ForbiddenException("Only the author of a prayer may do that.");
    }
    return row;
  }

  private static void requireAuthorOrManager(Transaction tx, String member, String prayer)
      throws IOException {
    Authorization standing = Authorization.require(tx, member, tx.atMicros());
    if (!isAuthor(member, requireThere(tx, prayer)) && !standing.may(Permission.MANAGE_PRAYERS)) {
      throw new ForbiddenException(member + " may not " + Permission.MANAGE_PRAYERS.phrase() + ".");
    }
  }

  private static boolean isAuthor(String member, Row prayer) {
    return prayer.has(Catalog.Prayers.AUTHOR, member);
  }

  static Row requireThere(RowLookup rows, String prayer) throws IOException {
    return rows.find(Catalog.PRAYERS, prayer)
        .orElseThrow(() -> new InvalidInputException("There is no such prayer."));
  }

  static Row requireShown(Transaction tx, String prayer) throws IOException {
    return requireShown(requireThere(tx, prayer));
  }

  public static Row requireShown(Row row) {
    if (row.has(Catalog.Prayers.MODERATION, Moderation.HIDDEN)) {
      throw new InvalidInputException("This prayer has been hidden by a moderator.");
    }
    return row;
  }

  /** A line of the prayer's story. */
  static Row activity(
      Ids ids,
      Transaction tx,
      String member,
      String action,
      String prayer,
      Optional<String> before,
      Optional<String> after) {
    @Nullable String oldValue = before.orElse(null);
    @Nullable String newValue = after.orElse(null);
    return Row.in(Catalog.ACTIVITY)
        .set(Catalog.Activity.MEMBER, member)
        .set(Catalog.Activity.ACTION, action)
        .set(Catalog.Activity.PRAYER, prayer)
        .set(Catalog.Activity.OLD_VALUE, oldValue)
        .set(Catalog.Activity.NEW_VALUE, newValue)
        .set(Catalog.Activity.ID, ids.id())
        .set(Catalog.Activity.CREATED_AT, tx.atMicros())
        .build();
  }
}
