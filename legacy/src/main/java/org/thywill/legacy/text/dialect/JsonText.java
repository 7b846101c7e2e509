package org.thywill.legacy.text.dialect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as maps, lists and texts; numbers and truth values stay as they were spelled, and an object
 * knows its line by {@link #LINE}.
 */
final class JsonText {
  static final String LINE = "~line";

  private JsonText() {}

  /** An object that remembers which of its properties were asked for. */
  private static final class Asked extends LinkedHashMap<String, @Nullable Object> {
    private final Set<Object> asked = new HashSet<>(Set.of(LINE));

    @Override
    public @Nullable Object get(@Nullable Object name) {
      if (name != null) {
        asked.add(name);
      }
      return super.get(name);
    }
  }

  /** The properties of an object that nobody has asked for, in their order. */
  static List<String> unread(Map<?, ?> object) {
    return object instanceof Asked it
        ? it.keySet().stream().filter(name -> !it.asked.contains(name)).toList()
        : List.of();
  }

  /** The document, or null if the text is no JSON. */
  static @Nullable Object parse(String text) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object value = value(parser);
      return parser.nextToken() == null ? value : null;
    } catch (JacksonException e) {
      return null; // the caller says that the file is no JSON
    }
  }

  private static @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> map = new Asked();
      map.put(LINE, String.valueOf(parser.currentTokenLocation().getLineNr()));
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
      items.forEach(
          item -> {
            if (item instanceof Map<?, ?> map) {
              objects.add(map);
            }
          });
    }
    return objects;
  }

  static @Nullable String text(Map<?, ?> object, String name) {
    return object.get(name) instanceof String text ? text : null;
  }

  static long line(Map<?, ?> object) {
    return object.get(LINE) instanceof String line ? Long.parseLong(line) : 1;
  }
}
