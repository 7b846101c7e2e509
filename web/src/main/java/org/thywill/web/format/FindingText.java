package org.thywill.web.format;

import java.util.List;
import org.thywill.archive.format.Finding;

/** Findings as operators read them on a page. */
public final class FindingText {
  private static final int SHOWN_MAX = 50;

  private FindingText() {}

  public static List<Finding> shown(List<Finding> findings) {
    return findings.subList(0, Math.min(SHOWN_MAX, findings.size()));
  }

  /** How many are not shown. */
  public static int more(List<Finding> findings) {
    return Math.max(0, findings.size() - SHOWN_MAX);
  }

  public static String word(Finding finding) {
    return switch (finding.severity()) {
      case ERROR -> "Wrong";
      case WARNING -> "To do";
      case NOTE -> "Note";
    };
  }

  /** The file and the line; empty where the archive as a whole is meant. */
  public static String place(Finding finding) {
    return finding.file().equals(".")
        ? ""
        : finding.line() > 0 ? finding.file() + ":" + finding.line() : finding.file();
  }
}
