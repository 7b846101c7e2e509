package org.thywill.operations.recovery;

import org.thywill.operations.OperationRefusedException;

/** Thrown when an archive lacks changes that this machine has known it to have. */
public final class OlderArchiveException extends OperationRefusedException {
  private static final long serialVersionUID = 1L;

  OlderArchiveException(String what) {
    super(
        what
            + ". Find the newer archive, which may lie beside this one under another name, and put"
            + " it back; or take its changes from a copy: thywill repair-archives --from COPY"
            + " --apply. To go on with this one on purpose, add: --older --reason TEXT"
            + " (docs/RECOVERY.md, An older archive was put back)");
  }
}
