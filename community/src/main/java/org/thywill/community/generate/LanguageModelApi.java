package org.thywill.community.generate;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a language model: what to send, and where the text is in the answer. */
interface LanguageModelApi {
  /** The most tokens of one answer; enough for models that think before they write. */
  int TOKENS_MAX = 1_000;

  /** The name of the service, for members. */
  String service();

  /** Where requests are sent. */
  URI address();

  /** The name of the model. */
  String model();

  /** The setting that holds the key. */
  String keyName();

  /** The headers that contain the key. They are secret. */
  Map<String, String> headers();

  /**
   * The body of a request, to be written as JSON.
   *
   * @param instruction what to do
   * @param data what to do it with
   */
  Map<String, Object> body(String instruction, String data);

  /**
   * The text in an answer.
   *
   * @param answer JSON as maps, lists and texts
   * @throws PrayerGenerationException if the answer was cut off
   */
  String text(Map<?, ?> answer) throws PrayerGenerationException;

  /**
   * Checks why an answer ended. An answer that does not say why is taken as complete.
   *
   * @param complete the reasons of complete answers
   * @param reason the reason in the answer, or null
   * @throws PrayerGenerationException for another reason
   */
  static void requireComplete(Set<String> complete, @Nullable Object reason)
      throws PrayerGenerationException {
    if (reason instanceof String word && !complete.contains(word)) {
      throw PrayerGenerationException.temporary(
          "its answer was not finished" + (word.matches("[a-z_]{1,40}") ? " (" + word + ")" : ""),
          Duration.ZERO);
    }
  }
}
