package org.thywill.cli.recovery;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.thywill.view.Comparison;

/** Describes a difference between two communities, for people and for programs. */
final class DifferenceText {
  private DifferenceText() {}

  /** One line for people. */
  static String sentence(Comparison.Difference difference) {
    return "  "
        + difference.table()
        + "/"
        + difference.key()
        + (difference.column().isEmpty() ? "" : "." + difference.column())
        + ": "
        + Objects.requireNonNullElse(difference.a(), "(nothing)")
        + " | "
        + Objects.requireNonNullElse(difference.b(), "(nothing)");
  }

  /** One object for programs. */
  static Map<String, @Nullable Object> json(Comparison.Difference difference) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("table", difference.table());
    json.put("key", difference.key());
    json.put("column", difference.column());
    json.put("a", difference.a());
    json.put("b", difference.b());
    return json;
  }
}
