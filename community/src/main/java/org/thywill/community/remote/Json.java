package org.thywill.community.remote;

import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.community.PrayerWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON as maps, lists and texts, in both directions; of what is read, numbers and truth values are the texts that they were. */
final class Json {
  private Json() {}

  static String write(Map<String, ?> object) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      write(object, json);
    }
    return text.toString();
  }

  private static void write(Object value, JsonGenerator json) {
    switch (value) {
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach((name, member) -> {
          json.writeName(String.valueOf(name));
          write(member, json);
        });
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(member -> write(member, json));
        json.writeEndArray();
      }
      case Integer number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }

  /**
   * Reads an object.
   *
   * @throws PrayerWriter.Failed if the text is none; it says nothing of the text
   */
  static Map<?, ?> read(String text) throws PrayerWriter.Failed {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      if (value(parser) instanceof Map<?, ?> object && parser.nextToken() == null) {
        return object;
      }
    } catch (JacksonException e) {
      throw unreadable(); // its message quotes the text
    }
    throw unreadable();
  }

  private static PrayerWriter.Failed unreadable() {
    return PrayerWriter.Failed.forNow("its answer is no JSON object", Duration.ZERO);
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        map.put(name, value(parser));
      }
      return map;
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

  /** The objects of a list; nothing if it is none. */
  static List<Map<?, ?>> objects(@Nullable Object list) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (list instanceof List<?> items) {
      items.forEach(item -> {
        if (item instanceof Map<?, ?> map) {
          objects.add(map);
        }
      });
    }
    return objects;
  }

  /**
   * Looks why a text ended; what does not say why is taken as whole.
   *
   * @throws PrayerWriter.Failed if it was cut off, or was not meant as an answer
   */
  static void requireOneOf(Set<String> complete, @Nullable Object ending) throws PrayerWriter.Failed {
    if (ending instanceof String reason && !complete.contains(reason)) {
      throw PrayerWriter.Failed.forNow("its answer was not finished" + (reason.matches("[a-z_]{1,40}") ? " (" + reason + ")" : ""), Duration.ZERO);
    }
  }
}
