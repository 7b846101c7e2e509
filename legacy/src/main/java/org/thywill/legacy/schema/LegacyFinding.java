package org.thywill.legacy.schema;

/**
 * Something in a source that the operator may want to look at.
 *
 * @param code such as {@code dangling-reference}
 * @param severity {@code warning} or {@code note}
 * @param file file and table, such as {@code thywill.db:prayermark}
 * @param line in a text; 0 in a database
 * @param message one sentence, without what members wrote
 */
public record LegacyFinding(String code, String severity, String file, long line, String message) {}
