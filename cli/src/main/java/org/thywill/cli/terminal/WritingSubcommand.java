package org.thywill.cli.terminal;

import java.io.IOException;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.settings.Configuration;

/**
 * A command that adds changes to the archive.
 *
 * <p>It does so only where no place that {@code ARCHIVE_LOCATIONS} names has changes that the
 * archive lacks: their numbers would be given to others.
 */
public abstract class WritingSubcommand extends Subcommand {
  /** Made by the parser. */
  protected WritingSubcommand() {}

  /**
   * Does the work.
   *
   * @throws IOException if the environment failed
   */
  protected abstract CommandResult write() throws IOException;

  @Override
  protected final CommandResult execute() throws IOException {
    if (addsChanges()) {
      new PlaceGuard(context().archivePath())
          .require(context().configuration().value(Configuration.LOCATIONS));
    }
    return write();
  }

  /** Whether the archive that is there gets changes from this call. */
  protected boolean addsChanges() {
    return true;
  }
}
