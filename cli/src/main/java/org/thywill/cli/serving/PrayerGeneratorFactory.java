package org.thywill.cli.serving;

import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.community.generate.PrayerGenerator;
import org.thywill.community.generate.RemotePrayerGenerator;
import org.thywill.community.generate.TemplatePrayerGenerator;
import org.thywill.operations.settings.Configuration;

/**
 * Makes the prayer generator that the settings name.
 *
 * <p>A community works without a language model: if its key is missing or cannot be one, prayers
 * are generated from templates.
 */
public final class PrayerGeneratorFactory {
  private PrayerGeneratorFactory() {}

  /**
   * Makes the generator.
   *
   * @param notice takes sentences for the operator: where requests are sent, or what is missing
   */
  public static PrayerGenerator of(Configuration settings, Consumer<String> notice) {
    Optional<PrayerGenerator> remote =
        switch (settings.value(Configuration.GENERATOR)) {
          case "anthropic" ->
              key(settings, Configuration.ANTHROPIC_KEY, notice)
                  .map(
                      key ->
                          RemotePrayerGenerator.anthropic(
                              key, settings.value(Configuration.ANTHROPIC_MODEL)));
          case "openai" ->
              key(settings, Configuration.OPENAI_KEY, notice)
                  .map(
                      key ->
                          RemotePrayerGenerator.openAi(
                              key,
                              settings.value(Configuration.OPENAI_MODEL),
                              settings.value(Configuration.OPENAI_BASE)));
          default -> Optional.empty();
        };
    if (remote.isEmpty()) {
      return new TemplatePrayerGenerator();
    }
    notice.accept(
        "Prayers beside requests are written by "
            + remote.get().name()
            + ": the text of requests is sent there, and members can see that.");
    return remote.get();
  }

  /** The key of a language model; empty if it is missing or cannot be one, which is noticed. */
  private static Optional<String> key(
      Configuration settings, String name, Consumer<String> notice) {
    Optional<String> key = settings.secret(name).map(String::strip);
    if (key.filter(RemotePrayerGenerator::canBeKey).isEmpty()) {
      String problem =
          key.isEmpty()
              ? ", which is not set."
              : "; what it is set to has characters that no key has.";
      notice.accept(
          "Note: the program itself writes the prayers beside requests, since "
              + Configuration.GENERATOR
              + "="
              + settings.value(Configuration.GENERATOR)
              + " needs the secret "
              + name
              + problem);
    }
    return key.filter(RemotePrayerGenerator::canBeKey);
  }
}
