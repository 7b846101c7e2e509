package org.thywill.ledger;

import java.io.IOException;

/**
 * The body of one transaction that returns a value. An exception undoes its changes and reaches the
 * caller. Runs on the ledger's own thread.
 *
 * @param <T> what it returns
 */
@FunctionalInterface
public interface TransactionFunction<T> {
  T apply(Transaction transaction) throws IOException;
}
