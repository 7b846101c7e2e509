package org.thywill.view.rebuild;

import java.io.IOException;
import java.nio.file.Path;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteWriter;

/** Marks a view that has been built, before it is put in its place. */
public final class RecoveryMarker {
  private RecoveryMarker() {}

  /**
   * Leaves a note in a scratch file: what is lost, what the operator decided, and that all which
   * follows a recovery is still to be done.
   */
  public static void recovered(Path scratch, PendingRecovery note) throws IOException {
    try (SqliteWriter view = SqliteWriter.open(scratch)) {
      view.writePendingRecovery(note);
    }
  }
}
