package org.thywill.legacy.schema;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * One value of an SQLite database with its storage class, exact to the byte.
 *
 * <p>Each value has exactly one spelling: {@code null:}, {@code integer:5}, {@code real:1.5} (the
 * shortest decimal that reads back as the same double, {@code -0.0} and {@code Infinity} among
 * them), {@code text:} and the text, {@code textbytes:} and hex for text that is not valid UTF-8,
 * {@code blob:} and hex. In a list, cells are joined by {@code |}; a {@code |} or {@code \} within
 * one follows a {@code \}.
 */
public sealed interface SqliteValue {
  /** SQL's null. */
  record Null() implements SqliteValue {
    public static final SqliteValue CELL = new Null();
  }

  /** Storage class integer. */
  record Whole(long value) implements SqliteValue {}

  /** Storage class real. */
  record Real(double value) implements SqliteValue {}

  /** Storage class text, valid UTF-8. */
  record Text(String value) implements SqliteValue {}

  /** Storage class text, not valid UTF-8; one character for each byte, so equal bytes are equal. */
  record BrokenText(String each) implements SqliteValue {}

  /** Storage class blob; one character for each byte. */
  record Blob(String each) implements SqliteValue {}

  /** The value in a column of a result set's present row; columns are counted from 1. */
  static SqliteValue read(ResultSet rows, int column) throws SQLException {
    return switch (rows.getObject(column)) {
      case null -> Null.CELL;
      case Integer number -> new Whole(number);
      case Long number -> new Whole(number);
      case Double number -> new Real(number);
      case byte[] bytes -> new Blob(new String(bytes, ISO_8859_1));
      // The driver replaces invalid bytes by U+FFFD. The bytes show whether the text really has
      // one.
      case String text -> text.indexOf('\uFFFD') < 0 ? new Text(text) : text(rows.getBytes(column));
      case Object other -> throw new SQLException("no storage class for " + other.getClass());
    };
  }

  /** Text of these bytes. */
  static SqliteValue text(byte[] bytes) {
    String text = new String(bytes, UTF_8);
    return Arrays.equals(text.getBytes(UTF_8), bytes)
        ? new Text(text)
        : new BrokenText(new String(bytes, ISO_8859_1));
  }

  default boolean isNull() {
    return this instanceof Null;
  }

  /** The bytes of a text or blob; of a number, those of its decimal spelling. */
  default byte[] bytes() {
    return switch (this) {
      case Null() -> new byte[0];
      case Whole(long value) -> Long.toString(value).getBytes(UTF_8);
      case Real(double value) -> Double.toString(value).getBytes(UTF_8);
      case Text(String value) -> value.getBytes(UTF_8);
      case BrokenText(String each) -> each.getBytes(ISO_8859_1);
      case Blob(String each) -> each.getBytes(ISO_8859_1);
    };
  }

  /**
   * Sets a parameter of a statement.
   *
   * <p>Text that is not UTF-8 is set as a blob, so the statement has to cast it.
   */
  default void bind(PreparedStatement statement, int parameter) throws SQLException {
    switch (this) {
      case Null() -> statement.setNull(parameter, Types.NULL);
      case Whole(long value) -> statement.setLong(parameter, value);
      case Real(double value) -> statement.setDouble(parameter, value);
      case Text(String value) -> statement.setString(parameter, value);
      case BrokenText _, Blob _ -> statement.setBytes(parameter, bytes());
    }
  }

  /** The spelling of the value. */
  default String spell() {
    return switch (this) {
      case Null() -> "null:";
      case Whole(long value) -> "integer:" + value;
      case Real(double value) -> "real:" + value;
      case Text(String value) -> "text:" + value;
      case BrokenText _ -> "textbytes:" + HexFormat.of().formatHex(bytes());
      case Blob _ -> "blob:" + HexFormat.of().formatHex(bytes());
    };
  }

  /**
   * Reads a spelling.
   *
   * @throws IllegalArgumentException if the text is not the spelling of a value
   */
  static SqliteValue parse(String spelling) {
    int colon = spelling.indexOf(':');
    String value = spelling.substring(colon + 1);
    SqliteValue cell =
        switch (colon < 0 ? "" : spelling.substring(0, colon)) {
          case "null" -> Null.CELL;
          case "integer" -> new Whole(Long.parseLong(value));
          case "real" -> new Real(Double.parseDouble(value));
          case "text" -> new Text(value);
          case "textbytes" -> text(HexFormat.of().parseHex(value));
          case "blob" -> new Blob(new String(HexFormat.of().parseHex(value), ISO_8859_1));
          default ->
              throw new IllegalArgumentException(
                  "expected null:, integer:, real:, text:, textbytes: or blob:");
        };
    if (!(cell instanceof Text) && !cell.spell().equals(spelling)
        || cell instanceof Text && !spelling.startsWith("text:")) {
      throw new IllegalArgumentException("expected the spelling " + cell.spell());
    }
    return cell;
  }

  /** The spelling of a list. */
  static String spellAll(List<SqliteValue> cells) {
    StringBuilder out = new StringBuilder();
    for (SqliteValue cell : cells) {
      out.append(cell.spell().replace("\\", "\\\\").replace("|", "\\|")).append('|');
    }
    return out.substring(0, Math.max(0, out.length() - 1));
  }

  /**
   * Reads the spelling of a list of at least one value.
   *
   * @throws IllegalArgumentException if the text is not the spelling of one
   */
  static List<SqliteValue> parseAll(String spelling) {
    List<SqliteValue> cells = new ArrayList<>();
    StringBuilder one = new StringBuilder();
    for (int i = 0; i < spelling.length(); i++) {
      char c = spelling.charAt(i);
      if (c == '\\' && i + 1 < spelling.length()) {
        one.append(spelling.charAt(++i));
      } else if (c == '|') {
        cells.add(parse(one.toString()));
        one.setLength(0);
      } else {
        one.append(c);
      }
    }
    cells.add(parse(one.toString()));
    return cells;
  }
}
