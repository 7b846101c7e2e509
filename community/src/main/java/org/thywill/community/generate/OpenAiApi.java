package org.thywill.community.generate;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.thywill.json.Json;

/** The chat completions API of OpenAI, which other services offer too. */
record OpenAiApi(URI address, String key, String model) implements LanguageModelApi {
  static final String BASE = "https://api.openai.com/v1";
  private static final Set<String> COMPLETE = Set.of("stop");

  @Override
  public String service() {
    return address.toString().startsWith(BASE + "/") ? "OpenAI" : "a language model";
  }

  @Override
  public String keyName() {
    return "OPENAI_API_KEY";
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Authorization", "Bearer " + key);
  }

  @Override
  public Map<String, Object> body(String instruction, String data) {
    return Map.of(
        "model",
        model,
        "max_completion_tokens",
        TOKENS_MAX,
        "messages",
        List.of(
            Map.of("role", "system", "content", instruction),
            Map.of("role", "user", "content", data)));
  }

  @Override
  public String text(Map<?, ?> answer) throws PrayerGenerationException {
    for (Map<?, ?> choice : Json.objects(answer.get("choices"))) {
      LanguageModelApi.requireComplete(COMPLETE, choice.get("finish_reason"));
      if (choice.get("message") instanceof Map<?, ?> message
          && message.get("content") instanceof String text) {
        return text;
      }
    }
    return "";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return service() + " " + address + " " + model;
  }
}
