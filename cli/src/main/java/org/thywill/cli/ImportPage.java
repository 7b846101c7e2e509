package org.thywill.cli;

import java.util.List;
import java.util.Map;
import org.thywill.legacy.ImportReport;
import org.thywill.legacy.text.TextReport;

/** The report of an import as one page that needs nothing besides itself. Everything from outside is escaped. */
final class ImportPage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Import</title>
      <style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}table{border-collapse:collapse;margin:1rem 0}
      th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #bbb;overflow-wrap:anywhere}td.n{text-align:right}</style></head><body>
      """;

  private final ImportReport report;
  private final boolean dryRun;
  private final StringBuilder page = new StringBuilder(HEAD);

  ImportPage(ImportReport report, boolean dryRun) {
    this.report = report;
    this.dryRun = dryRun;
  }

  String html() {
    page.append("<h1>").append(dryRun ? "Would import " : "Imported ").append(report.rows()).append(" rows</h1>\n");
    table("Sources", List.of("source", "layout"), report.dialects().entrySet().stream().map(entry -> List.<Object>of(entry.getKey(), entry.getValue())).toList());
    table("Rows", List.of("table of the original", "carried"), report.tables().entrySet().stream().map(entry -> List.<Object>of(entry.getKey(), entry.getValue()))
        .toList());
    report.texts().ifPresent(this::texts);
    table("Not carried", List.of("what", "reason"), report.notCarried().stream().map(item -> List.<Object>of(item.what(), item.reason())).toList());
    table("Withheld, being secret", List.of("column", "values"), report.withheld().entrySet().stream()
        .map(entry -> List.<Object>of(entry.getKey(), entry.getValue())).toList());
    table("Findings", List.of("code", "how many"), report.findingsByCode().entrySet().stream().map(entry -> List.<Object>of(entry.getKey(), entry.getValue()))
        .toList());
    table("The findings", List.of("severity", "code", "where", "what"), report.findings().stream().map(finding -> List.<Object>of(finding.severity(), finding.code(),
        finding.file() + (finding.line() > 0 ? ":" + finding.line() : ""), finding.message())).toList());
    return page.append("</body></html>\n").toString();
  }

  private void texts(TextReport texts) {
    page.append("<p>").append(texts.files()).append(" files of text archives. The server's clock: ").append(escaped(texts.offset())).append(".</p>\n");
    table("What the archives state", List.of("table", "stated", "carried", "merged", "elsewhere", "approximate", "inferred"), texts.tables().entrySet().stream()
        .map(ImportPage::counts).toList());
    table("Lines that were not understood", List.of("where", "why"), texts.unread().stream()
        .map(line -> List.<Object>of(line.file() + ":" + line.line(), line.why())).toList());
  }

  private static List<Object> counts(Map.Entry<String, TextReport.Table> entry) {
    TextReport.Table table = entry.getValue();
    return List.of(entry.getKey(), table.stated(), table.carried(), table.merged(), table.elsewhere(), table.approximate(), table.inferred());
  }

  private void table(String title, List<String> columns, List<List<Object>> rows) {
    page.append("<h2>").append(title).append("</h2>\n");
    if (rows.isEmpty()) {
      page.append("<p>None.</p>\n");
      return;
    }
    page.append("<table><tr>");
    columns.forEach(column -> page.append("<th>").append(column).append("</th>"));
    page.append("</tr>\n");
    for (List<Object> row : rows) {
      page.append("<tr>");
      row.forEach(cell -> page.append(cell instanceof Number ? "<td class=\"n\">" : "<td>").append(escaped(cell.toString())).append("</td>"));
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
  }
}
