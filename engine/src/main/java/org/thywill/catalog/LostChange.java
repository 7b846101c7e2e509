package org.thywill.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A gap: the row of {@code operations} that replaces a lost change once an operator accepts that.
 *
 * <p>It has the seq of the lost change, so that the numbers stay dense, and a reader of the archive
 * finds the loss in its place (FORMAT.md, operations).
 *
 * @param seq of the lost change
 * @param tables the tables that it may have changed; several if its table is not known
 */
public record LostChange(long seq, List<Table> tables) {
  /** The kind of a row of {@code operations} that is a gap, or accepts one. */
  public static final String KIND = "gap";

  /** The outcome of a row that replaces a lost change. */
  public static final String LOST = "lost";

  /** The outcome of a row by which an operator accepts losses. */
  public static final String ACCEPTED = "accepted";

  private static final String SEPARATOR = ", ";

  public LostChange {
    tables = List.copyOf(tables);
  }

  /** The row that replaces the change. */
  public Row row() {
    return Row.in(Catalog.OPERATIONS)
        .set(Catalog.Operations.ID, KIND + "-" + seq)
        .set(Catalog.Operations.KIND, KIND)
        .set(Catalog.Operations.OUTCOME, LOST)
        .set(
            Catalog.Operations.DETAILS,
            tables.stream().map(Table::name).collect(Collectors.joining(SEPARATOR)))
        .build();
  }

  /**
   * The gap that a row of {@code operations} describes; empty if it is another row.
   *
   * @param seq of the change that added the row
   */
  public static Optional<LostChange> of(Row row, long seq) {
    if (!is(row, LOST)) {
      return Optional.empty();
    }
    return Optional.of(
        new LostChange(
            seq,
            Stream.of(row.get(Catalog.Operations.DETAILS).orElse("").split(SEPARATOR))
                .flatMap(name -> Catalog.find(name).stream())
                .toList()));
  }

  /** Whether a row of {@code operations} accepts losses. */
  public static boolean isAcceptance(Row row) {
    return is(row, ACCEPTED);
  }

  private static boolean is(Row row, String outcome) {
    return row.has(Catalog.Operations.KIND, KIND) && row.has(Catalog.Operations.OUTCOME, outcome);
  }
}
