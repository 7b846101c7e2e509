package org.thywill.cli.serving;

import java.io.IOException;
import java.time.Duration;
import org.thywill.community.Community;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Makes the operator's one-time link that signs one member in: the way back into a community in
 * which nobody is signed in who could vouch.
 */
@Command(
    name = "sign-in-link",
    description =
        "Make a one-time link that signs one member in; for a community in which nobody is signed"
            + " in who could vouch, as after a recovery.")
public final class SignInLinkCommand extends OperatorLinkCommand {
  @Parameters(paramLabel = "MEMBER", description = "Whom it signs in, by name or handle")
  String member;

  @SuppressWarnings("NullAway.Init")
  SignInLinkCommand() {}

  @Override
  String make(Community community, Duration lifetime) throws IOException {
    return "/enter/" + community.signInLinks().makeForOperator(member, lifetime);
  }

  @Override
  String effect() {
    return "Whoever opens it is signed in as " + member + ".";
  }
}
