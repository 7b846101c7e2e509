package org.thywill.cli.serving;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.thywill.cli.recovery.PostRecoveryText;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Option;

/** A command that makes a one-time link for the operator while no server runs. */
abstract class OperatorLinkCommand extends WritingSubcommand {
  private static final int KEY_BYTES = 32;
  private static final int HOURS_MAX = 24 * 7;

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "12",
      description = "How long the link lasts, at most a week (default: ${DEFAULT-VALUE})")
  int hours;

  /** Makes the link; returns its path below the address of the community. */
  abstract String make(Community community, Duration lifetime) throws IOException;

  /** A sentence about what the link does. */
  abstract String effect();

  /** Adds what a program should know besides the link, once it is made. */
  void describe(CommandResult outcome) {}

  @Override
  protected CommandResult write() throws IOException {
    if (hours < 1 || hours > HOURS_MAX) {
      throw wrongUsage("--hours: expected 1 to " + HOURS_MAX + ", found " + hours);
    }
    ArchiveFolders.archive(context().archivePath());
    SecureRandom random = new SecureRandom();
    try (Ledger ledger =
        Ledger.open(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress())) {
      Community community = new Community(ledger, new Ids(random), random.generateSeed(KEY_BYTES));
      // First what a recovery left to do: ending all sessions may be why a link is needed.
      Optional<PostRecovery.Outlook> resumed = community.resumption().resume();
      community.watchView(context().terminal().nanoTime(), sentence -> {}); // findings say it
      Duration lifetime = Duration.ofHours(hours);
      String expiresAt = context().clock().instant().plus(lifetime).toString();
      String link = make(community, lifetime);
      CommandResult outcome = new CommandResult().put("link", link).put("expires_at", expiresAt);
      describe(outcome);
      resumed.ifPresent(done -> PostRecoveryText.describe(done, outcome));
      ledger.findings().forEach(outcome::find);
      return outcome
          .say("Open this at the community's address, once, before " + expiresAt + ": " + link)
          .say(effect() + " It is shown only now: the archive keeps its hash.");
    }
  }
}
