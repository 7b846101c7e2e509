package org.thywill.web.http;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.thywill.ledger.Ledger;
import org.thywill.view.ViewReader;

/**
 * A reader of the view for one request, opened at the first use. A request that reads nothing opens
 * nothing.
 */
final class LazyViewReader implements Closeable {
  private final Ledger ledger;
  private @Nullable ViewReader opened;

  LazyViewReader(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * The reader, the same one at each call.
   *
   * @throws IOException if the view cannot be opened
   */
  ViewReader view() throws IOException {
    if (opened == null) {
      opened = ledger.read();
    }
    return opened;
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
