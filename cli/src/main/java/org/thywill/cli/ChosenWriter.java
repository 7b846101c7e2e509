package org.thywill.cli;

import java.util.Optional;
import java.util.function.Consumer;
import org.thywill.community.generate.PlainPrayerWriter;
import org.thywill.community.generate.PrayerWriter;
import org.thywill.community.generate.RemoteWriter;
import org.thywill.operations.settings.Configuration;

/**
 * Who writes the prayers beside requests, as the settings say. A community works without a language
 * model: where the key of one is missing, the program writes.
 */
final class ChosenWriter {
  private ChosenWriter() {}

  static PrayerWriter of(Configuration settings, Consumer<String> say) {
    return switch (settings.value(Configuration.WRITER)) {
      case "anthropic" ->
          key(settings, Configuration.ANTHROPIC_KEY, say)
              .<PrayerWriter>map(
                  key ->
                      told(
                          RemoteWriter.anthropic(
                              key, settings.value(Configuration.ANTHROPIC_MODEL)),
                          say))
              .orElseGet(PlainPrayerWriter::new);
      case "openai" ->
          key(settings, Configuration.OPENAI_KEY, say)
              .<PrayerWriter>map(
                  key ->
                      told(
                          RemoteWriter.openAi(
                              key,
                              settings.value(Configuration.OPENAI_MODEL),
                              settings.value(Configuration.OPENAI_BASE)),
                          say))
              .orElseGet(PlainPrayerWriter::new);
      default -> new PlainPrayerWriter();
    };
  }

  private static PrayerWriter told(PrayerWriter writer, Consumer<String> say) {
    say.accept(
        "Prayers beside requests are written by "
            + writer.name()
            + ": the text of requests is sent there, and members are told.");
    return writer;
  }

  private static Optional<String> key(Configuration settings, String name, Consumer<String> say) {
    Optional<String> key = settings.secret(name).map(String::strip);
    if (key.filter(RemoteWriter::canBeKey).isEmpty()) {
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
    return key.filter(RemoteWriter::canBeKey);
  }
}
