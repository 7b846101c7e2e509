package org.thywill.community.generate;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.thywill.json.Json;

/** The Messages interface of Anthropic. */
record AnthropicApi(URI address, String key, String model) implements LanguageModelApi {
  private static final String VERSION = "2023-06-01";
  private static final Set<String> COMPLETE = Set.of("end_turn", "stop_sequence");

  @Override
  public String service() {
    return "Anthropic";
  }

  @Override
  public String keyName() {
    return "ANTHROPIC_API_KEY";
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("x-api-key", key, "anthropic-version", VERSION);
  }

  @Override
  public Map<String, Object> body(String instruction, String data) {
    return Map.of(
        "model",
        model,
        "max_tokens",
        TOKENS_MAX,
        "system",
        instruction,
        "messages",
        List.of(Map.of("role", "user", "content", data)));
  }

  @Override
  public String words(Map<?, ?> answer) throws PrayerGenerator.Failed {
    LanguageModelApi.requireWhole(COMPLETE, answer.get("stop_reason"));
    StringBuilder words = new StringBuilder();
    for (Map<?, ?> part : Json.objects(answer.get("content"))) {
      if ("text".equals(part.get("type")) && part.get("text") instanceof String text) {
        words.append(text);
      }
    }
    return words.toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return service() + " " + address + " " + model;
  }
}
