package org.thywill.cli.serving;

import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.community.generate.PrayerGenerator;
import org.thywill.community.generate.RemotePrayerGenerator;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.operations.settings.Configuration;

/**
 * Who writes the prayers beside requests, as the settings say. A community works without a language
 * model: where the key of one is missing, the program writes.
 */
public final class PrayerGeneratorFactory {
  private PrayerGeneratorFactory() {}

  public static PrayerGenerator of(Configuration settings, Consumer<String> say) {
    return switch (settings.value(Configuration.WRITER)) {
      case "anthropic" ->
          key(settings, Configuration.ANTHROPIC_KEY, say)
              .<PrayerGenerator>map(
                  key ->
                      told(
                          RemotePrayerGenerator.anthropic(
                              key, settings.value(Configuration.ANTHROPIC_MODEL)),
                          say))
              .orElseGet(TemplatePrayerGenerator::new);
      case "openai" ->
          key(settings, Configuration.OPENAI_KEY, say)
              .<PrayerGenerator>map(
                  key ->
                      told(
                          RemotePrayerGenerator.openAi(
                              key,
                              settings.value(Configuration.OPENAI_MODEL),
                              settings.value(Configuration.OPENAI_BASE)),
                          say))
              .orElseGet(TemplatePrayerGenerator::new);
      default -> new TemplatePrayerGenerator();
    };
  }

  private static PrayerGenerator told(PrayerGenerator writer, Consumer<String> say) {
    say.accept(
        "Prayers beside requests are written by "
            + writer.name()
            + ": the text of requests is sent there, and members are told.");
    return writer;
  }

  private static Optional<String> key(Configuration settings, String name, Consumer<String> say) {
    Optional<String> key = settings.secret(name).map(String::strip);
    if (key.filter(RemotePrayerGenerator::canBeKey).isEmpty()) {
      say.accept(
          "Note: the program itself writes the prayers beside requests, since "
              + Configuration.WRITER
              + "="
              + settings.value(Configuration.WRITER)
              + " needs the secret "
              + name
              + (key.isEmpty()
                  ? ", which is not set."
                  : "; what it is set to has characters that no key has."));
    }
    return key.filter(RemotePrayerGenerator::canBeKey);
  }
}
