package org.thywill.community.generate;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The interface of a service that makes texts: how it is asked, and where in its answer the words
 * are.
 */
interface LanguageModelApi {
  /**
   * What a service may spend on one answer, in its own measure; enough for models that think before
   * they write.
   */
  int TOKENS_MAX = 1_000;

  /** The name of the service, as members know it. */
  String service();

  URI address();

  String model();

  /** The setting that holds the key. */
  String keyName();

  /** By which the service knows who asks: secret. */
  Map<String, String> headers();

  /**
   * What is sent.
   *
   * @param instruction what is to be done
   * @param data what it is to be done with
   */
  Map<String, Object> body(String instruction, String data);

  /**
   * The words in an answer.
   *
   * @param answer JSON as maps, lists and texts
   * @throws PrayerGenerator.Failed if there are none, or not all of them
   */
  String words(Map<?, ?> answer) throws PrayerGenerator.Failed;

  /**
   * Looks why an answer ended; one that does not say why is taken as whole.
   *
   * @throws PrayerGenerator.Failed if it was cut off, or was not meant as an answer
   */
  static void requireWhole(Set<String> complete, @Nullable Object ending)
      throws PrayerGenerator.Failed {
    if (ending instanceof String reason && !complete.contains(reason)) {
      throw PrayerGenerator.Failed.forNow(
          "its answer was not finished"
              + (reason.matches("[a-z_]{1,40}") ? " (" + reason + ")" : ""),
          Duration.ZERO);
    }
  }
}
