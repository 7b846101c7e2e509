package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.log.RowHistory;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.cli.terminal.TimeArgument;
import org.thywill.operations.recovery.CutTransaction;
import org.thywill.operations.recovery.RowHistoryQuery;
import org.thywill.view.rebuild.PointInTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows a row at a point in time, with the lines of the archive that made it so.
 *
 * <p>For a prayer, the rows that belong to it are shown, too. Reads the archive only.
 */
@Command(
    name = "as-of",
    description =
        "Show a row, or a prayer with everything on it, as it was then, with the lines that made"
            + " it so. Needs no database.")
public final class AsOfCommand extends Subcommand {
  @Parameters(
      index = "0",
      paramLabel = "TIME|SEQ",
      description = "A time (2024-01-15T10:30:00Z, or a day, then its end in UTC) or a change")
  String moment = "";

  @Parameters(
      index = "1",
      paramLabel = "ROW",
      description = "TABLE/KEY such as members/mary_johnson, or only a key, to look in all tables")
  String row = "";

  @Override
  protected CommandResult execute() throws IOException {
    RowHistoryQuery.Answer answer = RowHistoryQuery.run(context().archivePath(), until(), target());
    if (answer.rows().isEmpty() && answer.findings().isEmpty()) {
      throw wrongUsage(
          "ROW: the archive never held "
              + FieldEscaping.escape(row)
              + "; expected TABLE/KEY or a key");
    }
    CommandResult outcome =
        new CommandResult()
            .put("at", Timestamps.format(answer.atMicros()))
            .put("seq", answer.seq())
            .put("rows", answer.rows().stream().map(AsOfCommand::json).toList())
            .find(answer.findings(), Map.of());
    outcome.say(
        "As of %s, change %,d.".formatted(Timestamps.format(answer.atMicros()), answer.seq()));
    CutTransaction.at(context().archivePath(), until()).ifPresent(outcome::say);
    answer.rows().forEach(found -> say(found, outcome));
    if (answer.rows().isEmpty()) {
      outcome.say(
          "No line names "
              + FieldEscaping.escape(row)
              + ", but lines that cannot be read may have.");
    }
    return outcome;
  }

  private PointInTime until() {
    try {
      return TimeArgument.until(moment);
    } catch (IllegalArgumentException e) {
      throw wrongUsage("TIME: " + e.getMessage(), e);
    }
  }

  private RowHistoryQuery.Target target() {
    if (!FieldEscaping.isWellFormed(row)) {
      throw wrongUsage("ROW: not a text");
    }
    return RowHistoryQuery.Target.parse(row);
  }

  private static String remark(RowHistoryQuery.PastRow found) {
    if (found.row() != null) {
      return "";
    }
    return found.lines().isEmpty() ? "  did not exist yet" : "  had been removed";
  }

  private static void say(RowHistoryQuery.PastRow found, CommandResult outcome) {
    String state = remark(found);
    outcome.say("").say(found.table() + "/" + FieldEscaping.escape(found.key()) + state);
    if (found.row() != null) {
      say(found.row(), outcome);
    }
    found.lines().forEach(line -> outcome.say("  " + sentence(line)));
  }

  private static void say(Row values, CommandResult outcome) {
    List<Column<?>> columns = values.table().columns();
    int width = columns.stream().mapToInt(column -> column.name().length()).max().orElse(0);
    for (Column<?> column : columns) {
      outcome.say(
          "  "
              + column.name()
              + " ".repeat(width - column.name().length())
              + "  "
              + archiveText(column, values.value(column.name())));
    }
  }

  /**
   * A value as the archive writes it.
   *
   * <p>So no control character reaches a terminal, and null and the empty text look different.
   */
  private static String archiveText(Column<?> column, @Nullable Object value) {
    if (value == null) {
      return FieldEscaping.NULL;
    }
    return column.type() == ColumnType.TEXT
        ? FieldEscaping.escape((String) value)
        : column.type().format(value);
  }

  private static String sentence(RowHistory.Occurrence line) {
    Change change = line.change();
    Change.Cause cause = change.stamp().cause();
    String sentence =
        String.join(
            "  ",
            line.file() + ":" + line.line(),
            Long.toString(change.seq()),
            Timestamps.format(change.at()),
            change.operation().label(),
            FieldEscaping.escape(cause.actor()),
            FieldEscaping.escape(cause.reason()));
    return sentence.stripTrailing();
  }

  private static Map<String, @Nullable Object> json(RowHistoryQuery.PastRow found) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("table", found.table().name());
    json.put("key", found.key());
    json.put("exists", found.row() != null);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (found.row() != null) {
      for (Column<?> column : found.table().columns()) {
        values.put(column.name(), value(column, found.row().value(column.name())));
      }
    }
    json.put("values", values);
    json.put("lines", found.lines().stream().map(AsOfCommand::json).toList());
    return json;
  }

  /**
   * A value for JSON. Times, and numbers that JSON does not have, are texts as the archive writes
   * them.
   */
  private static @Nullable Object value(Column<?> column, @Nullable Object value) {
    boolean isText =
        value instanceof Double real && !Double.isFinite(real) || column.type() == ColumnType.TIME;
    return value != null && isText ? column.type().format(Objects.requireNonNull(value)) : value;
  }

  private static Map<String, Object> json(RowHistory.Occurrence line) {
    Change change = line.change();
    Change.Cause cause = change.stamp().cause();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", line.file());
    json.put("line", line.line());
    json.put("seq", change.seq());
    json.put("at", Timestamps.format(change.at()));
    json.put("operation", change.operation().label());
    json.put("actor", cause.actor());
    json.put("reason", cause.reason());
    json.put("source", cause.source());
    return json;
  }
}
