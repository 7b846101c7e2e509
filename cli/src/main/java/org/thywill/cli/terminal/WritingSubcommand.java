package org.thywill.cli.terminal;

import java.io.IOException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.Ids;
import org.thywill.operations.recovery.NoPlaceReachedException;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.settings.Configuration;
import picocli.CommandLine.Option;

/**
 * A command that adds changes to the archive.
 *
 * <p>It does so only where no place that {@code ARCHIVE_LOCATIONS} names has changes that the
 * archive lacks: their numbers would be given to others. Where places are named and none answers,
 * only the operator's word lifts that, and the word is a change.
 */
public abstract class WritingSubcommand extends Subcommand {
  @Option(
      names = "--alone",
      description =
          "Write although none of the places in ARCHIVE_LOCATIONS can be reached; with --reason,"
              + " which is kept in the archive")
  private boolean alone;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for those who read the archive later")
  private @Nullable String reason;

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
    if (alone) {
      reason();
    }
    try {
      if (addsChanges()) {
        guard().require(context().configuration().value(Configuration.LOCATIONS));
      }
    } catch (NoPlaceReachedException unreached) {
      return alone ? writeAlone(unreached) : writeNothing(unreached);
    }
    return write();
  }

  /** Asks the places. */
  protected PlaceGuard guard() {
    return new PlaceGuard(context().archivePath());
  }

  /** Whether the archive that is there gets changes from this call. */
  protected boolean addsChanges() {
    return true;
  }

  /**
   * Does what can be done without a change where no place was reached.
   *
   * @throws IOException the refusal, if nothing can
   */
  protected CommandResult writeNothing(NoPlaceReachedException unreached) throws IOException {
    throw unreached;
  }

  /** Writes although no place was reached, and records that. */
  private CommandResult writeAlone(NoPlaceReachedException unreached) throws IOException {
    OperationLog log =
        new OperationLog(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress());
    OperationLog.Entry entry =
        new OperationLog.Entry(
            new Ids(new SecureRandom()).hexId(),
            OperationLog.ALONE,
            "written",
            String.valueOf(unreached.getMessage()),
            reason());
    try {
      log.write(entry);
    } catch (IOException e) {
      // What is wrong may be what this command sets right.
      CommandResult done = write();
      log.write(entry);
      return done;
    }
    return write();
  }

  /** The words of the option {@code --reason}, which must be given. */
  protected final String reason() {
    if (reason == null || reason.isBlank()) {
      throw wrongUsage("--reason: expected some words, found none");
    }
    return reason.strip();
  }
}
