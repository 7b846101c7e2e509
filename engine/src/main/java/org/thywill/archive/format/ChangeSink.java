package org.thywill.archive.format;

import java.io.IOException;
import org.thywill.catalog.Change;

/** Receives the changes of one table in their order. */
@FunctionalInterface
public interface ChangeSink {
  /**
   * Takes a change.
   *
   * @return whether the reader is to go on with this table
   */
  boolean accept(Change change) throws IOException;
}
