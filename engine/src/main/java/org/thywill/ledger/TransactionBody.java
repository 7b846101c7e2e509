package org.thywill.ledger;

import java.io.IOException;

/**
 * Makes the changes of one transaction. Whatever it throws takes all of them back and reaches the
 * caller. Runs on the ledger's own thread.
 */
@FunctionalInterface
public interface TransactionBody {
  void run(Transaction transaction) throws IOException;
}
