package org.thywill.operations.drill;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.operations.recovery.OperationLog;

/**
 * What is kept of a drill in the table {@code operations}: a line of {@code name=value} parted by
 * {@code "; "}, which a person can read as well.
 *
 * @param green whether everything was as it must be
 * @param from the location that was rebuilt from
 * @param seq the change up to which both sides were compared
 * @param rows how many rows were rebuilt; 0 where the rebuild did not come to its end
 * @param seconds how long the rebuild took
 * @param digest of what was rebuilt; empty where there is none
 * @param causes why it is red, as the codes of its findings parted by commas; empty for a green one
 */
public record DrillReport(
    boolean green, String from, long seq, long rows, double seconds, String digest, String causes) {
  static final String KIND = "drill";

  /** The source of a drill that did not rebuild from a copy. */
  public static final String THIS_ARCHIVE = "this archive";

  private static final String GREEN = "green";
  private static final String RED = "red";

  /** The change that tells of it. */
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

  /** Reads it back; empty for a row of another kind, or one that is not as this class writes it. */
  public static Optional<DrillReport> of(Row row) {
    if (row.table() != Catalog.OPERATIONS || !row.text("kind").equals(Optional.of(KIND))) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String part : row.text("details").orElse("").split("; ", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
    try {
      return Optional.of(
          new DrillReport(
              row.text("outcome").equals(Optional.of(GREEN)),
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
