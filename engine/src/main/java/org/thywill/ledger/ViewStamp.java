package org.thywill.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Says how the file of a view looked when its ledger closed it, in a small file beside it.
 *
 * <p>A view that still looks like that was not changed meanwhile, so a start need not read it. The
 * stamp is deleted when the view is opened: after a crash there is none. One that is missing,
 * damaged or of another file only makes the start read the rows.
 */
final class ViewStamp {
  private static final String SUFFIX = "-stamp";

  private ViewStamp() {}

  /** Whether the view looks as its ledger left it, and no log holds changes of it. */
  static boolean isOf(ViewFile file) throws IOException {
    ViewFile.Trace now = file.trace();
    Path stamp = file.side(SUFFIX);
    return now != null
        && Files.isRegularFile(stamp)
        && !file.hasLog()
        && Files.readString(stamp).equals(text(now));
  }

  /** Writes the stamp of a view that was closed. */
  static void write(ViewFile file, ViewFile.Trace closed) throws IOException {
    Files.writeString(file.side(SUFFIX), text(closed));
  }

  /** Deletes the stamp, if there is one. */
  static void delete(ViewFile file) throws IOException {
    Files.deleteIfExists(file.side(SUFFIX));
  }

  private static String text(ViewFile.Trace trace) {
    return """
    How the database beside this file looked when ThyWill closed it. If it looks the same at
    the next start, it is not read through. This file may be deleted at any time.
    file %s
    bytes %d
    modified %s
    changed %s
    """
        .formatted(trace.key(), trace.sizeBytes(), trace.modified(), trace.changed());
  }
}
