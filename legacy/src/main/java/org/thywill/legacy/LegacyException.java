package org.thywill.legacy;

import java.io.IOException;

/** A database of the original that cannot be taken over, or cannot be written: one sentence for the operator. */
public final class LegacyException extends IOException {
  public LegacyException(String sentence) {
    super(sentence);
  }

  public LegacyException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
