package org.thywill.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A change that is lost for good, as the row of {@code operations} that stands in its place once an
 * operator has accepted that: its number is the number of the lost one, so that the numbers go on
 * without a gap, and whoever reads the archive meets the loss where it is (FORMAT.md, operations).
 *
 * @param seq the number of the lost change
 * @param tables the kinds of rows that it may have changed; more than one if that cannot be told
 */
public record LostChange(long seq, List<Table> tables) {
  /** The kind of a row of {@code operations} that tells of a gap. */
  public static final String KIND = "gap";

  /** The outcome in the place of a lost change. */
  public static final String LOST = "lost";

  /** The outcome of the change by which an operator accepted losses. */
  public static final String ACCEPTED = "accepted";

  private static final String BETWEEN = ", ";

  public LostChange {
    tables = List.copyOf(tables);
  }

  /** The row that stands in the place of the change. */
  public Row row() {
    return Row.in(Catalog.OPERATIONS)
        .set(Catalog.Operations.ID, KIND + "-" + seq)
        .set(Catalog.Operations.KIND, KIND)
        .set(Catalog.Operations.OUTCOME, LOST)
        .set(
            Catalog.Operations.DETAILS,
            tables.stream().map(Table::name).collect(Collectors.joining(BETWEEN)))
        .build();
  }

  /**
   * The gap that a row of {@code operations} stands for; empty if it is another one.
   *
   * @param seq the number of the change that added the row
   */
  public static Optional<LostChange> of(Row row, long seq) {
    if (!is(row, LOST)) {
      return Optional.empty();
    }
    return Optional.of(
        new LostChange(
            seq,
            Stream.of(row.text("details").orElse("").split(BETWEEN))
                .flatMap(name -> Catalog.find(name).stream())
                .toList()));
  }

  /** Whether a row of {@code operations} tells that losses were accepted. */
  public static boolean isAcceptance(Row row) {
    return is(row, ACCEPTED);
  }

  private static boolean is(Row row, String outcome) {
    return row.text("kind").equals(Optional.of(KIND))
        && row.text("outcome").equals(Optional.of(outcome));
  }
}
