package org.thywill.web.format;

import java.util.List;
import org.thywill.archive.format.Finding;

/** The text of findings on a page. */
public final class FindingText {
  private static final int SHOWN_MAX = 50;

  private FindingText() {}

  /** The findings that a page shows: the first of them. */
  public static List<Finding> shown(List<Finding> findings) {
    return findings.subList(0, Math.min(SHOWN_MAX, findings.size()));
  }

  /** How many are not shown. */
  public static int hiddenCount(List<Finding> findings) {
    return Math.max(0, findings.size() - SHOWN_MAX);
  }

  /** The severity in words. */
  public static String severity(Finding finding) {
    return switch (finding.severity()) {
      case ERROR -> "Wrong";
      case WARNING -> "To do";
      case NOTE -> "Note";
    };
  }

  /** The file and the line; empty for a finding about the whole archive. */
  public static String location(Finding finding) {
    if (finding.file().equals(".")) {
      return "";
    }
    return finding.line() > 0 ? finding.file() + ":" + finding.line() : finding.file();
  }
}
