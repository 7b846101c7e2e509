package org.thywill.community.prayer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Transaction;

/**
 * Something that a member did with a prayer, for the prayer's timeline.
 *
 * @param action one of {@link ActivityNames}
 * @param before the value that was replaced, or null
 * @param after the new value, or null
 */
record Activity(
    String member, String action, String prayer, @Nullable String before, @Nullable String after) {

  Activity(String member, String action, String prayer) {
    this(member, action, prayer, null, null);
  }

  /** Adds it to the timeline. */
  void add(Transaction tx, Ids ids) throws IOException {
    tx.add(
        Row.in(Catalog.ACTIVITY)
            .set(Catalog.Activity.MEMBER, member)
            .set(Catalog.Activity.ACTION, action)
            .set(Catalog.Activity.PRAYER, prayer)
            .set(Catalog.Activity.OLD_VALUE, before)
            .set(Catalog.Activity.NEW_VALUE, after)
            .set(Catalog.Activity.ID, ids.id())
            .set(Catalog.Activity.CREATED_AT, tx.atMicros())
            .build());
  }
}
