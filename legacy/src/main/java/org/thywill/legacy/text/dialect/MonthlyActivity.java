package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.ActivityEntry;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.dialect.Assertion.Submission;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads the activity of a month: {@code activity/activity_2025_05.txt}.
 *
 * <pre>
 * Activity for May 2025
 *
 *
 * May 03 2025                      a heading for each day, after an empty line
 * 19:20 - ACTOR ACTION (TAG)       the tag of the prayer's project, if it has one
 * </pre>
 *
 * <p>Actions are {@code registered directly}, {@code registered via invitation from NAME}, {@code
 * submitted prayer ID}, {@code prayed for prayer ID}, {@code marked prayer ID as answered}, and
 * {@code added testimony for}, {@code archived}, {@code restored}, {@code flagged prayer ID}. Other
 * files have nearly all of it too. Only this one has the ids of prayers whose files are missing, or
 * whose files lost the id.
 */
public final class MonthlyActivity implements Dialect {
  private static final Pattern TITLE = Pattern.compile("Activity for .*");
  private static final Pattern DAY = Pattern.compile("([A-Z][a-z]{2,8}) (\\d{1,2}) (\\d{4})");
  private static final Pattern LINE = Pattern.compile("(\\d\\d):(\\d\\d) - (.*)", Pattern.DOTALL);
  private static final Pattern REGISTERED =
      Pattern.compile("(.+) registered (?:directly|via invitation from (.*))", Pattern.DOTALL);
  private static final Pattern ACTED =
      Pattern.compile(
          "(.+) (submitted|prayed for|marked|added testimony for|archived|restored|flagged) prayer"
              + " (\\S+)( as answered)?(?: \\((.*)\\))?",
          Pattern.DOTALL);

  @Override
  public String name() {
    return "activity by month";
  }

  @Override
  public boolean recognises(TextFile file) {
    return TITLE.matcher(file.firstLine()).matches();
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    @Nullable Matcher day = null;
    to.claim(1, 1);
    for (int i = 1; i < lines.size(); i++) {
      Matcher heading = DAY.matcher(lines.get(i));
      Matcher line = LINE.matcher(lines.get(i));
      if (heading.matches()
          && LocalTimestamp.of(heading.group(1), number(heading, 2), number(heading, 3), 0, 0)
              != null) {
        day = heading;
        to.claim(i + 1L, i + 1L);
      } else if (line.matches() && day != null) {
        LocalTimestamp at =
            LocalTimestamp.of(
                day.group(1), number(day, 2), number(day, 3), number(line, 1), number(line, 2));
        if (at == null || !readAction(file, i + 1L, line.group(3), at, to)) {
          to.notUnderstood(file, i + 1L, "none of the actions that the monthly activity has");
        }
      } else if (!lines.get(i).isEmpty()) {
        to.notUnderstood(file, i + 1L, "expected a day, or HH:MM - NAME ACTION");
      }
    }
  }

  private static boolean readAction(
      TextFile file, long line, String words, LocalTimestamp at, AssertionSink to) {
    Matcher acted = ACTED.matcher(words);
    Matcher registered = REGISTERED.matcher(words);
    if (acted.matches()) {
      return readActionOnPrayer(file, line, acted, at, to);
    }
    if (registered.matches()) {
      to.names().add(registered.group(1));
      to.add(
          RowAssertion.of(
                  "user", file.folder(), SourcePriority.MONTHLY, file.at(line), registered.group(1))
              .time("created_at", at)
              .set("invited_by_username", registered.group(2)));
      return true;
    }
    return false;
  }

  private static boolean readActionOnPrayer(
      TextFile file, long line, Matcher acted, LocalTimestamp at, AssertionSink to) {
    String actor = acted.group(1);
    String prayer = acted.group(3);
    boolean isAnswered = acted.group(4) != null;
    String action =
        switch (acted.group(2)) {
          case "submitted" -> "";
          case "prayed for" -> ActivityInterpreter.PRAYED;
          case "marked" -> ActivityInterpreter.ANSWERED;
          case "archived" -> ActivityInterpreter.ARCHIVED;
          case "restored" -> ActivityInterpreter.RESTORED;
          case "flagged" -> ActivityInterpreter.FLAGGED;
          default -> "added testimony";
        };
    if (isAnswered != acted.group(2).equals("marked")) {
      return false;
    }
    if (acted.group(5) != null) {
      to.note(
          file, line, "said-elsewhere", "the tag of the prayer's project, which its own file has");
    }
    if (action.isEmpty()) {
      to.names().add(actor);
      to.add(new Submission(prayer, actor, at, file.at(line)));
      to.add(new MemberEvidence(actor, at, file.at(line)));
    } else {
      to.add(new ActivityEntry(prayer, at, actor + " " + action, "", true, file.at(line)));
    }
    return true;
  }

  private static int number(Matcher found, int group) {
    return Integer.parseInt(found.group(group));
  }
}
