package org.thywill.community;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.ledger.ViewIncident;

/**
 * Tells the operator that the database was lost or changed and built again, and writes it into the
 * archive.
 *
 * <p>A program that goes on changing the database must not fill the archive, so after one line the
 * next comes ten minutes later, with the number of those that were left out.
 */
final class ViewIncidentLog implements ViewIncident.Observer {
  /** The kind of the line in {@code operations}. */
  static final String KIND = "view";

  /** The event in {@code security_events}. */
  static final String EVENT = "database_changed";

  private static final Duration PAUSE = Duration.ofMinutes(10);

  private final Ledger ledger;
  private final Ids ids;
  private final LongSupplier nanoTime;
  private final Consumer<String> log;
  private @Nullable Long writtenNanos;
  private long leftOut;

  /**
   * A log of one ledger.
   *
   * @param log receives sentences for the operator, without a full stop
   */
  ViewIncidentLog(Ledger ledger, Ids ids, LongSupplier nanoTime, Consumer<String> log) {
    this.ledger = ledger;
    this.ids = ids;
    this.nanoTime = nanoTime;
    this.log = log;
  }

  @Override
  public void lost(String reason) {
    log.accept(reason + "; it is built again from the archive");
  }

  @Override
  public synchronized void rebuilt(ViewIncident incident) {
    log.accept(incident.sentence());
    if (incident.isExpected()) {
      return;
    }
    if (isPaused()) {
      leftOut++;
      return;
    }
    try {
      ledger.write(
          Change.Cause.by(HandleNormalizer.SYSTEM).because("the database was built again"),
          tx -> write(tx, incident));
      writtenNanos = nanoTime.getAsLong();
      leftOut = 0;
    } catch (IOException | IllegalStateException e) {
      log.accept("this could not be written into the archive: " + e.getMessage());
    }
  }

  private boolean isPaused() {
    return writtenNanos != null && nanoTime.getAsLong() - writtenNanos < PAUSE.toNanos();
  }

  private void write(Transaction tx, ViewIncident incident) throws IOException {
    String details =
        incident.sentence() + (leftOut == 0 ? "" : "; " + leftOut + " times more before that");
    tx.add(
        Row.in(Catalog.OPERATIONS)
            .set(Catalog.Operations.ID, ids.id())
            .set(Catalog.Operations.KIND, KIND)
            .set(Catalog.Operations.OUTCOME, "rebuilt")
            .set(Catalog.Operations.DETAILS, details)
            .build());
    if (incident.isEdit()) {
      tx.add(
          Row.in(Catalog.SECURITY_EVENTS)
              .set(Catalog.SecurityEvents.EVENT, EVENT)
              .set(Catalog.SecurityEvents.DETAILS, details)
              .set(Catalog.SecurityEvents.ID, ids.id())
              .set(Catalog.SecurityEvents.CREATED_AT, tx.atMicros())
              .build());
    }
  }
}
