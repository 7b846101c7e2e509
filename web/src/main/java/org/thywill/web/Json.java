package org.thywill.web;

/** The little JSON that the server writes itself. */
final class Json {
  private static final char CONTROL_END = 0x20;

  private Json() {}

  static String problem(Problem problem, String number) {
    return "{\"type\":\"about:blank\",\"title\":" + text(problem.title()) + ",\"status\":" + problem.status() + ",\"detail\":" + text(problem.sentence())
        + (number.isEmpty() ? "" : ",\"instance\":" + text("urn:thywill:" + number)) + "}";
  }

  static String text(String value) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < CONTROL_END) {
        json.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
