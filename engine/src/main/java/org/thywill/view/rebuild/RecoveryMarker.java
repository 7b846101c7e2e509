package org.thywill.view.rebuild;

import java.io.IOException;
import java.nio.file.Path;
import org.thywill.view.PendingRecovery;
import org.thywill.view.SqliteWriter;

/** Writes into a rebuilt view, before it is installed, the work that the recovery left. */
public final class RecoveryMarker {
  private RecoveryMarker() {}

  /** Writes the pending work into a scratch file. */
  public static void recovered(Path scratch, PendingRecovery note) throws IOException {
    try (SqliteWriter view = SqliteWriter.open(scratch)) {
      view.writePendingRecovery(note);
    }
  }
}
