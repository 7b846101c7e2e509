package org.thywill.ledger;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.thywill.archive.format.FieldEscaping;
import org.thywill.archive.format.LineCodec;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.view.ViewReader;

/** Checks the rules of the catalog for every row that is written. */
final class RowConstraints {
  private static final Pattern SETTING = Pattern.compile("[A-Za-z][A-Za-z0-9_.]*");

  /** The escape {@code \\u{200e}} of one character; one of two characters is shorter for each. */
  private static final long ESCAPED_BYTES_MAX = 8;

  private static final int KEY_SHOWN = 60;

  private RowConstraints() {}

  /**
   * Requires of a new row that required values are present and references lead to rows.
   *
   * @throws ConstraintViolationException if the row breaks a rule
   */
  static void requireValid(Row row, ViewReader view) throws IOException {
    requireImportable(row);
    checkColumns(row, view, i -> true);
  }

  /**
   * Requires of a changed row that its new values are valid. Values that did not change may be
   * invalid: an import or a loss can leave such values.
   *
   * @throws ConstraintViolationException if a new value breaks a rule
   */
  static void requireValidChange(Row before, Row after, ViewReader view) throws IOException {
    requireImportable(after);
    checkColumns(after, view, i -> !Objects.equals(before.value(i), after.value(i)));
  }

  private static void checkColumns(Row row, ViewReader view, IntPredicate isToBeChecked)
      throws IOException {
    for (int i = 0; i < row.table().columns().size(); i++) {
      if (!isToBeChecked.test(i)) {
        continue;
      }
      Column<?> column = row.table().columns().get(i);
      Object value = row.value(i);
      if (value == null) {
        if (column.required()) {
          throw new ConstraintViolationException(row + " needs a value for " + column.name());
        }
        continue;
      }
      Optional<Table> target = column.target();
      if (target.isPresent() && !referenceExists(view, target.get(), (String) value)) {
        throw new ConstraintViolationException(
            row
                + " refers by "
                + column.name()
                + " to a row of "
                + target.get()
                + " that is not there");
      }
    }
  }

  private static boolean referenceExists(ViewReader view, Table target, String key)
      throws IOException {
    return target == Catalog.MEMBERS && key.equals(HandleNormalizer.SYSTEM)
        || view.has(target, key);
  }

  /**
   * Requires of a row of any origin that every value can be written and read back.
   *
   * @throws ConstraintViolationException if one cannot
   */
  static void requireImportable(Row row) {
    for (int i = 0; i < row.table().columns().size(); i++) {
      if (row.value(i) instanceof String text) {
        requireText(text, row.table() + "." + row.table().columns().get(i).name());
      }
      if (row.value(i) instanceof Double real && real.isNaN()) {
        throw new ConstraintViolationException(
            row.table()
                + "."
                + row.table().columns().get(i).name()
                + " is no number (NaN), which no database keeps");
      }
    }
    if (row.table() == Catalog.SETTINGS && !SETTING.matcher(row.key()).matches()) {
      throw new ConstraintViolationException(
          "a setting's name has letters, digits, dots and underscores only");
    }
    if (row.table() == Catalog.MEMBERS && row.key().equals(HandleNormalizer.SYSTEM)) {
      throw new ConstraintViolationException("the handle system is the program's own");
    }
  }

  /**
   * Requires that a change fits into one line.
   *
   * @throws ConstraintViolationException if it does not; the message names the longest column
   */
  static void requireFits(Row row, Change.Cause cause) {
    long cheap = 0;
    for (int i = 0; i < row.table().columns().size(); i++) {
      cheap += row.value(i) instanceof String text ? text.length() : 0;
    }
    cheap += cause.reason().length() + cause.source().length() + cause.actor().length();
    cheap += cause.idempotencyKey().length();
    if (cheap * ESCAPED_BYTES_MAX <= LineCodec.TEXT_BYTES_MAX) {
      return; // It would fit if every character had the longest escape.
    }
    long all = 0;
    for (String text :
        List.of(cause.actor(), cause.reason(), cause.source(), cause.idempotencyKey())) {
      all += FieldEscaping.escapedBytes(text);
    }
    String longest = "reason";
    long longestBytes = all;
    for (int i = 0; i < row.table().columns().size(); i++) {
      long bytes = row.value(i) instanceof String text ? FieldEscaping.escapedBytes(text) : 0;
      all += bytes;
      if (bytes > longestBytes) {
        longest = row.table().columns().get(i).name();
        longestBytes = bytes;
      }
    }
    if (all > LineCodec.TEXT_BYTES_MAX) {
      throw new ConstraintViolationException(
          "%s: %s has %,d bytes in the archive, and its change %,d; a line has room for %,d"
              .formatted(shown(row), longest, longestBytes, all, (long) LineCodec.TEXT_BYTES_MAX));
    }
  }

  /** The table and the key of a row, shortened: the key itself may be what is too long. */
  private static String shown(Row row) {
    String key = row.key().length() > KEY_SHOWN ? row.key().substring(0, KEY_SHOWN) : row.key();
    return row.table() + " " + key;
  }

  /**
   * Requires that a cause has an actor, and that its texts can be written.
   *
   * @throws ConstraintViolationException if not
   */
  static void requireValid(Change.Cause cause) {
    if (cause.actor().isEmpty()) {
      throw new ConstraintViolationException("a change needs an actor");
    }
    requireText(cause.actor(), "actor");
    requireText(cause.reason(), "reason");
    requireText(cause.source(), "source");
    requireText(cause.idempotencyKey(), "request");
  }

  private static void requireText(String text, String where) {
    if (!FieldEscaping.isWellFormed(text)) {
      throw new ConstraintViolationException(where + " holds half a character (a lone surrogate)");
    }
  }
}
