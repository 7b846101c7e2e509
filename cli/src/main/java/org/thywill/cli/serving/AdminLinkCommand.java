package org.thywill.cli.serving;

import java.io.IOException;
import java.time.Duration;
import org.thywill.community.Community;
import picocli.CommandLine.Command;

/** Makes the operator's one-time link for a community in which nobody may do everything. */
@Command(
    name = "admin-link",
    description =
        "Make a one-time link whose bearer becomes admin; only for a community in which nobody may"
            + " do everything.")
public final class AdminLinkCommand extends OperatorLinkCommand {
  @Override
  String make(Community community, Duration lifetime) throws IOException {
    return "/join/" + community.members().makeOperatorLink(lifetime);
  }

  @Override
  String effect() {
    return "Whoever opens it becomes admin.";
  }
}
