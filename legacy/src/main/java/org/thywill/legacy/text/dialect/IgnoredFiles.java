package org.thywill.legacy.text.dialect;

import java.util.regex.Pattern;
import org.thywill.legacy.text.file.TextFile;

/** Files in archives that state no row: summaries, descriptions, copies, interrupted writes. */
public final class IgnoredFiles implements Dialect {
  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*/)?(?:export_summary\\.txt|README\\.txt|README\\.md|.*\\.tmp|.*\\.backup|\\.DS_Store|\\.gitkeep)");
  private static final Pattern CONFIGURATION = Pattern.compile("(?:.*/)?system_config\\.txt");

  @Override
  public String name() {
    return "no rows";
  }

  @Override
  public boolean recognises(TextFile file) {
    return NAME.matcher(file.name()).matches()
        || CONFIGURATION.matcher(file.name()).matches()
        || file.text().isBlank()
        || isDatabase(file);
  }

  private static boolean isDatabase(TextFile file) {
    return file.text().startsWith("SQLite format 3\u0000");
  }

  @Override
  public void read(TextFile file, AssertionSink to) {
    to.claim(1, file.lines().size());
    boolean isCopy = file.name().endsWith(".tmp") || file.name().endsWith(".backup");
    if (isDatabase(file)) {
      to.warn(
          file,
          1,
          "database-not-read",
          "a database among the archives; give it with --from-database if it is the community's");
    } else if (isCopy) {
      to.warn(
          file,
          1,
          "copy-not-read",
          "a write that was interrupted, or a copy: not read. Where the file itself is missing,"
              + " rename this one and import again");
    } else {
      to.note(file, 1, "no-rows", "a file that states no row");
    }
  }
}
