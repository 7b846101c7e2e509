package org.thywill.cli.recovery;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.WritingSubcommand;
import org.thywill.community.Community;
import org.thywill.community.PostRecovery;
import org.thywill.community.access.Ids;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;
import picocli.CommandLine.Command;

/** Does what is still to be done after a recovery. */
@Command(
    name = "resume",
    description =
        "After a recovery: carry out decisions, put defaults in place, end sessions; each as a"
            + " change in the archive. Done once.")
public final class ResumeCommand extends WritingSubcommand {
  private static final int KEY_BYTES = 32;

  @Override
  protected CommandResult write() throws IOException {
    ArchiveFolders.archive(context().archivePath());
    SecureRandom random = new SecureRandom();
    try (Ledger ledger =
        Ledger.open(
            context().archivePath(),
            context().databasePath(),
            context().clock(),
            context().progress())) {
      // Any key will do: the server's own key is needed only to let members sign in.
      Community community = new Community(ledger, new Ids(random), random.generateSeed(KEY_BYTES));
      Optional<PostRecovery.Outlook> done = community.resumption().resume();
      community.watchView(context().terminal().nanoTime(), sentence -> {}); // findings say it
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
      PostRecoveryText.describe(done.get(), outcome);
      done.get().advice().forEach(outcome::say);
      return outcome.say("Service may resume.");
    }
  }
}
