package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thywill.legacy.text.dialect.Assertion.ActivityEntry;
import org.thywill.legacy.text.dialect.Assertion.MemberEvidence;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads a prayer and its activity: {@code prayers/2025/02/2025_02_09_prayer_at_0640.txt}.
 *
 * <p>The original wrote the file when the prayer was created, or when it rebuilt the archive from
 * the database.
 *
 * <pre>
 * Prayer ID by AUTHOR              ID holds no blank; "temp" until the row was in the database
 * Submitted STAMP
 * Project: TAG                     optional, as are Audience and the lines of categorisation
 *                                  the first empty line ends the header
 * TEXT                             any lines
 *                                  empty
 * Generated Prayer:                this block only if there is one
 * TEXT
 *                                  empty
 * Activity:
 * STAMP - ACTOR WORDS              in the order of writing; testimonies and values may have further lines
 * </pre>
 *
 * <p>A text may hold the markers too. The real {@code Activity:} is the last such line that follows
 * an empty line and is followed by an entry or by nothing. The real {@code Generated Prayer:} is
 * the first that follows an empty line.
 */
public final class PrayerFile implements Dialect {
  private static final Pattern FIRST = Pattern.compile("Prayer (\\S+) by (.*)", Pattern.DOTALL);
  private static final Pattern ENTRY =
      Pattern.compile(LocalTimestamp.LONG + " - (.*)", Pattern.DOTALL);
  private static final Pattern CONTINUED =
      Pattern.compile(
          ".* (?:added testimony: |set .* to '|removed .* \\(was '|\\S+: ).*", Pattern.DOTALL);
  private static final String ACTIVITY = "Activity:";
  private static final String GENERATED = "Generated Prayer:";
  private static final String SUBMITTED = "Submitted ";
  private static final Map<String, String> COLUMNS =
      Map.of(
          "Project",
          "project_tag",
          "Safety Score",
          "safety_score",
          "Safety Flags",
          "safety_flags",
          "Category",
          "subject_category",
          "Specificity",
          "specificity_type",
          "Categorization Method",
          "categorization_method",
          "Categorization Confidence",
          "specificity_confidence");
  private static final List<String> WITHOUT_COLUMN = List.of("Audience", "Suggested Archive Date");

  /** What a file has for the id of a prayer that was not in the database yet. */
  public static final String PLACEHOLDER = "temp";

  /** What a file has for the author if there is none. */
  public static final List<String> UNKNOWN_AUTHORS = List.of("Unknown", "Unknown User", "None", "");

  @Override
  public String name() {
    return "prayers, one file each";
  }

  @Override
  public boolean recognises(TextFile file) {
    return FIRST.matcher(file.firstLine()).matches() && file.secondLine().startsWith(SUBMITTED);
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    Matcher first = FIRST.matcher(lines.getFirst());
    int header = lines.indexOf("");
    LocalTimestamp submitted = LocalTimestamp.ofMinute(lines.get(1).substring(SUBMITTED.length()));
    if (!first.matches() || header < 0 || submitted == null) {
      String why =
          header < 0
              ? "a prayer whose header does not end"
              : "a prayer without the time when it was submitted";
      for (int i = 0; i < lines.size(); i++) {
        to.notUnderstood(file, i + 1L, why);
      }
      return;
    }
    String id =
        first.group(1).equals(PLACEHOLDER) ? PLACEHOLDER + ":" + file.name() : first.group(1);
    RowAssertion prayer =
        RowAssertion.of("prayer", file.name(), SourcePriority.FILE, file.at(1), id)
            .set("author_username", first.group(2))
            .set("project_tag", null)
            .time("created_at", submitted)
            .set("text_file_path", file.originalPath());
    header(file, lines.subList(2, header), prayer, to);
    int activity = activity(lines, header);
    int end = activity < 0 ? lines.size() + 1 : activity;
    if (activity < 0) {
      to.warn(
          file,
          lines.size(),
          "prayer-cut-short",
          "the file ends before its activity; what it has is carried");
    }
    body(lines, header, end, prayer);
    to.claim(1, 2);
    to.claim(header + 1L, Math.min(end + 1L, lines.size()));
    to.add(prayer);
    if (!UNKNOWN_AUTHORS.contains(first.group(2))) {
      to.names().add(first.group(2));
      to.add(new MemberEvidence(first.group(2), submitted, file.at(1)));
    }
    if (activity >= 0) {
      activity(file, lines, activity + 1, id, to);
    }
  }

  private static void header(
      TextFile file, List<String> lines, RowAssertion prayer, AssertionSink to) {
    for (int i = 0; i < lines.size(); i++) {
      int colon = lines.get(i).indexOf(": ");
      String label = colon < 0 ? "" : lines.get(i).substring(0, colon);
      String column = COLUMNS.get(label);
      if (column != null && (column.equals("project_tag") || prayer.values().get(column) == null)) {
        prayer.set(column, lines.get(i).substring(colon + 2));
        to.claim(i + 3L, i + 3L);
      } else if (WITHOUT_COLUMN.contains(label)) {
        to.note(
            file,
            i + 3L,
            "no-column",
            label + " was given up by the original; its last version has no column for it");
      } else {
        to.notUnderstood(
            file, i + 3L, "a line in the header of a prayer that is none of its labels");
      }
    }
  }

  /** The line of the real marker, or -1. */
  private static int activity(List<String> lines, int header) {
    int next = lines.size();
    for (int i = lines.size() - 1; i > header; i--) {
      String line = lines.get(i);
      if (line.equals(ACTIVITY)
          && lines.get(i - 1).isEmpty()
          && (next == lines.size() || ENTRY.matcher(lines.get(next)).matches())) {
        return i;
      }
      next = line.isEmpty() ? next : i;
    }
    return -1;
  }

  private static void body(List<String> lines, int header, int end, RowAssertion prayer) {
    int generated = -1;
    for (int i = header + 2; i < Math.min(end, lines.size()) && generated < 0; i++) {
      generated = lines.get(i).equals(GENERATED) && lines.get(i - 1).isEmpty() ? i : -1;
    }
    prayer.set("text", joined(lines, header + 1, (generated < 0 ? end : generated) - 1));
    prayer.set("generated_prayer", generated < 0 ? null : joined(lines, generated + 1, end - 1));
  }

  private static String joined(List<String> lines, int from, int to) {
    return to <= from ? "" : String.join("\n", lines.subList(from, Math.min(to, lines.size())));
  }

  private static void activity(
      TextFile file, List<String> lines, int from, String id, AssertionSink to) {
    int i = from;
    while (i < lines.size()) {
      Matcher entry = ENTRY.matcher(lines.get(i));
      LocalTimestamp at = entry.matches() ? LocalTimestamp.of(entry, 1) : null;
      int start = i++;
      if (at == null) {
        if (!lines.get(start).isEmpty()) {
          to.notUnderstood(
              file, start + 1L, "neither an entry of the activity nor the rest of one");
        }
        continue;
      }
      StringBuilder words = new StringBuilder(entry.group(6));
      if (CONTINUED.matcher(words).matches()) {
        while (i < lines.size() && !ENTRY.matcher(lines.get(i)).matches()) {
          words.append('\n').append(lines.get(i++));
        }
      }
      to.claim(start + 1L, i);
      to.add(
          new ActivityEntry(
              id, at, words.toString(), file.originalPath(), false, file.at(start + 1L)));
    }
  }
}
