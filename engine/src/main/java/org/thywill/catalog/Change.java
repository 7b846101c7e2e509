package org.thywill.catalog;

/**
 * A change of one row: what became of it, who made it, when and why, and its seq.
 *
 * @param row the whole row after the change; for {@link Operation#REMOVED}, before it
 * @param seq the number of the change: 1, 2, 3 … over the whole archive
 * @param stamp what all changes of its transaction have in common
 */
public record Change(Operation operation, Row row, long seq, TransactionInfo stamp) {

  /**
   * What all changes of one transaction have in common.
   *
   * @param first the first seq of the transaction
   * @param last the last seq of the transaction
   * @param durableSeq the seq up to which everything had been forced to disk when this transaction
   *     was written
   * @param atMicros microseconds since 1970; never smaller than in the change before
   * @param cause who did it and why
   */
  public record TransactionInfo(
      long first, long last, long durableSeq, long atMicros, Cause cause) {}

  /**
   * Who made a transaction and why. An empty text means that there is none.
   *
   * @param actor the handle of a member, or {@code system}
   * @param reason in the actor's words
   * @param source where an imported row comes from, such as {@code thywill.db:prayer}
   * @param idempotencyKey the id by which a client may repeat a call without doing it twice
   */
  public record Cause(String actor, String reason, String source, String idempotencyKey) {
    public static Cause by(String actor) {
      return new Cause(actor, "", "", "");
    }

    public Cause because(String why) {
      return new Cause(actor, why, source, idempotencyKey);
    }

    public Cause from(String where) {
      return new Cause(actor, reason, where, idempotencyKey);
    }

    public Cause withIdempotencyKey(String id) {
      return new Cause(actor, reason, source, id);
    }
  }

  /** The table of the row. */
  public Table table() {
    return row.table();
  }

  /** This change with another operation. */
  public Change as(Operation other) {
    return new Change(other, row, seq, stamp);
  }

  /** This change, or the same with an earlier time if it is after that one. */
  public Change notAfter(long atMicrosMax) {
    return at() <= atMicrosMax
        ? this
        : new Change(
            operation,
            row,
            seq,
            new TransactionInfo(
                stamp.first(), stamp.last(), stamp.durableSeq(), atMicrosMax, stamp.cause()));
  }

  /** When the change was made, in microseconds since 1970. */
  public long at() {
    return stamp.atMicros();
  }
}
