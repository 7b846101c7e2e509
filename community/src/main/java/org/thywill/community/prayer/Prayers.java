package org.thywill.community.prayer;

import java.io.IOException;
import java.util.List;
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
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Receipt;
import org.thywill.ledger.Transaction;
import org.thywill.view.RowLookup;

/**
 * What members do with prayers: ask, edit, pray, skip, say that one was answered, and archive.
 *
 * <p>Where a method throws, nothing was changed.
 */
public final class Prayers {
  static final int TEXT_MAX = 5_000;

  private static final int CLIENT_ID_MAX = 200;
  private static final String YES = "true";

  private final Ledger ledger;
  private final Ids ids;

  public Prayers(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /**
   * Asks for prayer.
   *
   * @param clientId made by the author's device, so that a request that is sent twice is asked
   *     once; with other words it is another request; empty if there is none
   * @return the prayer's id
   * @throws ForbiddenException if the author does not take part
   * @throws InvalidInputException if the text is empty or too long
   */
  public String ask(String author, String text, Visibility visibility, String clientId)
      throws IOException {
    TextValidation.require(text, "the request", TEXT_MAX);
    String key = clientId.isEmpty() ? "" : askKey(author, text, visibility, clientId);
    String prayer = clientId.isEmpty() ? ids.id() : Ids.idOf(key);
    ledger.write(
        Change.Cause.by(author).withIdempotencyKey(key),
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
   * Sets the prayer that others can pray for a request, in the author's own words.
   *
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if the text is empty or too long
   */
  public void attachPrayer(String author, String prayer, String text) throws IOException {
    TextValidation.require(text, "the prayer", TEXT_MAX);
    setGeneratedPrayer(author, prayer, text);
  }

  /**
   * Sets the prayer that a generator made, if the request and the prayer for it are still those
   * from which it was made. What the author wrote in the meantime is kept.
   *
   * @param basis the row of the prayer as it was then
   * @param generator what made it, for the log
   * @return whether it was set
   * @throws ForbiddenException if the member is not the author
   */
  public boolean attachGenerated(String author, Row basis, String text, String generator)
      throws IOException {
    return ledger.compute(
        Change.Cause.by(author).because("proposed by " + generator),
        tx -> {
          Row row = requireAuthor(tx, author, basis.key());
          boolean isUnchanged =
              row.get(Catalog.Prayers.TEXT).equals(basis.get(Catalog.Prayers.TEXT))
                  && row.get(Catalog.Prayers.GENERATED_PRAYER)
                      .equals(basis.get(Catalog.Prayers.GENERATED_PRAYER));
          if (isUnchanged) {
            tx.change(
                Catalog.PRAYERS, basis.key(), Values.of(Catalog.Prayers.GENERATED_PRAYER, text));
            Moderation.reviewAgain(tx, ids, author, row);
          }
          return isUnchanged;
        });
  }

  /**
   * Removes the prayer for a request, so that others pray the request as it is.
   *
   * @throws ForbiddenException if the member is not the author
   */
  public void detachPrayer(String author, String prayer) throws IOException {
    setGeneratedPrayer(author, prayer, null);
  }

  private void setGeneratedPrayer(String author, String prayer, @Nullable String text)
      throws IOException {
    ledger.write(
        Change.Cause.by(author),
        tx -> {
          Row row = requireAuthor(tx, author, prayer);
          tx.change(Catalog.PRAYERS, prayer, Values.of(Catalog.Prayers.GENERATED_PRAYER, text));
          if (text != null && !row.has(Catalog.Prayers.GENERATED_PRAYER, text)) {
            Moderation.reviewAgain(tx, ids, author, row);
          }
        });
  }

  /**
   * Changes the text of a request. What it said before stays in the log. If moderators have decided
   * about the prayer, they look at it again.
   *
   * @throws ForbiddenException if the member is not the author
   * @throws InvalidInputException if the text is empty or too long
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
            new Activity(author, ActivityNames.EDITED, prayer).add(tx, ids);
            Moderation.reviewAgain(tx, ids, author, row);
          }
        });
  }

  /**
   * Changes who may see a prayer.
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
            new Activity(
                    author,
                    ActivityNames.SET_VISIBILITY,
                    prayer,
                    before.orElse(null),
                    visibility.label())
                .add(tx, ids);
          }
        });
  }

  /**
   * Marks a prayer as prayed. A member may pray a prayer any number of times; the same client id
   * counts once.
   *
   * @param clientId made by the member's device for this one time; empty if it has none
   * @return a receipt whose {@code repeated} says whether this time was counted before
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if there is no such prayer, or it is hidden
   */
  public Receipt markPrayed(String member, String prayer, String clientId) throws IOException {
    String key =
        clientId.isEmpty() ? "" : idempotencyKey("prayed", member, prayer + ":" + clientId);
    return ledger.write(
        Change.Cause.by(member).withIdempotencyKey(key),
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
          new Activity(member, ActivityNames.PRAYED, prayer).add(tx, ids);
        });
  }

  /**
   * Skips a prayer in prayer mode, so that it comes later. Only the last time of a member and a
   * prayer counts; earlier ones stay in the log.
   *
   * @throws ForbiddenException if the member does not take part
   * @throws InvalidInputException if there is no such prayer, or it is hidden
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
   * Marks a prayer as answered. A second call keeps the day of the first and replaces the
   * testimony.
   *
   * @param testimony what happened; may be empty
   * @throws ForbiddenException if the member is neither the author nor may answer prayers of others
   * @throws InvalidInputException if the prayer is marked as answered and there is no testimony, or
   *     the testimony is too long or has nothing visible in it
   */
  public void praise(String member, String prayer, String testimony) throws IOException {
    TextValidation.requireShort(testimony, "the testimony", TEXT_MAX);
    if (!testimony.isBlank()) {
      TextValidation.require(testimony, "the testimony", TEXT_MAX);
    }
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          Row asked = requireAuthorOrManager(tx, member, prayer);
          boolean first = attribute(tx, prayer, AttributeNames.ANSWERED).isEmpty();
          if (!first && testimony.isBlank()) {
            throw new InvalidInputException("This prayer is marked as answered already.");
          }
          if (first) {
            setAttribute(tx, member, prayer, AttributeNames.ANSWERED, YES);
            setAttribute(
                tx, member, prayer, AttributeNames.ANSWER_DATE, Timestamps.format(tx.atMicros()));
            new Activity(member, ActivityNames.SET_ANSWERED, prayer, null, YES).add(tx, ids);
          }
          if (!testimony.isBlank()) {
            Optional<String> before =
                attribute(tx, prayer, AttributeNames.ANSWER_TESTIMONY)
                    .flatMap(row -> row.get(Catalog.Attributes.VALUE));
            setAttribute(tx, member, prayer, AttributeNames.ANSWER_TESTIMONY, testimony);
            new Activity(member, ActivityNames.TESTIMONY, prayer, before.orElse(null), testimony)
                .add(tx, ids);
            Moderation.reviewAgain(tx, ids, member, asked);
          }
        });
  }

  /**
   * Archives a prayer: takes it out of the feeds.
   *
   * @throws ForbiddenException if the member is neither the author nor may archive prayers of
   *     others
   * @throws InvalidInputException if it is archived already
   */
  public void archive(String member, String prayer) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          requireAuthorOrManager(tx, member, prayer);
          if (attribute(tx, prayer, AttributeNames.ARCHIVED).isPresent()) {
            throw new InvalidInputException("This prayer is archived already.");
          }
          setAttribute(tx, member, prayer, AttributeNames.ARCHIVED, YES);
          new Activity(member, ActivityNames.SET_ARCHIVED, prayer, null, YES).add(tx, ids);
        });
  }

  /**
   * Puts an archived prayer back into the feeds.
   *
   * @throws ForbiddenException as {@link #archive}
   * @throws InvalidInputException if it is not archived
   */
  public void restore(String member, String prayer) throws IOException {
    ledger.write(
        Change.Cause.by(member),
        tx -> {
          requireAuthorOrManager(tx, member, prayer);
          Row archived =
              attribute(tx, prayer, AttributeNames.ARCHIVED)
                  .orElseThrow(() -> new InvalidInputException("This prayer is not archived."));
          tx.remove(Catalog.ATTRIBUTES, archived.key());
          new Activity(
                  member,
                  ActivityNames.REMOVE_ARCHIVED,
                  prayer,
                  archived.get(Catalog.Attributes.VALUE).orElse(null),
                  null)
              .add(tx, ids);
        });
  }

  /**
   * The idempotency key of a request. It follows from the words, too: who goes back in the browser,
   * writes other words and posts the same form again has made another request. Without the client
   * id the key does not say which words they were.
   */
  private static String askKey(String author, String text, Visibility visibility, String clientId) {
    String call = idempotencyKey("ask", author, clientId);
    return "ask:" + author + ":" + Ids.idOf(call + "\n" + visibility.label() + "\n" + text);
  }

  /** The idempotency key of a call; another member or another act has another one. */
  private static String idempotencyKey(String act, String member, String clientId) {
    TextValidation.requireShort(clientId, "the id of the request", CLIENT_ID_MAX);
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

  /**
   * The row of a prayer, if a member is its author and takes part.
   *
   * @throws ForbiddenException if the member does not take part, or is not the author
   * @throws InvalidInputException if there is no such prayer
   */
  public static Row requireAuthor(RowLookup rows, String member, String prayer, long atMicros)
      throws IOException {
    Authorization.require(rows, member, atMicros);
    Row row = requireThere(rows, prayer);
    if (!isAuthor(member, row)) {
      throw new ForbiddenException("Only the author of a prayer may do that.");
    }
    return row;
  }

  private static Row requireAuthorOrManager(Transaction tx, String member, String prayer)
      throws IOException {
    Authorization authorization = Authorization.require(tx, member, tx.atMicros());
    Row row = requireThere(tx, prayer);
    if (!isAuthor(member, row) && !authorization.may(Permission.MANAGE_PRAYERS)) {
      throw new ForbiddenException(member + " may not " + Permission.MANAGE_PRAYERS.phrase() + ".");
    }
    return row;
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

  /**
   * The same row, if the prayer is not hidden.
   *
   * @throws InvalidInputException if it is hidden
   */
  public static Row requireShown(Row row) {
    if (row.has(Catalog.Prayers.MODERATION, Moderation.HIDDEN)) {
      throw new InvalidInputException("This prayer has been hidden by a moderator.");
    }
    return row;
  }
}
