package org.thywill.ledger;

import java.io.IOException;

/**
 * The body of one transaction, which returns nothing. An exception undoes its changes and reaches
 * the caller. Runs on the ledger's own thread.
 */
@FunctionalInterface
public interface TransactionBody {
  void run(Transaction transaction) throws IOException;
}
