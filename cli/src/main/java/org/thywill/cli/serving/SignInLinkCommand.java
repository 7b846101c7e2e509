package org.thywill.cli.serving;

import java.io.IOException;
import java.time.Duration;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.community.Community;
import org.thywill.community.signin.SignInLinks;
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
  @Parameters(
      paramLabel = "MEMBER",
      description = "The member to sign in, by the handle or the exact name")
  String member;

  private String handle = "";

  @SuppressWarnings("NullAway.Init")
  SignInLinkCommand() {}

  @Override
  String make(Community community, Duration lifetime) throws IOException {
    SignInLinks.OperatorLink link = community.signInLinks().makeForOperator(member, lifetime);
    handle = link.member();
    return "/enter/" + link.token();
  }

  @Override
  void describe(CommandResult outcome) {
    outcome.put("member", handle);
  }

  @Override
  String effect() {
    return "The person who opens it is signed in as " + handle + ".";
  }
}
