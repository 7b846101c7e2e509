package org.thywill.legacy.schema;

/**
 * A part of the original's database that is left out.
 *
 * @param what such as {@code table prayer_fts}
 * @param reason a phrase for the operator
 */
public record SkippedItem(String what, String reason) {}
