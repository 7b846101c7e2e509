package org.thywill.archive.disk;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises that a disk is full, whether the operating system says so or SQLite.
 *
 * <p>Both say it in words of their own, often within other failures that follow from it.
 */
public final class DiskFull {
  /** What people read instead. */
  public static final String WORDS = "disk full";

  private static final int DEPTH_MAX = 20;
  private static final Pattern SAID =
      Pattern.compile(
          "SQLITE_FULL|No space left on device|Disk quota exceeded|not enough space on the disk"
              + "|\\b"
              + WORDS);

  private DiskFull() {}

  /** What a message says of a failure: that the disk is full, or else its own words. */
  public static @Nullable String orMessage(Throwable failure) {
    return isCauseOf(failure) ? WORDS : failure.getMessage();
  }

  /** Whether a failure, or one that it follows from, is that of a full disk. */
  public static boolean isCauseOf(Throwable failure) {
    // A chain of causes may be a circle.
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
      if (SAID.matcher(String.valueOf(cause.getMessage())).find()) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
