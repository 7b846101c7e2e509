package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.legacy.text.dialect.Assertion.SessionEnd;
import org.thywill.legacy.text.file.TextFile;

/**
 * Events of sessions, invites, sign-ins and admins in {@code system/event_log/}.
 *
 * <p>A file has no title, and lines as {@code STAMP - Session ID created for user NAME}. Only the
 * end of a session is read from them: tables have all other events with more detail.
 */
public final class EventLog implements Dialect {
  private static final Pattern LINE =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\S+ - (Session|Auth request|Invite token|Admin role) ?(\\S*)"
              + " ?(.*)",
          Pattern.DOTALL);

  @Override
  public String name() {
    return "event log";
  }

  @Override
  public boolean recognises(TextFile file) {
    return LINE.matcher(file.firstLine()).matches();
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher line = LINE.matcher(lines.get(i));
      if (line.matches()
          && line.group(1).equals("Session")
          && line.group(3).startsWith("deleted")) {
        to.add(new SessionEnd(line.group(2), file.at(i + 1L)));
      } else if (line.matches()) {
        to.note(file, i + 1L, "event", "an event that the tables have with more detail");
      } else if (!lines.get(i).isEmpty()) {
        to.notUnderstood(
            file, i + 1L, "expected STAMP - Session ID EVENT for user NAME, or the like");
      }
    }
  }
}
