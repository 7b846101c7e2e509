package org.thywill.legacy.text.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads the sessions that were valid at the last sign-in.
 *
 * <p>The file is {@code system/current_state/active_sessions.txt}.
 *
 * <pre>
 * # Active Sessions Snapshot           and two more lines that begin with #
 *
 * Session ID:                          a block for each, after an empty line
 *   User: NAME (ID: NAME)
 *   Created: YYYY-MM-DD HH:MM:SS.ffffff     UTC, likewise Expires
 *   IP: ADDRESS|None
 *   Device: TEXT|Unknown
 *   Fully authenticated: True|False
 * </pre>
 */
public final class SessionSnapshot implements Dialect {
  private static final Pattern HEAD = Pattern.compile("Session (\\S+):");
  private static final Pattern COMMENT =
      Pattern.compile(
          "# (?:Active Sessions Snapshot|Generated: \\d[0-9T:.+-]*|Total active sessions: \\d+)");
  private static final Pattern FLAG = Pattern.compile(".*: (?:True|False)");
  private static final Pattern USER = Pattern.compile("(.*) \\(ID: (.*)\\)", Pattern.DOTALL);
  private static final List<String> LABELS =
      List.of("User", "Created", "Expires", "IP", "Device", "Fully authenticated");

  @Override
  public String name() {
    return "snapshot of sessions";
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.firstLine().equals("# Active Sessions Snapshot");
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    int i = 0;
    while (i < lines.size()) {
      Matcher head = HEAD.matcher(lines.get(i));
      int start = i++;
      if (head.matches()) {
        Map<String, String> values = new LinkedHashMap<>();
        for (; i < lines.size() && lines.get(i).startsWith("  "); i++) {
          int colon = lines.get(i).indexOf(": ");
          String label = colon < 0 ? "" : lines.get(i).substring(2, colon);
          boolean isFlag = label.equals("Fully authenticated");
          if (!LABELS.contains(label)
              || isFlag && !FLAG.matcher(lines.get(i)).matches()
              || values.putIfAbsent(label, lines.get(i).substring(colon + 2)) != null) {
            to.notUnderstood(
                file,
                i + 1L,
                "no line of a session, or one that it has already, or neither True nor False");
          } else {
            to.claim(i + 1L, i + 1L);
          }
        }
        if (!session(file, start + 1L, head.group(1), values, to)) {
          for (int line = start + 1; line <= i; line++) {
            to.notUnderstood(file, line, "of a session without its user or its times");
          }
        }
      } else if (COMMENT.matcher(lines.get(start)).matches()) {
        to.claim(start + 1L, start + 1L);
      } else if (!lines.get(start).isEmpty()) {
        to.notUnderstood(file, start + 1L, "expected Session ID:");
      }
    }
  }

  private static boolean session(
      TextFile file, long line, String id, Map<String, String> values, AssertionSink to) {
    Matcher user = USER.matcher(values.getOrDefault("User", ""));
    LocalTimestamp created = LocalTimestamp.ofIso(values.getOrDefault("Created", ""));
    LocalTimestamp expires = LocalTimestamp.ofIso(values.getOrDefault("Expires", ""));
    if (!user.matches() || created == null || expires == null) {
      return false;
    }
    to.add(
        RowAssertion.of("session", file.name(), SourcePriority.BACKUP, file.at(line), id)
            .set("username", user.group(2))
            .time("created_at", created)
            .time("expires_at", expires)
            .set("ip_address", word(values.get("IP"), "None"))
            .set("device_info", word(values.get("Device"), "Unknown"))
            .set(
                "is_fully_authenticated",
                values.getOrDefault("Fully authenticated", "").equals("True") ? "1" : "0"));
    return true;
  }

  /** A value, or null if it is the word for "no value". */
  private static @Nullable String word(@Nullable String value, String nothing) {
    return nothing.equals(value) ? null : value;
  }
}
