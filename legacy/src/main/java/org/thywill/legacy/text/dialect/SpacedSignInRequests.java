package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Sign-in requests of an early layout, with a blank on both sides of each {@code |}.
 *
 * <p>Below a title with a line of equals signs, a line is {@code STAMP | NAME | DEVICE | ADDRESS |
 * STATUS}. Only tests of the original have it.
 */
public final class SpacedSignInRequests implements Dialect {
  private static final String FORMAT = "Format: Authentication Request Archive";
  private static final int TITLE_LINES = 3;
  private static final Pattern LINE =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) \\| (.+?) \\| (.*) \\| (\\S+) \\|"
              + " (pending|approved|rejected|expired)");

  @Override
  public String name() {
    return "sign-in requests with blanks";
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.firstLine().equals(FORMAT);
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    to.claim(1, 1);
    for (int i = 1; i < lines.size(); i++) {
      long number = i + 1L;
      String line = lines.get(i);
      Matcher found = LINE.matcher(line);
      LocalTimestamp at = found.matches() ? LocalTimestamp.ofIso(found.group(1)) : null;
      boolean isTitle = i < TITLE_LINES && line.matches("Authentication Requests|=+");
      if (at != null) {
        to.add(
            RowAssertion.of(
                    "authenticationrequest",
                    file.folder() + ":" + name(),
                    SourcePriority.LIVE,
                    file.at(number),
                    found.group(2))
                .set("device_info", found.group(3))
                .set("ip_address", found.group(4))
                .set("status", found.group(5))
                .time("created_at", at));
      } else if (isTitle) {
        to.claim(number, number);
      } else if (!line.isBlank()) {
        to.notUnderstood(file, number, "expected STAMP | NAME | DEVICE | ADDRESS | STATUS");
      }
    }
  }
}
