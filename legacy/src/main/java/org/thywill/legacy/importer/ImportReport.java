package org.thywill.legacy.importer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.text.merge.TextReport;

/**
 * What an import did.
 *
 * @param rows rows of the original that were carried
 * @param tables name of the original's table → rows that were carried
 * @param notCarried what was left out, each with its reason
 * @param withheld {@code table.column} of the original → values that are secrets and were replaced
 *     by their hash or by nothing
 * @param dialects file → which of the original's layouts it has
 * @param unknownTables tables that the original never had; carried as they are
 * @param unknownColumns {@code table.column} likewise
 * @param findings the first thousand of each code
 * @param findingsByCode code → how many, all counted
 * @param texts what was read from text archives, if there were any
 */
public record ImportReport(
    long rows,
    Map<String, Long> tables,
    List<SkippedItem> notCarried,
    Map<String, Long> withheld,
    Map<String, String> dialects,
    List<String> unknownTables,
    List<String> unknownColumns,
    List<LegacyFinding> findings,
    Map<String, Long> findingsByCode,
    Optional<TextReport> texts) {}
