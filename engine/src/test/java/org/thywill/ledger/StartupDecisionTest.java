package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.view.PendingRecovery;
import org.thywill.view.ViewState;

/** Every combination of archive and view has one decision, and the careful one wins. */
class StartupDecisionTest {
  private static final String OURS = "ours";

  private record Archive(long checkpoint, long last) {}

  private static final List<Archive> ARCHIVES =
      List.of(
          new Archive(0, 0),
          new Archive(0, 1),
          new Archive(0, 7),
          new Archive(7, 7),
          new Archive(7, 9),
          new Archive(1, 9));

  private static StartupDecision.Decision decide(StartupDecision.Found found, Archive archive) {
    return StartupDecision.decide(found, OURS, archive.checkpoint(), archive.last());
  }

  @Test
  void noView_isBuilt_whateverTheArchive() {
    assertThat(ARCHIVES)
        .allSatisfy(
            archive ->
                assertThat(decide(new StartupDecision.Found.Nothing(), archive))
                    .isEqualTo(new StartupDecision.Decision.Build()));
  }

  @Test
  void unreadableView_isSetAsideWithItsReason_whateverTheArchive() {
    assertThat(ARCHIVES)
        .allSatisfy(
            archive ->
                assertThat(decide(new StartupDecision.Found.Unreadable("rubbish"), archive))
                    .isEqualTo(new StartupDecision.Decision.SetAsideAndBuild("rubbish")));
  }

  @TestFactory
  List<DynamicTest> readableView() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Archive archive : ARCHIVES) {
      for (String community : List.of(OURS, "theirs")) {
        for (int version : List.of(Catalog.VERSION, Catalog.VERSION - 1, Catalog.VERSION + 1)) {
          for (boolean asOf : List.of(false, true)) {
            for (long seq = 0; seq <= archive.last() + 2; seq++) {
              ViewState state = new ViewState(community, version, seq, 0, asOf, Digest.empty(), 0);
              tests.add(
                  DynamicTest.dynamicTest(
                      archive
                          + " and a view of "
                          + community
                          + ", catalog "
                          + version
                          + (asOf ? ", of the past" : "")
                          + ", at change "
                          + seq,
                      () -> decidesAsTheTableSays(state, archive)));
            }
          }
        }
      }
    }
    return tests;
  }

  /**
   * A view that is not ours, of the past, or ahead of the archive is never written to nor moved;
   * all others end in a view that goes on.
   */
  private static void decidesAsTheTableSays(ViewState state, Archive archive) {
    boolean refused =
        !state.community().equals(OURS) || state.asOf() || state.seq() > archive.last();
    boolean useless = state.catalog() != Catalog.VERSION || state.seq() < archive.checkpoint();
    String expected;
    if (refused) {
      expected = "Refuse";
    } else if (useless) {
      expected = "SetAsideAndBuild";
    } else {
      expected = state.seq() < archive.last() ? "CatchUp" : "Serve";
    }
    StartupDecision.Decision decision =
        decide(new StartupDecision.Found.View(state, null), archive);
    assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
    if (decision instanceof StartupDecision.Decision.Refuse(String reason)) {
      assertThat(reason).contains(expectedReason(state));
    }
  }

  private static String expectedReason(ViewState state) {
    if (!state.community().equals(OURS)) {
      return "another archive";
    }
    return state.asOf() ? "the past" : "the archive has lost something";
  }

  @Test
  void viewThatLacksChanges_isRefusedUntilTheLossesAreAccepted() {
    List<PendingRecovery.Lost> lost =
        List.of(
            new PendingRecovery.Lost(3, 4, List.of("marks")),
            new PendingRecovery.Lost(6, 6, List.of("marks", "prayers")));
    for (Archive archive : ARCHIVES) {
      ViewState state =
          new ViewState(OURS, Catalog.VERSION, archive.last(), 0, false, Digest.empty(), 0);
      assertThat(
              decide(
                  new StartupDecision.Found.View(
                      state, new PendingRecovery(7, lost, false, List.of())),
                  archive))
          .isEqualTo(
              new StartupDecision.Decision.Refuse(
                  "the database was made with recover --accept-missing and lacks the changes 3-4,"
                      + " 6: it is there to be looked at, and nothing may be written to it. Where"
                      + " another copy of the archive has them, run: thywill repair-archives --from"
                      + " DIR"));
      assertThat(
              decide(
                  new StartupDecision.Found.View(
                      state, new PendingRecovery(7, lost, true, List.of())),
                  archive))
          .isEqualTo(decide(new StartupDecision.Found.View(state, null), archive));
    }
  }
}
