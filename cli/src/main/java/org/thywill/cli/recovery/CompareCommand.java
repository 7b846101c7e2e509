package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.CommunitySource;
import org.thywill.operations.recovery.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares two communities row by row. */
@Command(name = "compare", description = "Compare two databases or archives row by row.")
public final class CompareCommand extends Subcommand {
  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A database, or the folder of an archive")
  String a;

  @Parameters(
      index = "1",
      paramLabel = "B",
      description = "A database, or the folder of an archive")
  String b;

  @SuppressWarnings("NullAway.Init")
  CompareCommand() {}

  @Override
  public CommandResult call() throws IOException {
    try (CommunitySource one = CommunitySource.of(a, root().progress());
        CommunitySource two = CommunitySource.of(b, root().progress())) {
      Comparison.Result result = Comparison.of(one.view(), two.view());
      CommandResult outcome =
          new CommandResult()
              .put("equal", result.equal())
              .put("differences", result.differences().stream().map(CompareCommand::json).toList())
              .put("counts", result.counts());
      if (result.equal()) {
        return outcome.say("Equal in every row and every cell.");
      }
      result
          .counts()
          .forEach((table, count) -> outcome.say("%,d differences in %s".formatted(count, table)));
      List<Comparison.Difference> shown =
          result.differences().subList(0, Math.min(20, result.differences().size()));
      shown.forEach(difference -> outcome.say(sentence(difference)));
      return outcome.wrong();
    }
  }

  static String sentence(Comparison.Difference difference) {
    return "  "
        + difference.table()
        + "/"
        + difference.key()
        + (difference.column().isEmpty() ? "" : "." + difference.column())
        + ": "
        + difference.a().orElse("(nothing)")
        + " | "
        + difference.b().orElse("(nothing)");
  }

  static Map<String, @Nullable Object> json(Comparison.Difference difference) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("table", difference.table());
    json.put("key", difference.key());
    json.put("column", difference.column());
    json.put("a", difference.a().orElse(null));
    json.put("b", difference.b().orElse(null));
    return json;
  }
}
