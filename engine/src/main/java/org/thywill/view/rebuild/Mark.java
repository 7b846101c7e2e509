package org.thywill.view.rebuild;

import java.io.IOException;
import java.nio.file.Path;
import org.thywill.view.RecoveryNote;
import org.thywill.view.SqliteWriter;

/** Marks a view that has been built, before it is put in its place. */
public final class Mark {
  private Mark() {}

  /**
   * Leaves a note in a scratch file: what is lost, what the operator decided, and that all which
   * follows a recovery is still to be done.
   */
  public static void recovered(Path scratch, RecoveryNote note) throws IOException {
    try (SqliteWriter view = SqliteWriter.open(scratch)) {
      view.note(note);
    }
  }
}
