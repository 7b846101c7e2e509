package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Digest;
import org.thywill.database.ViewState;

/** Every combination of what a start can find, and what it must decide. */
class StartupTest {
  private static final String OURS = "ours";
  private static final long CHECKPOINT = 10;
  private static final long LAST = 20;

  private static Startup.Decision decide(Startup.Found found) {
    return Startup.decide(found, OURS, CHECKPOINT, LAST);
  }

  private static Startup.Found view(String community, int catalog, long seq, boolean asOf) {
    return new Startup.Found.View(new ViewState(community, catalog, seq, 0, asOf, Digest.empty()));
  }

  @Test
  void noView_isBuilt() {
    assertThat(decide(new Startup.Found.Nothing())).isInstanceOf(Startup.Decision.Build.class);
  }

  @Test
  void unreadableView_isSetAsideAndBuilt() {
    assertThat(decide(new Startup.Found.Unreadable("no database"))).isEqualTo(new Startup.Decision.SetAsideAndBuild("no database"));
  }

  @Test
  void everyCombinationOfAReadableView_hasItsDecision() {
    List<String> decisions = new ArrayList<>();
    for (String community : List.of(OURS, "theirs")) {
      for (boolean asOf : List.of(false, true)) {
        for (int catalog : List.of(Catalog.VERSION, Catalog.VERSION + 1)) {
          for (long seq : List.of(0L, CHECKPOINT - 1, CHECKPOINT, LAST - 1, LAST, LAST + 1)) {
            Startup.Decision decision = decide(view(community, catalog, seq, asOf));
            Class<?> expected =
                !community.equals(OURS) || asOf || seq > LAST ? Startup.Decision.Refuse.class
                    : catalog != Catalog.VERSION || seq < CHECKPOINT ? Startup.Decision.SetAsideAndBuild.class
                    : seq < LAST ? Startup.Decision.CatchUp.class
                    : Startup.Decision.Serve.class;
            assertThat(decision).as(community + " asOf=" + asOf + " catalog=" + catalog + " seq=" + seq).isInstanceOf(expected);
            decisions.add(decision.getClass().getSimpleName());
          }
        }
      }
    }
    assertThat(decisions).hasSize(48).contains("Refuse", "SetAsideAndBuild", "CatchUp", "Serve");
  }
}
