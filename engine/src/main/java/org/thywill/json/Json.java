package org.thywill.json;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes JSON as maps, lists and texts.
 *
 * <p>A number or truth value that is read stays the text that it was.
 */
public final class Json {
  private Json() {}

  /**
   * Writes a map on one line, in its order.
   *
   * <p>Values may be maps, lists, numbers, truth values, null, an {@link Optional} of any of these,
   * or anything else, which is written as the text that {@code toString} gives.
   */
  public static String write(Map<String, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      write(object, json);
    }
    return text.toString();
  }

  private static void write(@Nullable Object value, JsonGenerator json) {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (name, member) -> {
              json.writeName(String.valueOf(name));
              write(member, json);
            });
        json.writeEndObject();
      }
      case Iterable<?> list -> {
        json.writeStartArray();
        list.forEach(member -> write(member, json));
        json.writeEndArray();
      }
      case Optional<?> maybe -> write(maybe.isPresent() ? maybe.get() : null, json);
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }

  /** Reads a text that is one object; empty if it is anything else. */
  public static Optional<Map<?, ?>> read(String text) {
    return document(text) instanceof Map<?, ?> object ? Optional.of(object) : Optional.empty();
  }

  /**
   * Reads a text of any kind.
   *
   * @return a {@link JsonObject}, a {@link List}, or a text; null if the text is no JSON, or is
   *     JSON's null
   */
  public static @Nullable Object document(String text) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object value = value(parser);
      return parser.nextToken() == null ? value : null;
    } catch (JacksonException e) {
      return null; // its message quotes the text, which may be confidential
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      JsonObject object = new JsonObject(parser.currentTokenLocation().getLineNr());
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        object.put(name, value(parser));
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(value(parser));
      }
      return list;
    }
    return token == JsonToken.VALUE_NULL || token == null ? null : parser.getString();
  }

  /** The objects of a list, in order; none if the value is no list. */
  public static List<JsonObject> objects(@Nullable Object list) {
    return list instanceof List<?> items
        ? items.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast).toList()
        : List.of();
  }
}
