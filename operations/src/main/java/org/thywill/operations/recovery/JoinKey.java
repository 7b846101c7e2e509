package org.thywill.operations.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.thywill.archive.ArchiveReader;
import org.thywill.catalog.Change;

/**
 * The key that a transaction keeps when it is taken into another history.
 *
 * <p>It is the hash of the first line that the transaction had where it was made, so it is the same
 * in every copy. The changes that a join makes have it as their idempotency key: no transaction is
 * taken twice, on whatever way it comes, and the archive itself proves which ones it has.
 */
final class JoinKey {
  private static final String PREFIX = "join:";
  private static final int DIGITS = 40;

  private JoinKey() {}

  /**
   * The key of a transaction.
   *
   * @param change the first one of it that is at hand
   */
  static String of(ArchiveReader archive, Change change) throws IOException {
    String given = change.stamp().cause().idempotencyKey();
    return given.startsWith(PREFIX)
        ? given
        : PREFIX + archive.lineHash(change.stamp().first()).substring(0, DIGITS);
  }

  /**
   * The last change of an archive by which the last transaction of another history was taken. Since
   * a join takes all transactions or none, those before were taken, too.
   *
   * @param trunk the archive that may have taken the changes of the other one
   * @param branch the other one
   * @param from the first change that differs
   * @return empty if it was not taken
   */
  static OptionalLong joinedBy(ArchiveReader trunk, ArchiveReader branch, long from)
      throws IOException {
    List<Change> last = new ArrayList<>();
    branch.forEachInJournal(branch.lastSeq(), last::add);
    String key = of(branch, last.getLast());
    long[] joined = {0};
    trunk.forEachInJournal(
        from,
        change -> {
          if (change.stamp().cause().idempotencyKey().equals(key)) {
            joined[0] = change.seq();
          }
          return true;
        });
    return joined[0] == 0 ? OptionalLong.empty() : OptionalLong.of(joined[0]);
  }
}
