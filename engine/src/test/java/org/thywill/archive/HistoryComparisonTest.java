package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.archive.HistoryComparison.Relation;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** Two archives of one community: which changes they share is found, and never by numbers only. */
class HistoryComparisonTest {
  private static final int TRIALS = 1_000;
  private static final long TEN_HOURS = 36_000_000_000L;
  private static final ArchiveIdentity IDENTITY = new ArchiveIdentity("c0ffee", 0);

  /** An archive with a flag for each name, of which the last ones are only in the journal. */
  private static ArchiveReader archive(List<String> names, int checkpointed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (BulkArchiveWriter writer = new BulkArchiveWriter(disk, IDENTITY)) {
      for (int i = 0; i < checkpointed; i++) {
        writer.add(List.of(flag(names.get(i))), (i + 1) * TEN_HOURS, Change.Cause.by("anna"));
      }
      writer.finish();
    }
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      for (int i = checkpointed; i < names.size(); i++) {
        Change.TransactionInfo stamp =
            new Change.TransactionInfo(
                i + 1, i + 1, i, (i + 1) * TEN_HOURS, Change.Cause.by("anna"));
        writer.append(List.of(new Change(Operation.ADDED, flag(names.get(i)), i + 1, stamp)));
      }
    }
    return ArchiveReader.open(disk, 0);
  }

  private static Row flag(String name) {
    return Row.in(Catalog.FEATURE_FLAGS)
        .set(Catalog.FeatureFlags.NAME, name)
        .set(Catalog.FeatureFlags.ENABLED, true)
        .build();
  }

  private static List<String> names(String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(prefix + i);
    }
    return names;
  }

  @Test
  void relation_isThatOfTheChanges() throws IOException {
    RandomGenerator random = Seeds.random("HistoryComparisonTest");
    int forked = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      List<String> common = names("c", random.nextInt(trial % 50 == 0 ? 400 : 30));
      List<String> here = new ArrayList<>(common);
      here.addAll(names("a", random.nextInt(4)));
      List<String> there = new ArrayList<>(common);
      there.addAll(names("b", random.nextInt(4)));
      ArchiveReader own = archive(here, random.nextInt(here.size() + 1));
      ArchiveReader other = archive(there, random.nextInt(there.size() + 1));
      int hereOnly = here.size() - common.size();
      int thereOnly = there.size() - common.size();
      Relation expected;
      if (hereOnly > 0 && thereOnly > 0) {
        expected = new Relation.Forked(common.size() + 1);
        forked++;
      } else if (hereOnly > 0) {
        expected = new Relation.Behind(hereOnly);
      } else {
        expected = thereOnly > 0 ? new Relation.Ahead(thereOnly) : new Relation.Equal();
      }
      assertThat(HistoryComparison.of(own, other)).as(here + " and " + there).isEqualTo(expected);
    }
    assertThat(forked).isBetween(TRIALS / 10, TRIALS * 9 / 10);
  }

  @Test
  void fork_isFoundWithFewReads() throws IOException {
    List<String> common = names("c", 3_000);
    List<String> here = new ArrayList<>(common.subList(0, 1_234));
    here.addAll(names("a", 5_000));
    List<String> there = new ArrayList<>(common.subList(0, 1_234));
    there.addAll(names("b", 4_000));
    ArchiveReader own = archive(here, 5_000);
    ArchiveReader other = archive(there, 5_100);
    assertThat(HistoryComparison.of(own, other)).isEqualTo(new Relation.Forked(1_235));
    // 20 for a million changes.
    assertThat(HistoryComparison.readsFor(own, other)).isLessThanOrEqualTo(14);
  }

  /** The last lines are the same, and so are their numbers. */
  @Test
  void lineChangedByHandInThePast_isAnotherHistory() throws IOException {
    List<String> here = names("c", 40);
    List<String> there = new ArrayList<>(here);
    there.set(16, "x");
    assertThat(HistoryComparison.of(archive(here, 40), archive(there, 40)))
        .isEqualTo(new Relation.Forked(17));
  }
}
