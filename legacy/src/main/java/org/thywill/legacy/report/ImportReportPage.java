package org.thywill.legacy.report;

import java.time.Instant;
import org.thywill.legacy.importer.ImportReport;
import org.thywill.operations.report.ReportRenderer;

/**
 * The report of an import as one HTML page that needs nothing else.
 *
 * <p>It shows first what the operator has to look at, then the counts of every table, then the
 * rest.
 */
public final class ImportReportPage {
  private static final ReportRenderer RENDERER = new ReportRenderer("org.thywill.legacy");

  private ImportReportPage() {}

  /**
   * The whole page.
   *
   * @param isDryRun whether nothing was written
   * @param now when the import was made
   */
  public static String of(ImportReport report, boolean isDryRun, Instant now) {
    return RENDERER.render(
        "Import report", "report/import.jte", new ImportReportView(report, isDryRun, now));
  }
}
