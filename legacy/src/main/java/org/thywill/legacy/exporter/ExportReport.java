package org.thywill.legacy.exporter;

import java.util.List;
import java.util.Map;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.SkippedItem;

/**
 * The result of an export.
 *
 * @param rows rows in all tables
 * @param tables name of the original's table → rows
 * @param notCarried what could not be written, each with its reason
 * @param findings definitions that were refused, and names that give rights in the original
 */
public record ExportReport(
    long rows,
    Map<String, Long> tables,
    List<SkippedItem> notCarried,
    List<LegacyFinding> findings) {}
