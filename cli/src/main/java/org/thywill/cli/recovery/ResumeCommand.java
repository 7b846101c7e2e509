package org.thywill.cli.recovery;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Command;

/** Does what follows a recovery. */
@Command(
    name = "resume",
    description =
        "After a recovery: carry out decisions, put defaults in place, end sessions; each as a"
            + " change in the archive. Done once.")
public final class ResumeCommand extends Subcommand {
  private static final int KEY_BYTES = 32;

  @Override
  public CommandResult call() throws IOException {
    ArchiveFolders.archive(root().archivePath());
    SecureRandom random = new SecureRandom();
    try (Ledger ledger =
        Ledger.open(root().archivePath(), root().databasePath(), root().clock, root().progress())) {
      // Whoever signs in later does so under the server's own key; ending what waits needs none.
      Community community = new Community(ledger, new Ids(random), random.generateSeed(KEY_BYTES));
      Optional<PostRecovery.Outlook> done = community.resumption().resume();
      CommandResult outcome =
          new CommandResult()
              .put("resumed", done.isPresent())
              .put("decisions", done.map(PostRecovery.Outlook::decisions).orElse(List.of()))
              .put("defaults_used", done.map(PostRecovery.Outlook::defaults).orElse(List.of()))
              .put("advice", done.map(PostRecovery.Outlook::advice).orElse(List.of()));
      ledger.findings().forEach(outcome::find);
      if (done.isEmpty()) {
        return outcome.say(
            "Nothing to do: the database was not made by recover, or all that follows has been"
                + " done.");
      }
      say(outcome, done.get());
      done.get().advice().forEach(outcome::say);
      return outcome.say("Service may resume.");
    }
  }

  /** What has been done. */
  public static void say(CommandResult outcome, PostRecovery.Outlook done) {
    done.decisions().forEach(line -> outcome.say("As decided: " + line));
    done.defaults().forEach(text -> outcome.say("Done: " + text + "."));
  }
}
