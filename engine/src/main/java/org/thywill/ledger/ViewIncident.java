package org.thywill.ledger;

import java.util.List;
import java.util.Locale;

/**
 * A view that was lost, or was not believed, and was built again from the archive.
 *
 * @param code of the finding that reports it
 * @param reason what was found, in a clause
 * @param keptAs the name of the file that has the old view; empty if there was none
 * @param changes how many changes the new view was built from
 * @param seconds how long that took
 * @param differences rows and tables in which the old view differed, the first ones
 * @param notCompared why the old view could not be compared; empty if it was, or is not yet
 */
public record ViewIncident(
    String code,
    String reason,
    String keptAs,
    long changes,
    double seconds,
    List<String> differences,
    String notCompared) {
  /** The code of a view that is not at its path any more. */
  public static final String LOST = "view-lost";

  /** The code of a view whose file is another one. */
  public static final String REPLACED = "view-replaced";

  /** The code of a view that another program has changed. */
  public static final String CHANGED = "view-changed";

  /** The code of a view that a start could not use. */
  public static final String REBUILT = "view-rebuilt";

  /** The code of a view that cannot be read. */
  public static final String DAMAGED = "view-damaged";

  /** Learns when the view is lost, and when it is there again. */
  public interface Observer {
    /**
     * The view cannot be used, and is built again. Called on the thread of the ledger, so it must
     * not write.
     *
     * @param reason in a clause
     */
    void lost(String reason);

    /**
     * The view can be used again. Called on a thread that may write, if the ledger is not being
     * closed.
     */
    void rebuilt(ViewIncident incident);
  }

  public ViewIncident {
    differences = List.copyOf(differences);
  }

  /** Whether somebody may have written to the view. */
  public boolean isEdit() {
    return code.equals(CHANGED) || code.equals(REPLACED) || !differences.isEmpty();
  }

  /** Whether such things come about in the course of events: a deleted file, an older program. */
  public boolean isExpected() {
    return !isEdit() && !code.equals(DAMAGED);
  }

  /** What happened, in a sentence without a full stop. */
  public String sentence() {
    return reason
        + String.format(Locale.ROOT, "; built again from %,d changes in %.1f s", changes, seconds)
        + kept()
        + named();
  }

  /** What the finding says. */
  String message() {
    if (code.equals(REBUILT)) {
      return "rebuilt: " + reason + kept() + named();
    }
    return reason + "; rebuilt from the archive" + kept() + named();
  }

  private String kept() {
    return keptAs.isEmpty() ? "" : "; the old one is kept as " + keptAs;
  }

  private String named() {
    if (!notCompared.isEmpty()) {
      return "; what differed cannot be read: " + notCompared;
    }
    return differences.isEmpty() ? "" : "; it differed in " + String.join(", ", differences);
  }

  ViewIncident withDifferences(List<String> found) {
    return new ViewIncident(code, reason, keptAs, changes, seconds, found, "");
  }

  ViewIncident notCompared(String why) {
    return new ViewIncident(code, reason, keptAs, changes, seconds, List.of(), why);
  }
}
