package org.thywill.legacy.text.dialect;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Sha256;

/**
 * Makes ids for rows whose id no file states.
 *
 * <p>An id is made from the row's key, its minute, and its number within that minute. So the same
 * texts give the same rows at any time, and a later import recognises an id that was made here.
 */
public final class SyntheticIds {
  private static final int LENGTH = 32;
  private static final int NUMBERS_MAX = 16;
  private static final int NEIGHBOURS_MAX = 4;

  private SyntheticIds() {}

  /** The id for a table and a text that identifies the row. */
  public static String of(String table, String identity) {
    return HexFormat.of()
        .formatHex(Arrays.copyOf(Sha256.digest(table + "\u001e" + identity), LENGTH / 2));
  }

  /** The id of the row that is the nth of its key and minute. */
  public static String timed(String table, List<String> key, long minute, int number) {
    return of(table, joined(key) + "|" + minute + "|" + number);
  }

  /** The id of a row of which there is one for each key. */
  public static String keyed(String table, List<String> key) {
    return of(table, joined(key));
  }

  /** The id of a prayer, from values that the file of a prayer always has. */
  public static String prayer(@Nullable String author, @Nullable String at, @Nullable String text) {
    return of("prayer", author + "|" + at + "|" + text);
  }

  /**
   * Whether the id of a row was made here, from its key and values.
   *
   * @param timeColumn the column by whose minute rows of one key differ; null if there is none
   */
  public static boolean isMade(
      String table,
      List<String> key,
      Map<String, @Nullable String> values,
      @Nullable String timeColumn) {
    String id = table.equals("prayer") ? key.getFirst() : values.get("id");
    if (id == null || id.length() != LENGTH) {
      return false;
    }
    return switch (table) {
      case "prayer" ->
          id.equals(
              prayer(values.get("author_username"), values.get("created_at"), values.get("text")));
      case "prayer_attributes" -> id.equals(keyed(table, key));
      // The key may have become a hash. A member uses an invite once, so the key identifies the
      // row.
      case "invite_token_usage" -> true;
      default -> timeColumn != null && isTimed(id, table, key, values.get(timeColumn));
    };
  }

  /** The minute may be off by one, because the original read its clock twice. */
  private static boolean isTimed(String id, String table, List<String> key, @Nullable String time) {
    LocalTimestamp timestamp = time == null ? null : LocalTimestamp.ofIso(time);
    long minute = timestamp == null ? 0 : timestamp.minute();
    for (int number = 1; number <= NUMBERS_MAX; number++) {
      if (id.equals(timed(table, key, minute, number))
          || number <= NEIGHBOURS_MAX
              && (id.equals(timed(table, key, minute - 1, number))
                  || id.equals(timed(table, key, minute + 1, number)))) {
        return true;
      }
    }
    return false;
  }

  private static String joined(List<String> key) {
    return String.join("\u001f", key);
  }
}
