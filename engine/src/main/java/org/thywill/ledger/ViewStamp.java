package org.thywill.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.thywill.catalog.Sha256;

/**
 * Says how the file of a view looked when its ledger closed it, in a small file beside it.
 *
 * <p>A view that still looks like that was not changed meanwhile, so a start need not read it. One
 * that was only copied or touched still has the same bytes. The stamp is deleted when the view is
 * opened: after a crash there is none. One that is missing or damaged only makes the start read the
 * rows.
 */
final class ViewStamp {
  private static final String SUFFIX = "-stamp";
  private static final String HASH = "sha256 ";
  private static final long CLOCK_STEP_MILLIS = 50;
  private static final int BUFFER_BYTES = 1 << 18;

  private ViewStamp() {}

  /** What a stamp says of a view. */
  enum Verdict {
    /** The file is as its ledger left it. */
    UNTOUCHED,
    /** Bytes of it were changed. */
    CHANGED,
    /** There is no stamp, or a log beside the file holds changes. */
    UNKNOWN
  }

  /** Compares a view with its stamp. No connection of this process may be open. */
  static Verdict verdict(ViewFile file) throws IOException {
    ViewFile.Trace now = file.trace();
    Path stamp = file.side(SUFFIX);
    if (now == null || file.hasLog() || !Files.isRegularFile(stamp)) {
      return Verdict.UNKNOWN;
    }
    List<String> lines = Files.readAllLines(stamp, StandardCharsets.ISO_8859_1);
    if (lines.size() < 2 || !lines.getLast().startsWith(HASH)) {
      return Verdict.UNKNOWN;
    }
    // A change within the same step of the file system's clock would not show in the times.
    boolean areTimesTelling =
        Files.getLastModifiedTime(stamp).toMillis() - now.modified().toMillis() > CLOCK_STEP_MILLIS;
    String recorded = lines.getLast().substring(HASH.length());
    boolean isSame =
        areTimesTelling && lines.equals(text(now, recorded).lines().toList())
            || lines.getLast().equals(HASH + sha256(file.file()));
    return isSame ? Verdict.UNTOUCHED : Verdict.CHANGED;
  }

  /** Writes the stamp of a view that was closed. No connection of this process may be open. */
  static void write(ViewFile file, ViewFile.Trace closed) throws IOException {
    String text = text(closed, sha256(file.file()));
    if (closed.equals(file.trace())) {
      Files.writeString(file.side(SUFFIX), text);
    }
  }

  /** Deletes the stamp, if there is one. */
  static void delete(ViewFile file) throws IOException {
    Files.deleteIfExists(file.side(SUFFIX));
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest hash = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream bytes = Files.newInputStream(file)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        hash.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static String text(ViewFile.Trace trace, String sha256) {
    return """
    How the database beside this file looked when ThyWill closed it. If it looks the same at
    the next start, it is not read through. This file may be deleted at any time.
    file %s
    bytes %d
    modified %s
    changed %s
    %s%s
    """
        .formatted(trace.key(), trace.sizeBytes(), trace.modified(), trace.changed(), HASH, sha256);
  }
}
