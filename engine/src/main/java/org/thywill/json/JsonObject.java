package org.thywill.json;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of a JSON text: a map in the order of the text, with its line and what was read of it.
 *
 * <p>A property counts as read once {@link #get} was called for it. A reader can so name what it
 * did not use.
 */
public final class JsonObject extends LinkedHashMap<String, @Nullable Object> {
  private static final long serialVersionUID = 1;

  private final long line;
  private final Set<Object> read = new HashSet<>();

  JsonObject(long line) {
    this.line = line;
  }

  /** The line on which the object begins, from 1. */
  public long line() {
    return line;
  }

  @Override
  public @Nullable Object get(@Nullable Object name) {
    if (name != null) {
      read.add(name);
    }
    return super.get(name);
  }

  /** The text, number or truth value of a property, as it is spelled; null for anything else. */
  public @Nullable String text(String name) {
    return get(name) instanceof String text ? text : null;
  }

  /** The objects in the list of a property; none if the property is no list. */
  public List<JsonObject> objects(String name) {
    return Json.objects(get(name));
  }

  /** The properties that were not read yet, in the order of the text. */
  public List<String> unread() {
    return keySet().stream().filter(name -> !read.contains(name)).toList();
  }
}
