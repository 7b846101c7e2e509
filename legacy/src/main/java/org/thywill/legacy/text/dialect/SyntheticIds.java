package org.thywill.legacy.text.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.ContentHash;

/**
 * Ids of rows of which no file states one. They are made from the row's key, its minute and its
 * number in that minute, so that the same texts make the same rows at any time, and so that they
 * are known as made when the row's own id turns up later.
 */
public final class SyntheticIds {
  private static final int LENGTH = 32;
  private static final int NUMBERS_MAX = 16;
  private static final int NEIGHBOURS_MAX = 4;

  private SyntheticIds() {}

  public static String of(String table, String identity) {
    return HexFormat.of().formatHex(Arrays.copyOf(sha256(table + "\u001e" + identity), LENGTH / 2));
  }

  /** Of the row of a key that is the nth of its minute. */
  public static String timed(String table, List<String> key, long minute, int number) {
    return of(table, joined(key) + "|" + minute + "|" + number);
  }

  /** Of a row of which there is one for each key. */
  public static String keyed(String table, List<String> key) {
    return of(table, joined(key));
  }

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
      case "invite_token_usage" ->
          true; // its key may be a hash today; but a member uses an invite once, so there is one
      // for each key
      default -> timeColumn != null && isTimed(id, table, key, values.get(timeColumn));
    };
  }

  /** The minute may be the one before or after, since the original read its clock twice. */
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

  /** As a community keeps what can sign a member in. */
  public static String hash(String secret) {
    return "sha256:" + HexFormat.of().formatHex(sha256(secret));
  }

  private static String joined(List<String> key) {
    return String.join("\u001f", key);
  }

  private static byte[] sha256(String text) {
    return ContentHash.sha256().digest(text.getBytes(UTF_8));
  }
}
