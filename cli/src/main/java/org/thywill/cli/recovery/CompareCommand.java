package org.thywill.cli.recovery;

import java.io.IOException;
import java.util.List;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.CommunitySource;
import org.thywill.view.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares two communities row by row. */
@Command(name = "compare", description = "Compare two databases or archives row by row.")
public final class CompareCommand extends Subcommand {
  private static final int SHOWN_MAX = 20;

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
  protected CommandResult execute() throws IOException {
    try (CommunitySource one = CommunitySource.of(a, context().progress());
        CommunitySource two = CommunitySource.of(b, context().progress())) {
      Comparison.Result result = Comparison.of(one.view(), two.view());
      CommandResult outcome =
          new CommandResult()
              .put("equal", result.equal())
              .put("differences", result.differences().stream().map(DifferenceText::json).toList())
              .put("counts", result.counts());
      if (result.equal()) {
        return outcome.say("Equal in every row and every cell.");
      }
      result
          .counts()
          .forEach((table, count) -> outcome.say("%,d differences in %s".formatted(count, table)));
      List<Comparison.Difference> shown =
          result.differences().subList(0, Math.min(SHOWN_MAX, result.differences().size()));
      shown.forEach(difference -> outcome.say(DifferenceText.sentence(difference)));
      return outcome.wrong();
    }
  }
}
