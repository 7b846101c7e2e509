package org.thywill.cli.terminal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.Ids;
import org.thywill.operations.OperationRefusedException;
import org.thywill.operations.recovery.NoPlaceReachedException;
import org.thywill.operations.recovery.OlderArchiveException;
import org.thywill.operations.recovery.OperationLog;
import org.thywill.operations.recovery.PlaceGuard;
import org.thywill.operations.settings.Configuration;
import picocli.CommandLine.Option;

/**
 * A command that adds changes to the archive.
 *
 * <p>It does so only where no place that {@code ARCHIVE_LOCATIONS} names has changes that the
 * archive lacks, and this machine has not known the archive to go further: the numbers of those
 * changes would be given to others. Where places are named and none answers, or the archive is an
 * older one, only the operator's word lifts that, and the word is a change.
 */
public abstract class WritingSubcommand extends Subcommand {
  @Option(
      names = "--alone",
      description =
          "Write although none of the places in ARCHIVE_LOCATIONS can be reached; with --reason,"
              + " which is kept in the archive")
  private boolean alone;

  @Option(
      names = "--older",
      description =
          "Go on with an archive that lacks changes which it had on this machine; with --reason,"
              + " which is kept in the archive")
  private boolean older;

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
    if (alone || older) {
      reason();
    }
    if (!addsChanges()) {
      return write();
    }
    List<OperationLog.Entry> words = new ArrayList<>();
    try {
      guard().require(context().configuration().value(Configuration.LOCATIONS));
    } catch (NoPlaceReachedException unreached) {
      if (!alone) {
        return writeNothing(unreached);
      }
      words.add(entry(OperationLog.ALONE, unreached));
    }
    try {
      context().machineMemory().requireNotOlder(context().archivePath());
    } catch (OlderArchiveException known) {
      if (!older) {
        throw known;
      }
      words.add(entry(OperationLog.OLDER, known));
    }
    CommandResult result = write(words);
    // Where it cannot be noted, the next start compares with less; the server says so at its start.
    var _ = context().machineMemory().note(context().archivePath());
    return result;
  }

  /** Asks the places. */
  protected PlaceGuard guard() {
    return new PlaceGuard(context().archivePath())
        .remembering(context().machineMemory(), context().clock().instant());
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

  private OperationLog.Entry entry(String kind, OperationRefusedException lifted) {
    return new OperationLog.Entry(
        new Ids(new SecureRandom()).hexId(),
        kind,
        "written",
        String.valueOf(lifted.getMessage()),
        reason());
  }

  /** Records the operator's words, and does the work. */
  private CommandResult write(List<OperationLog.Entry> words) throws IOException {
    OperationLog log =
        new OperationLog(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress());
    List<OperationLog.Entry> left = new ArrayList<>(words);
    try {
      while (!left.isEmpty()) {
        log.write(left.getFirst());
        left.removeFirst();
      }
    } catch (IOException e) {
      // What is wrong may be what this command sets right.
      CommandResult done = write();
      for (OperationLog.Entry entry : left) {
        log.write(entry);
      }
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
