package org.thywill.cli.serving;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.thywill.cli.recovery.ResumeCommand;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that makes a one-time link for the operator while the community is not served. */
abstract class OperatorLinkCommand extends Subcommand {
  private static final int KEY_BYTES = 32;
  private static final int HOURS_MAX = 24 * 7;

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "12",
      description = "How long the link lasts, at most a week (default: ${DEFAULT-VALUE})")
  int hours;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  OperatorLinkCommand() {}

  /** Makes the link; gives its path. */
  abstract String make(Community community, Duration lifetime) throws IOException;

  /** What the link does, in a sentence. */
  abstract String effect();

  @Override
  public CommandResult call() throws IOException {
    if (hours < 1 || hours > HOURS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--hours: expected 1 to " + HOURS_MAX + ", found " + hours);
    }
    ArchiveFolders.archive(root().archivePath());
    SecureRandom random = new SecureRandom();
    try (Ledger ledger =
        Ledger.open(root().archivePath(), root().databasePath(), root().clock, root().progress())) {
      Community community = new Community(ledger, new Ids(random), random.generateSeed(KEY_BYTES));
      // First of all what follows a recovery: it may be what makes the link needed.
      Optional<PostRecovery.Outlook> resumed = community.resumption().resume();
      Duration lifetime = Duration.ofHours(hours);
      String expiresAt = root().clock.instant().plus(lifetime).toString();
      String link = make(community, lifetime);
      CommandResult outcome = new CommandResult().put("link", link).put("expires_at", expiresAt);
      resumed.ifPresent(done -> ResumeCommand.say(outcome, done));
      ledger.findings().forEach(outcome::find);
      return outcome
          .say("Open this at the community's address, once, before " + expiresAt + ": " + link)
          .say(effect() + " It is shown only now: the archive keeps its hash.");
    }
  }
}
