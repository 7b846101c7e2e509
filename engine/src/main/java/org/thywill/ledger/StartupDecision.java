package org.thywill.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewState;

/**
 * Decides what a ledger does about its view when it starts. The archive has been opened before, so
 * it is not damaged.
 *
 * <pre>
 *   the view …                                    decision
 *   is not there                                  build it
 *   cannot be read                                set it aside and build a new one
 *   was made for another version of the catalog   set it aside and build a new one
 *   belongs to another archive                    refuse
 *   shows the past (recover --until)              refuse
 *   lacks changes (recover --accept-missing)      refuse, until the operator accepts the losses
 *   holds more than the archive                   refuse: the archive has lost something
 *   ends before the last checkpoint               set it aside and build a new one
 *   ends between the checkpoint and the end       catch up from the journal
 *   ends where the archive ends                   serve
 * </pre>
 */
final class StartupDecision {
  private static final int NAMED_MAX = 10;

  private StartupDecision() {}

  /** What is at the path of the view. */
  sealed interface Found {
    record Nothing() implements Found {}

    record Unreadable(String cause) implements Found {}

    record View(ViewState state, @Nullable PendingRecovery recovery) implements Found {}
  }

  /** What to do about it. */
  sealed interface Decision {
    record Serve() implements Decision {}

    record CatchUp() implements Decision {}

    record Build() implements Decision {}

    record SetAsideAndBuild(String reason) implements Decision {}

    record Refuse(String reason) implements Decision {}
  }

  static Decision decide(Found found, String community, long checkpoint, long last) {
    return switch (found) {
      case Found.Nothing() -> new Decision.Build();
      case Found.Unreadable(String cause) -> new Decision.SetAsideAndBuild(cause);
      case Found.View(ViewState state, PendingRecovery recovery) ->
          decide(state, recovery, community, checkpoint, last);
    };
  }

  private static Decision decide(
      ViewState state,
      @Nullable PendingRecovery recovery,
      String community,
      long checkpoint,
      long last) {
    if (!state.community().equals(community)) {
      return new Decision.Refuse(
          "the database belongs to another archive (community "
              + state.community()
              + ", not "
              + community
              + ")");
    }
    if (state.asOf()) {
      return new Decision.Refuse(
          "the database was made with recover --until and shows the past; nothing may be written to"
              + " it");
    }
    if (recovery != null && recovery.isLacking()) {
      return new Decision.Refuse(lacks(recovery));
    }
    if (state.seq() > last) {
      return new Decision.Refuse(
          "the database holds change "
              + state.seq()
              + " but the archive ends with change "
              + last
              + ": an older archive was put beside it, or the archive has lost something. Bring"
              + " back the archive that has changes "
              + (last + 1)
              + " to "
              + state.seq()
              + ", or take them from a copy: thywill repair-archives --from COPY --apply. To give"
              + " them up, which keeps the database aside: docs/RECOVERY.md, An older archive was"
              + " put back. Run: thywill recover --replace --older");
    }
    if (state.catalog() != Catalog.VERSION) {
      return new Decision.SetAsideAndBuild(
          "made for catalog " + state.catalog() + ", not " + Catalog.VERSION);
    }
    if (state.seq() < checkpoint) {
      return new Decision.SetAsideAndBuild(
          "it ends with change " + state.seq() + ", before the checkpoint at " + checkpoint);
    }
    return state.seq() < last ? new Decision.CatchUp() : new Decision.Serve();
  }

  private static String lacks(PendingRecovery recovery) {
    List<String> seqs = recovery.lost().stream().map(PendingRecovery.Lost::seqs).toList();
    return "the database was made with recover --accept-missing and lacks the changes "
        + String.join(", ", seqs.subList(0, Math.min(NAMED_MAX, seqs.size())))
        + (seqs.size() > NAMED_MAX ? " …" : "")
        + ": it is there to be looked at, and nothing may be written to it. Where another"
        + " copy of the archive has them, run: thywill repair-archives --from DIR";
  }
}
