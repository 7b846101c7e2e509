package org.thywill.cli.serving;

import java.io.IOException;
import java.time.Duration;
import org.thywill.community.Community;
import picocli.CommandLine.Command;

/** Makes a one-time link whose bearer becomes admin, for a community that has no admin. */
@Command(
    name = "admin-link",
    description =
        "Make a one-time link whose bearer becomes admin; only for a community that has no admin.")
public final class AdminLinkCommand extends OperatorLinkCommand {
  @Override
  String make(Community community, Duration lifetime) throws IOException {
    return "/join/" + community.members().makeOperatorLink(lifetime);
  }

  @Override
  String effect() {
    return "The person who opens it becomes admin.";
  }
}
