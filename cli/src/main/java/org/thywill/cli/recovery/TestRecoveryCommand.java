package org.thywill.cli.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.access.Ids;
import org.thywill.operations.drill.Drill;
import org.thywill.operations.drill.DrillReport;
import org.thywill.operations.settings.Configuration;
import org.thywill.view.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A drill: rebuilds a scratch database and compares it with the live one. */
@Command(
    name = "test-recovery",
    description =
        "A drill: rebuild into a scratch database, compare with the live one, and record the result"
            + " in the archive.")
public final class TestRecoveryCommand extends Subcommand {
  private static final int SHOWN_MAX = 20;

  @Option(
      names = "--from",
      paramLabel = "LOCATION",
      description =
          "Rebuild from this copy of the archive (a folder) instead of the archive itself")
  @Nullable Path from;

  @Override
  protected CommandResult execute() throws IOException {
    Drill drill =
        Drill.guarded(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().terminal().nanoTime(),
            context().progress(),
            context().configuration().value(Configuration.LOCATIONS));
    Drill.Result result = drill.run(from, new Ids(new SecureRandom()).hexId());
    DrillReport report = result.report();
    Comparison.Result differences = result.differences();
    CommandResult outcome =
        new CommandResult()
            .put("digest_live", result.digestLive())
            .put("digest_rebuilt", result.digestRebuilt())
            .put("equal", result.equal())
            .put(
                "differences",
                differences.differences().stream().map(DifferenceText::json).toList())
            .put("counts", differences.counts())
            .put("green", report.green())
            .put("from", report.from())
            .put("seq", report.seq())
            .put("rows", report.rows())
            .put("rebuild_seconds", report.seconds())
            .put("recorded", result.recorded().isPresent() ? result.recorded().getAsLong() : null)
            .find(result.findings(), Map.of());
    outcome.say(
        report.green()
            ? "GREEN: %,d rows rebuilt from %s in %.1f s, equal at change %,d in every row and every cell."
                .formatted(report.rows(), report.from(), report.seconds(), report.seq())
            : "RED: a recovery from %s would not give back what is there (change %,d)."
                .formatted(report.from(), report.seq()));
    if (!differences.differences().isEmpty()) {
      outcome.say("Where they differ, live | rebuilt:");
    }
    differences.differences().stream()
        .limit(SHOWN_MAX)
        .forEach(difference -> outcome.say(DifferenceText.sentence(difference)));
    result
        .recorded()
        .ifPresent(seq -> outcome.say("The report is change " + seq + " of the archive."));
    return report.green() ? outcome : outcome.wrong();
  }
}
