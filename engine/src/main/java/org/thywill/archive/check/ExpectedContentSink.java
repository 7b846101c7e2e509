package org.thywill.archive.check;

import java.io.IOException;

/**
 * Is told what a file must hold, to the byte, where a check finds another content and has made that
 * out. Called by one thread.
 */
@FunctionalInterface
public interface ExpectedContentSink {
  void of(String file, byte[] content) throws IOException;

  /** Nobody wants to know. */
  ExpectedContentSink NOBODY = (file, content) -> {};
}
