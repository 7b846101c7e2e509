package org.thywill.operations.drill;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.operations.recovery.OperationLog;

/**
 * The result of a drill as the table {@code operations} records it.
 *
 * <p>Its details are {@code name=value} pairs separated by {@code "; "}, which people can read,
 * too.
 *
 * @param green whether a recovery would give back what is there
 * @param from the location that was rebuilt: a path, or {@link #THIS_ARCHIVE}
 * @param seq the change up to which both sides were compared
 * @param rows how many rows were rebuilt; 0 if the rebuild failed
 * @param seconds how long the rebuild took
 * @param digest of what was rebuilt; empty if the rebuild failed
 * @param causes why it is red: the codes of its errors, separated by commas; empty if it is green
 */
public record DrillReport(
    boolean green, String from, long seq, long rows, double seconds, String digest, String causes) {
  static final String KIND = "drill";

  /** The location of a drill that did not rebuild from a copy. */
  public static final String THIS_ARCHIVE = "this archive";

  private static final String GREEN = "green";
  private static final String RED = "red";

  /** The entry that records it. */
  OperationLog.Entry entry(String id) {
    String details =
        "from="
            + from.replace(";", ",")
            + "; seq="
            + seq
            + "; rows="
            + rows
            + "; seconds="
            + String.format(Locale.ROOT, "%.3f", seconds)
            + "; digest="
            + digest
            + "; causes="
            + causes;
    return new OperationLog.Entry(id, KIND, green ? GREEN : RED, details, "test-recovery");
  }

  /** Reads a row; empty if it is of another kind, or not as this class writes it. */
  public static Optional<DrillReport> of(Row row) {
    if (row.table() != Catalog.OPERATIONS || !row.has(Catalog.Operations.KIND, KIND)) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : row.get(Catalog.Operations.DETAILS).orElse("").split("; ", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new DrillReport(
              row.has(Catalog.Operations.OUTCOME, GREEN),
              values.getOrDefault("from", ""),
              Long.parseLong(values.getOrDefault("seq", "")),
              Long.parseLong(values.getOrDefault("rows", "")),
              Double.parseDouble(values.getOrDefault("seconds", "")),
              values.getOrDefault("digest", ""),
              values.getOrDefault("causes", "")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
