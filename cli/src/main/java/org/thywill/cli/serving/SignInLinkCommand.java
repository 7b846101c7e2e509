package org.thywill.cli.serving;

import java.io.IOException;
import java.time.Duration;
import org.thywill.community.Community;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Makes a one-time link that signs in one member.
 *
 * <p>It is the way back into a community where no member is signed in who could approve a sign-in.
 */
@Command(
    name = "sign-in-link",
    description =
        "Make a one-time link that signs in one member; for a community where no member is signed"
            + " in who could approve a sign-in, as after a recovery.")
public final class SignInLinkCommand extends OperatorLinkCommand {
  @Parameters(paramLabel = "MEMBER", description = "The member to sign in, by name or handle")
  String member;

  @SuppressWarnings("NullAway.Init")
  SignInLinkCommand() {}

  @Override
  String make(Community community, Duration lifetime) throws IOException {
    return "/enter/" + community.signInLinks().makeForOperator(member, lifetime);
  }

  @Override
  String effect() {
    return "The person who opens it is signed in as " + member + ".";
  }
}
