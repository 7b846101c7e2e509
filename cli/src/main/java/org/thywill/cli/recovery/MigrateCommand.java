package org.thywill.cli.recovery;

import java.io.IOException;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Command;

/**
 * Brings an archive of an older format up to the present one.
 *
 * <p>Scripts may call it already, though there is only one format so far: it refuses what is no
 * archive, or newer than this program.
 */
@Command(
    name = "migrate",
    description =
        "Bring an archive of an older format up to the present one. There is only one format so"
            + " far.")
public final class MigrateCommand extends Subcommand {
  @Override
  protected CommandResult execute() throws IOException {
    ArchiveFolders.archive(context().archivePath());
    return new CommandResult()
        .put("from", ArchiveIdentity.FORMAT)
        .put("to", ArchiveIdentity.FORMAT)
        .put("changed", false)
        .say(
            "Nothing to do: the archive has format "
                + ArchiveIdentity.FORMAT
                + ", which is the present one.");
  }
}
