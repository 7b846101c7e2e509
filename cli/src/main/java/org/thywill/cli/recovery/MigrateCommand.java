package org.thywill.cli.recovery;

import java.io.IOException;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.recovery.Migration;
import picocli.CommandLine.Command;

/** Brings an archive of an older format up to the present one. */
@Command(
    name = "migrate",
    description =
        "Bring an archive of an older format up to the present one. There is only one format so"
            + " far.")
public final class MigrateCommand extends Subcommand {
  @Override
  public CommandResult call() throws IOException {
    Migration.Result result = Migration.run(root().archivePath());
    return new CommandResult()
        .put("from", result.from())
        .put("to", result.to())
        .put("changed", result.changed())
        .say(
            "Nothing to do: the archive has format " + result.to() + ", which is the present one.");
  }
}
