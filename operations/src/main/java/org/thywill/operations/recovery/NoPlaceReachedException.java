package org.thywill.operations.recovery;

import org.thywill.operations.OperationRefusedException;

/** Thrown when places are named and none can be reached, so that a newer copy may be unknown. */
public final class NoPlaceReachedException extends OperationRefusedException {
  private static final long serialVersionUID = 1L;

  NoPlaceReachedException(String message) {
    super(message);
  }
}
