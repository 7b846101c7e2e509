package org.thywill.community.generate;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.thywill.json.Json;

/** The Messages API of Anthropic. */
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
  public String text(Map<?, ?> answer) throws PrayerGenerationException {
    LanguageModelApi.requireComplete(COMPLETE, answer.get("stop_reason"));
    StringBuilder text = new StringBuilder();
    for (Map<?, ?> block : Json.objects(answer.get("content"))) {
      if ("text".equals(block.get("type")) && block.get("text") instanceof String part) {
        text.append(part);
      }
    }
    return text.toString();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return service() + " " + address + " " + model;
  }
}
