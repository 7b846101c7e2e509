package org.thywill.legacy.text.dialect;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.text.dialect.Assertion.RowAssertion;
import org.thywill.legacy.text.file.TextFile;

/**
 * Reads who joined in a month: {@code users/2025_05_users.txt}.
 *
 * <p>The original appended to it when somebody joined, and when it repaired its archive.
 *
 * <pre>
 * User Registrations for May 2025
 *
 * STAMP - NAME joined directly
 * STAMP - NAME joined on invitation from INVITER
 * </pre>
 *
 * <p>Either name may hold the words that separate them; then the inviter is the one whose name is
 * known. Of several lines for one name, the earliest is taken.
 */
public final class UsersFile implements Dialect {
  private static final Pattern TITLE = Pattern.compile("User Registrations for .*");
  private static final Pattern LINE =
      Pattern.compile(LocalTimestamp.LONG + " - (.*)", Pattern.DOTALL);
  private static final String DIRECTLY = " joined directly";
  private static final String INVITED = " joined on invitation from ";

  @Override
  public String name() {
    return "registrations by month";
  }

  @Override
  public boolean recognises(TextFile file) {
    return TITLE.matcher(file.firstLine()).matches();
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    List<String> lines = file.lines();
    to.claim(1, 1);
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher found = LINE.matcher(line);
      LocalTimestamp at = found.matches() ? LocalTimestamp.of(found, 1) : null;
      if (at != null && joined(file, i + 1L, found.group(6), at, to) || line.isEmpty()) {
        continue;
      }
      to.notUnderstood(
          file, i + 1L, "expected STAMP - NAME joined directly, or joined on invitation from NAME");
    }
  }

  private static boolean joined(
      TextFile file, long line, String words, LocalTimestamp at, AssertionSink to) {
    if (words.endsWith(DIRECTLY)) {
      return member(
          file, line, words.substring(0, words.length() - DIRECTLY.length()), null, at, to);
    }
    int split = -1;
    for (int i = words.indexOf(INVITED); i >= 0; i = words.indexOf(INVITED, i + 1)) {
      split = split < 0 || to.names().has(words.substring(i + INVITED.length())) ? i : split;
    }
    return split > 0
        && member(
            file,
            line,
            words.substring(0, split),
            words.substring(split + INVITED.length()),
            at,
            to);
  }

  private static boolean member(
      TextFile file,
      long line,
      String name,
      @Nullable String inviter,
      LocalTimestamp at,
      AssertionSink to) {
    if (name.isEmpty()) {
      return false;
    }
    to.names().add(name);
    to.add(
        RowAssertion.of("user", file.folder(), SourcePriority.FILE, file.at(line), name)
            .time("created_at", at)
            .set("invited_by_username", inviter)
            .set("text_file_path", file.originalPath()));
    return true;
  }
}
