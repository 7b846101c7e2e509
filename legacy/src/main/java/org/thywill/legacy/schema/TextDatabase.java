package org.thywill.legacy.schema;

/**
 * The two extra tables of a database that was made from text archives.
 *
 * <p>Such a database lives in a temporary folder while an import runs.
 */
public final class TextDatabase {
  /**
   * Where each row comes from: {@code tbl}, {@code number} (its rowid), {@code source} (file and
   * line), {@code reason}.
   */
  public static final String SOURCES = "thywill_source";

  /**
   * Rows that the community has under an id that an earlier import made: {@code tbl}, {@code id}
   * (as the source has it), {@code made} (as the community has it).
   */
  public static final String SYNTHETIC_IDS = "thywill_twin";

  private TextDatabase() {}
}
