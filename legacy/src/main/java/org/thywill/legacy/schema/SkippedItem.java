package org.thywill.legacy.schema;

/**
 * A part of a database that is not imported, or not exported.
 *
 * @param what such as {@code table prayer_fts}
 * @param reason a phrase for the operator
 */
public record SkippedItem(String what, String reason) {}
