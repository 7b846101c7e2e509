package org.thywill.legacy.importer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.thywill.legacy.schema.LegacyFinding;
import org.thywill.legacy.schema.SkippedItem;
import org.thywill.legacy.text.merge.TextReport;

/**
 * The result of an import.
 *
 * @param rows rows of the original that were imported
 * @param tables name of the original's table → rows that were imported
 * @param notCarried parts that were left out, each with its reason
 * @param withheld {@code table.column} of the original → number of secrets that were replaced by
 *     their hash or removed
 * @param dialects file → which of the original's layouts it has
 * @param unknown what the original never had
 * @param found what the operator may want to look at
 * @param textReport what was read from text archives; null if there were none
 */
public record ImportReport(
    long rows,
    Map<String, Long> tables,
    List<SkippedItem> notCarried,
    Map<String, Long> withheld,
    Map<String, String> dialects,
    Unknown unknown,
    Found found,
    @Nullable TextReport textReport) {

  /**
   * Parts of the sources that the original never had; they are carried as they are.
   *
   * @param columns each as {@code table.column}
   */
  public record Unknown(List<String> tables, List<String> columns) {}

  /**
   * Findings of an import.
   *
   * @param first the first thousand of each code
   * @param byCode code → how many there are, all counted
   */
  public record Found(List<LegacyFinding> first, Map<String, Long> byCode) {}

  /** Tables that the original never had. */
  public List<String> unknownTables() {
    return unknown.tables();
  }

  /** Columns that the original never had, each as {@code table.column}. */
  public List<String> unknownColumns() {
    return unknown.columns();
  }

  /** The first thousand findings of each code. */
  public List<LegacyFinding> findings() {
    return found.first();
  }

  /** Code → how many findings there are, all counted. */
  public Map<String, Long> findingsByCode() {
    return found.byCode();
  }

  /** What was read from text archives; empty if there were none. */
  public Optional<TextReport> texts() {
    return Optional.ofNullable(textReport);
  }
}
