package org.thywill.cli.serving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;
import org.thywill.cli.terminal.CommandResult;
import org.thywill.cli.terminal.Subcommand;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.Configuration;
import picocli.CommandLine.Command;

/** Shows the settings in force. */
@Command(
    name = "config",
    description =
        "The settings in force, where each came from, which are wrong or unknown, and which secrets"
            + " are still missing.")
public final class ConfigCommand extends Subcommand {
  @Override
  protected CommandResult execute() throws IOException {
    List<Finding> findings = new ArrayList<>();
    Configuration configuration =
        context().configuration().with(ArchivedSettings.look(context().archivePath(), findings));
    findings.addAll(configuration.findings());
    CommandResult outcome =
        new CommandResult()
            .put("settings", configuration.settings().stream().map(ConfigCommand::json).toList())
            .put("missing_secrets", configuration.missingSecrets())
            .put("must_provide", configuration.toProvide())
            .find(findings, Map.of());
    configuration
        .settings()
        .forEach(
            setting ->
                outcome.say(
                    "%-36s %-24s %-20s %s"
                        .formatted(
                            setting.name(),
                            shown(setting),
                            setting.origin(),
                            setting.known().meaning())));
    return outcome;
  }

  private static String shown(Configuration.Setting setting) {
    if (setting.isSecret()) {
      return "(secret)";
    }
    return setting.value() == null ? "-" : Configuration.shown(setting.value());
  }

  private static Map<String, @Nullable Object> json(Configuration.Setting setting) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", setting.name());
    json.put("value", setting.value() == null ? null : Configuration.shown(setting.value()));
    json.put("origin", setting.origin());
    json.put("secret", setting.isSecret());
    json.put("meaning", setting.known().meaning());
    return json;
  }
}
