package org.thywill.cli.recovery;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.access.Ids;
import org.thywill.operations.recovery.TimeCorrection;
import picocli.CommandLine.Command;

/** Gives changes whose time has not come the present time. */
@Command(
    name = "correct-times",
    description =
        "Give the changes whose time has not come the present time, after the clock was ahead:"
            + " the archive is rewritten, every change keeps its number, and the old one is kept.")
public final class CorrectTimesCommand extends WritingSubcommand {
  @Override
  protected CommandResult write() throws IOException {
    String reason = reason();
    TimeCorrection.Result result =
        new TimeCorrection(
                context().archivePath(),
                context().databasePath(),
                context().clock(),
                context().progress())
            .run(reason, new Ids(new SecureRandom()).hexId());
    return new CommandResult()
        .put("first", result.first())
        .put("last", result.last())
        .put("recorded", result.seq())
        .put("kept_aside", result.keptAside().toString())
        .put("changes", result.report().changes())
        .put("sound", result.report().sound())
        .put(
            "digest",
            Optional.ofNullable(result.recovered()).map(recovered -> recovered.digest().hex()))
        .find(result.report().findings(), result.report().findingsByCode())
        .say(
            "The changes %d to %d have the present time now, and their numbers as before. Change %d in operations/ says so."
                .formatted(result.first(), result.last(), result.seq()))
        .say("The old archive is kept as " + result.keptAside() + ".")
        .say(
            result.recovered() == null
                ? "There is no database. Next: thywill recover"
                : "The database was built again from the new archive.");
  }
}
