package org.thywill.archive.check;

import java.io.IOException;

/**
 * Receives the expected content of a damaged file, if it follows from sound ones.
 *
 * <p>Called by one thread.
 */
@FunctionalInterface
public interface ExpectedContentSink {
  /** Takes the exact bytes that a file must have. */
  void of(String file, byte[] content) throws IOException;

  /** A sink that ignores everything. */
  ExpectedContentSink NONE = (file, content) -> {};
}
