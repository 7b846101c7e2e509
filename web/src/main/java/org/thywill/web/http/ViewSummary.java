package org.thywill.web.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.thywill.view.ViewState;

/**
 * What the view holds, in figures.
 *
 * @param community the id of the community
 * @param seq the number of the last change
 * @param changedAt the time of the last change
 * @param digest of all rows, in hex
 */
public record ViewSummary(
    String community, long seq, Instant changedAt, String digest, List<TableSize> tables) {
  /** How many rows a table has. */
  public record TableSize(String name, long rows) {}

  static ViewSummary of(ViewState state) {
    List<TableSize> tables = new ArrayList<>();
    state.digest().tables().forEach((name, entry) -> tables.add(new TableSize(name, entry.rows())));
    return new ViewSummary(
        state.community(),
        state.seq(),
        Instant.EPOCH.plus(state.atMicros(), ChronoUnit.MICROS),
        state.digest().hex(),
        List.copyOf(tables));
  }
}
