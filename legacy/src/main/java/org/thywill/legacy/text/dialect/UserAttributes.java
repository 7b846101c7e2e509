package org.thywill.legacy.text.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads what export-all wrote of members besides their registration: {@code
 * users/user_attributes.txt}.
 *
 * <pre>
 * User Attributes
 *
 * username: NAME                       a block for each, after an empty line; its other lines in any order
 * is_supporter: true|false
 * supporter_since: YYYY-MM-DD
 * supporter_type: TEXT
 * welcome_message_dismissed: true|false
 * </pre>
 */
public final class UserAttributes implements Dialect {
  private static final String NAME = "username: ";

  @Override
  public String name() {
    return "attributes of members";
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.firstLine().equals("User Attributes");
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    @Nullable RowAssertion member = null;
    to.claim(1, 1);
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(NAME) && line.length() > NAME.length()) {
        add(member, to);
        member =
            RowAssertion.of(
                "user",
                file.folder(),
                SourcePriority.EXPORT,
                file.at(i + 1L),
                line.substring(NAME.length()));
        to.names().add(line.substring(NAME.length()));
      } else if (line.isEmpty()) {
        add(member, to);
        member = null;
      } else if (member != null && attribute(line, member)) {
        to.claim(i + 1L, i + 1L);
      } else {
        to.notUnderstood(
            file, i + 1L, "expected username: NAME, or one of the attributes of the member above");
      }
    }
    add(member, to);
  }

  private static void add(@Nullable RowAssertion member, AssertionSink to) {
    if (member != null) {
      to.add(member);
    }
  }

  private static boolean attribute(String line, RowAssertion member) {
    int colon = line.indexOf(": ");
    String value = colon < 0 ? "" : line.substring(colon + 2);
    return switch (colon < 0 ? "" : line.substring(0, colon)) {
      case "is_supporter", "welcome_message_dismissed" -> {
        member.set(line.substring(0, colon), value.equals("true") ? "1" : "0");
        yield value.equals("true") || value.equals("false");
      }
      case "supporter_since" -> {
        LocalTimestamp day = LocalTimestamp.ofIso(value + "T00:00");
        member.time("supporter_since", day);
        yield day != null;
      }
      case "supporter_type" -> {
        member.set("supporter_type", value);
        yield true;
      }
      default -> false;
    };
  }
}
