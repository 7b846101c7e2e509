package org.thywill.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.thywill.community.Community;
import org.thywill.community.Ids;
import org.thywill.community.PlainPrayerWriter;
import org.thywill.community.Resumption;
import org.thywill.ledger.Ledger;
import org.thywill.operations.Places;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the operator's one-time link for a community in which nobody may do everything. */
@Command(name = "admin-link", description = "Make a one-time link whose bearer becomes admin; only for a community in which nobody may do everything.")
final class AdminLinkCommand extends ThyWillCommand {
  private static final int KEY_BYTES = 32;
  private static final int HOURS_MAX = 24 * 7;

  @Option(names = "--hours", paramLabel = "N", defaultValue = "12", description = "How long the link lasts, at most a week (default: ${DEFAULT-VALUE})")
  int hours;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  AdminLinkCommand() {}

  @Override
  public Outcome call() throws IOException {
    if (hours < 1 || hours > HOURS_MAX) {
      throw new ParameterException(spec.commandLine(), "--hours: expected 1 to " + HOURS_MAX + ", found " + hours);
    }
    Places.archive(root().archivePath());
    SecureRandom random = new SecureRandom();
    try (Ledger ledger = Ledger.open(root().archivePath(), root().databasePath(), root().clock, root().progress())) {
      Community community = new Community(ledger, new Ids(random), random.generateSeed(KEY_BYTES), new PlainPrayerWriter());
      // First of all what follows a recovery: it may be what leaves nobody who may do everything.
      Optional<Resumption.Outlook> resumed = community.resumption().resume();
      Duration lifetime = Duration.ofHours(hours);
      String expiresAt = root().clock.instant().plus(lifetime).toString();
      String link = "/join/" + community.members().makeOperatorLink(lifetime);
      Outcome outcome = new Outcome().put("link", link).put("expires_at", expiresAt);
      resumed.ifPresent(done -> ResumeCommand.say(outcome, done));
      ledger.findings().forEach(outcome::find);
      return outcome.say("Open this at the community's address, once, before " + expiresAt + ": " + link)
          .say("Whoever opens it becomes admin. It is shown only now: the archive keeps its hash.");
    }
  }
}
