package org.thywill.operations.report;

/**
 * A {@link RecoveryReport} as one HTML page that needs nothing else.
 *
 * <p>It is written for the people who look after a community.
 */
public final class RecoveryReportPage {
  private static final ReportRenderer RENDERER = new ReportRenderer("org.thywill.operations");

  private RecoveryReportPage() {}

  /** The whole page. */
  public static String of(RecoveryReport report) {
    return RENDERER.render(
        "Recovery report", "report/recovery.jte", new RecoveryReportView(report));
  }
}
