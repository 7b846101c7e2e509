package org.thywill.cli;

import java.io.IOException;
import org.thywill.operations.recovery.Migration;
import picocli.CommandLine.Command;

/** Brings an archive of an older format up to the present one. */
@Command(
    name = "migrate",
    description =
        "Bring an archive of an older format up to the present one. There is only one format so"
            + " far.")
final class MigrateCommand extends ThyWillCommand {
  @Override
  public Outcome call() throws IOException {
    Migration.Result result = Migration.run(root().archivePath());
    return new Outcome()
        .put("from", result.from())
        .put("to", result.to())
        .put("changed", result.changed())
        .say(
            "Nothing to do: the archive has format " + result.to() + ", which is the present one.");
  }
}
