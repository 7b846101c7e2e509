package org.thywill.community.access;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/** Finds rows: within a transaction, or in the view. A rule that only reads works on either. */
public interface RowLookup {
  Optional<Row> find(Table table, String key) throws IOException;

  /** The rows whose column holds a value, in the order of their keys. */
  List<Row> findBy(Table table, String column, Object value) throws IOException;

  static RowLookup of(Transaction transaction) {
    return new RowLookup() {
      @Override
      public Optional<Row> find(Table table, String key) throws IOException {
        return transaction.find(table, key);
      }

      @Override
      public List<Row> findBy(Table table, String column, Object value) throws IOException {
        return transaction.findBy(table, column, value);
      }
    };
  }

  static RowLookup of(ViewReader view) {
    return new RowLookup() {
      @Override
      public Optional<Row> find(Table table, String key) throws IOException {
        return view.find(table, key);
      }

      @Override
      public List<Row> findBy(Table table, String column, Object value) throws IOException {
        return view.findBy(table, column, value);
      }
    };
  }
}
