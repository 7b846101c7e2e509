package org.thywill.legacy.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;

/**
 * Translates one column of the original into a column of ours, and back.
 *
 * @param names the names that it had in the original, newest first
 * @param ours our column
 * @param defaultValue what the original writes where our row has no value
 */
public record LegacyColumn(
    List<String> names, Column<?> ours, Kind kind, SqliteValue defaultValue) {

  /** How a value is translated. */
  public enum Kind {
    /** The key of the row: assigned by the import, not read. */
    KEY,
    TEXT,
    /** The name of a member: a text that is never null. */
    NAME,
    TIME,
    NUMBER,
    REAL,
    FLAG,
    /** The key of another row, or the name or id of a member. */
    REFERENCE,
    /** A JSON list in the original, words with commas here. */
    PERMISSIONS,
    /** In the original 0 for open, 1 for flagged or hidden. */
    MODERATION,
    /** 1 for an invite that was used, before the original counted uses. */
    USED,
    /** A code of which only whether there was one is imported. */
    CODE,
    /** A role's id; our key is the role's name. */
    ROLE_ID
  }

  /**
   * Our value of a cell; null for null, and for a cell that cannot be read as the column's kind.
   *
   * @param key finds the key of the row that a reference means
   * @throws IllegalStateException for a key, which is assigned and not read
   */
  public @Nullable Object read(SqliteValue cell, Function<SqliteValue, @Nullable String> key) {
    return switch (kind) {
      case KEY -> throw new IllegalStateException("keys are given, not read");
      case TEXT, ROLE_ID -> text(cell);
      case NAME -> Objects.requireNonNullElse(text(cell), "");
      case TIME ->
          cell instanceof SqliteValue.Text(String text) ? boxed(LegacyTime.parse(text)) : null;
      case NUMBER -> number(cell.isNull() ? defaultValue : cell);
      case REAL -> real(cell);
      case FLAG -> isTrue(cell);
      case REFERENCE -> cell.isNull() ? null : key.apply(cell);
      case PERMISSIONS ->
          cell instanceof SqliteValue.Text(String json)
              ? PermissionList.commas(json).orElse("")
              : "";
      // Any value other than null and false hides the prayer: a hidden prayer must stay hidden.
      case MODERATION -> cell.isNull() || isFalse(cell) ? "open" : "flagged";
      case USED -> isTrue(cell) ? 1L : 0L;
      case CODE -> !cell.isNull();
    };
  }

  /** Whether a cell had a value that our row lacks. */
  public boolean isUnread(SqliteValue cell, @Nullable Object value) {
    return switch (kind) {
      case PERMISSIONS ->
          !cell.isNull()
              && !(cell instanceof SqliteValue.Text(String json)
                  && PermissionList.commas(json).isPresent());
      default -> value == null && !cell.isNull();
    };
  }

  /** The cell that the original has for the value of our row. */
  SqliteValue write(Row row, ReferenceMapping references) {
    Object value = row.value(ours.position());
    if (kind == Kind.CODE) {
      return SqliteValue.Null.CELL;
    }
    if (value == null) {
      return kind == Kind.ROLE_ID
          ? new SqliteValue.Text(ReferenceMapping.roleId(row.key()))
          : defaultValue;
    }
    return switch (kind) {
      case TIME -> new SqliteValue.Text(LegacyTime.format((Long) value));
      case NUMBER -> new SqliteValue.Whole((Long) value);
      case REAL -> new SqliteValue.Real((Double) value);
      case FLAG -> new SqliteValue.Whole((Boolean) value ? 1 : 0);
      case REFERENCE -> references.of(ours.target().orElseThrow(), (String) value);
      case PERMISSIONS -> new SqliteValue.Text(PermissionList.json((String) value));
      case MODERATION -> new SqliteValue.Whole(value.equals("open") ? 0 : 1);
      case USED -> new SqliteValue.Whole((Long) value > 0 ? 1 : 0);
      case KEY, TEXT, NAME, ROLE_ID, CODE -> new SqliteValue.Text((String) value);
    };
  }

  private static @Nullable Object boxed(OptionalLong micros) {
    return micros.isPresent() ? micros.getAsLong() : null;
  }

  /** The text of a cell; invalid bytes become U+FFFD, and stay exact in the legacy value. */
  private static @Nullable String text(SqliteValue cell) {
    return switch (cell) {
      case SqliteValue.Text(String text) -> text;
      case SqliteValue.Whole _, SqliteValue.Real _, SqliteValue.BrokenText _ ->
          new String(cell.bytes(), StandardCharsets.UTF_8);
      case SqliteValue.Blob _ ->
          SqliteValue.text(cell.bytes()) instanceof SqliteValue.Text(String text) ? text : null;
      case SqliteValue.Null _ -> null;
    };
  }

  private static @Nullable Object real(SqliteValue cell) {
    if (cell instanceof SqliteValue.Real(double real)) {
      return real;
    }
    return number(cell) instanceof Long whole ? (Object) (double) whole : null;
  }

  private static @Nullable Object number(SqliteValue cell) {
    return switch (cell) {
      case SqliteValue.Whole(long number) -> number;
      case SqliteValue.Text(String digits) when digits.matches("-?[0-9]{1,18}") ->
          Long.valueOf(digits);
      default -> null;
    };
  }

  private static boolean isTrue(SqliteValue cell) {
    return cell instanceof SqliteValue.Whole(long number)
        ? number != 0
        : cell instanceof SqliteValue.Text(String word)
            && (word.equals("1") || word.equalsIgnoreCase("true"));
  }

  private static boolean isFalse(SqliteValue cell) {
    return cell instanceof SqliteValue.Whole(long number)
        ? number == 0
        : cell instanceof SqliteValue.Text(String word)
            && (word.equals("0") || word.equalsIgnoreCase("false"));
  }
}
