package org.thywill.cli.recovery;

import org.thywill.cli.terminal.CommandResult;
import org.thywill.community.PostRecovery;

/** Describes for people what was done after a recovery. */
public final class PostRecoveryText {
  private PostRecoveryText() {}

  /** Adds a sentence for each decision that was carried out and each default that was set. */
  public static void describe(PostRecovery.Outlook done, CommandResult outcome) {
    done.decisions().forEach(line -> outcome.say("As decided: " + line));
    done.defaults().forEach(text -> outcome.say("Done: " + text + "."));
  }
}
