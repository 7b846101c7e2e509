package org.thywill.web.http;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.thywill.ledger.Ledger;
import org.thywill.view.ViewReader;

/**
 * The view for one request; opened when it is first asked for, so that a request that needs nothing
 * costs nothing.
 */
final class LazyViewReader implements Closeable {
  private final Ledger ledger;
  private @Nullable ViewReader opened;

  LazyViewReader(Ledger ledger) {
    this.ledger = ledger;
  }

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
