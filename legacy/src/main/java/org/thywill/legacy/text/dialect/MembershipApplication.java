package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads an application for membership: {@code membership_applications/20250915_100014_ID.txt}.
 *
 * <p>An applicant becomes a member only by an approval.
 *
 * <pre>
 * MEMBERSHIP APPLICATION
 * =====================
 *
 * Application ID: ID
 * Submitted: ISO
 * IP Address: ADDRESS|Unknown
 *
 * USERNAME: NAME
 *
 * ESSAY/MOTIVATION:
 * TEXT                                 may hold any label: what follows is found from the end
 *
 * CONTACT INFO: TEXT|None provided
 *
 * STATUS: pending                      always; the lines after it decide
 *
 * APPROVED by NAME at ISO              or REJECTED
 * Invite token: TOKEN                  or Reason: TEXT
 * </pre>
 */
public final class MembershipApplication implements Dialect {
  private static final String ESSAY = "ESSAY/MOTIVATION:";
  private static final String CONTACT = "CONTACT INFO: ";
  private static final String STATUS = "STATUS: pending";
  private static final Pattern DECISION =
      Pattern.compile("(APPROVED|REJECTED) by (.*) at (\\S+)", Pattern.DOTALL);

  @Override
  public String name() {
    return "applications for membership";
  }

  @Override
  public boolean recognises(TextFile file) {
    return file.firstLine().equals("MEMBERSHIP APPLICATION");
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    int essay = lines.indexOf(ESSAY);
    int status = lines.lastIndexOf(STATUS);
    int contact = status - 2;
    while (contact > essay
        && !(lines.get(contact).startsWith(CONTACT) && lines.get(contact - 1).isEmpty())) {
      contact--;
    }
    String id = label(lines, essay, "Application ID: ", to);
    String name = label(lines, essay, "USERNAME: ", to);
    String submitted = label(lines, essay, "Submitted: ", to);
    LocalTimestamp at = submitted == null ? null : LocalTimestamp.ofIso(submitted);
    if (contact <= essay || id == null || name == null || at == null) {
      for (int i = 0; i < lines.size(); i++) {
        to.notUnderstood(
            file, i + 1L, "an application without its id, name, time, essay, contact or status");
      }
      return;
    }
    RowAssertion row =
        RowAssertion.of(
                "membership_application", file.name(), SourcePriority.BACKUP, file.at(1), id)
            .set("username", name)
            .time("created_at", at)
            .set("ip_address", word(label(lines, essay, "IP Address: ", to), "Unknown"))
            .set("essay", String.join("\n", lines.subList(essay + 1, contact - 1)))
            .set(
                "contact_info",
                word(
                    String.join("\n", lines.subList(contact, status - 1))
                        .substring(CONTACT.length()),
                    "None provided"))
            .set("text_file_path", file.originalPath())
            .set("status", "pending");
    to.claim(1, lines.get(1).matches("=*") ? 2 : 1);
    to.claim(essay + 1L, status - 1L);
    to.claim(status + 1L, status + 1L);
    decisions(file, lines, status + 1, row, to);
    to.add(row);
  }

  private static void decisions(
      TextFile file, List<String> lines, int from, RowAssertion row, AssertionSink to) {
    for (int i = from; i < lines.size(); i++) {
      Matcher decision = DECISION.matcher(lines.get(i));
      LocalTimestamp at = decision.matches() ? LocalTimestamp.ofIso(decision.group(3)) : null;
      to.claim(i + 1L, i + 1L);
      if (at != null) {
        row.set("status", decision.group(1).equals("APPROVED") ? "approved" : "rejected")
            .set("processed_by_user_id", decision.group(2))
            .time("processed_at", at);
      } else if (lines.get(i).startsWith("Invite token: ")) {
        row.set("invite_token", lines.get(i).substring("Invite token: ".length()));
      } else if (lines.get(i).startsWith("Reason: ")) {
        row.set(RowAssertion.REMARK, lines.get(i).substring("Reason: ".length()));
      } else if (!lines.get(i).isEmpty()) {
        to.notUnderstood(file, i + 1L, "expected a decision, an invite or a reason");
      }
    }
  }

  /** The text after a label; null if no line has it. Only the first such line is read. */
  private static @Nullable String label(
      List<String> lines, int end, String label, AssertionSink to) {
    for (int i = 0; i < end; i++) {
      if (lines.get(i).startsWith(label)) {
        to.claim(i + 1L, i + 1L);
        return lines.get(i).substring(label.length());
      }
    }
    return null;
  }

  /** A value, or null if it is the word for "no value". */
  private static @Nullable String word(@Nullable String value, String nothing) {
    return nothing.equals(value) ? null : value;
  }
}
