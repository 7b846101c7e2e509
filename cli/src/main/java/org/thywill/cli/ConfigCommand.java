package org.thywill.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.operations.Configuration;
import picocli.CommandLine.Command;

/** Shows the settings in force. */
@Command(name = "config", description = "The settings in force, where each came from, and which secrets are still missing.")
final class ConfigCommand extends ThyWillCommand {
  @Override
  public Outcome call() {
    Configuration configuration = root().configuration();
    Outcome outcome = new Outcome();
    List<Map<String, @Nullable Object>> settings = new ArrayList<>();
    for (Configuration.Setting setting : configuration.settings()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", setting.name());
      json.put("value", setting.value().orElse(null));
      json.put("origin", setting.origin());
      json.put("secret", setting.secret());
      settings.add(json);
      outcome.say("%-38s %-24s %-12s %s".formatted(setting.name(), setting.secret() ? "(secret)" : setting.value().orElse("-"), setting.origin(),
          setting.meaning()));
    }
    List<String> missing = configuration.missingSecrets();
    missing.forEach(name -> outcome.say("Missing secret: " + name));
    return outcome.put("settings", settings).put("missing_secrets", missing);
  }
}
