package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.HistoryComparison;
import org.thywill.archive.HistoryComparison.Relation;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.JournalFile;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/** An older archive gets what a newer copy has, byte for byte. */
class ArchiveExtensionTest {
  private static final long TEN_DAYS = 864_000_000_000L;
  private static final int COMMON = 5;
  private static final int ALL = 12;

  /** Transactions of one to three changes, over several months. */
  private static void append(SimulatedDisk disk, String prefix, int from, int to)
      throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      for (int i = from; i < to; i++) {
        long durable = writer.lastSeq();
        long last = durable + 1 + i % 3;
        Change.TransactionInfo stamp =
            new Change.TransactionInfo(
                durable + 1, last, durable, (i + 1) * TEN_DAYS, Change.Cause.by("anna"));
        List<Change> changes = new ArrayList<>();
        for (long seq = durable + 1; seq <= last; seq++) {
          Row flag =
              Row.in(Catalog.FEATURE_FLAGS)
                  .set(Catalog.FeatureFlags.NAME, prefix + seq)
                  .set(Catalog.FeatureFlags.ENABLED, true)
                  .build();
          changes.add(new Change(Operation.ADDED, flag, seq, stamp));
        }
        writer.append(changes);
      }
    }
  }

  private static SimulatedDisk archive(String prefix, int transactions) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", 0));
    append(disk, prefix, 0, transactions);
    return disk;
  }

  private static String journal(Disk disk) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String file : JournalFile.list(disk)) {
      all.append(new String(disk.readAll(file), StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  private static void checkpoint(SimulatedDisk disk) throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      writer.checkpoint(Digest.empty(), PageLocator.UNKNOWN);
    }
  }

  @Test
  void olderArchive_getsTheLinesOfTheCopy_once() throws IOException {
    SimulatedDisk newer = archive("a", ALL);
    SimulatedDisk older = archive("a", COMMON);
    checkpoint(older);
    ArchiveReader copy = ArchiveReader.open(newer, 0);
    long lacking = copy.lastSeq() - ArchiveReader.open(older, 0).lastSeq();
    assertThat(ArchiveExtension.extend(older, null, copy)).isEqualTo(lacking);
    assertThat(journal(older)).isEqualTo(journal(newer));
    assertThat(HistoryComparison.of(ArchiveReader.open(older, 0), copy))
        .isEqualTo(new Relation.Equal());
    assertThat(ArchiveExtension.extend(older, null, copy)).isZero();
  }

  @Test
  void anotherHistory_orAnOlderCopy_changesNothing() throws IOException {
    SimulatedDisk archive = archive("a", COMMON);
    append(archive, "b", COMMON, ALL - 1);
    String before = journal(archive);
    assertThat(ArchiveExtension.extend(archive, null, ArchiveReader.open(archive("a", ALL), 0)))
        .isZero();
    assertThat(ArchiveExtension.extend(archive, null, ArchiveReader.open(archive("a", COMMON), 0)))
        .isZero();
    assertThat(journal(archive)).isEqualTo(before);
  }

  @Test
  void crashAtAnyOperation_leavesAPrefix_andTheNextCallGoesOn() throws IOException {
    RandomGenerator random = Seeds.random("ArchiveExtensionTest");
    SimulatedDisk newer = archive("a", ALL);
    ArchiveReader copy = ArchiveReader.open(newer, 0);
    SimulatedDisk older = archive("a", COMMON);
    SimulatedDisk whole = older.copy();
    long before = whole.operations();
    ArchiveExtension.extend(whole, null, copy);
    long operations = whole.operations() - before;
    assertThat(operations).isGreaterThan(ALL - COMMON);
    for (long operation = 1; operation <= operations; operation++) {
      SimulatedDisk disk = older.copy();
      disk.crashAt(operation);
      try {
        ArchiveExtension.extend(disk, null, copy);
      } catch (SimulatedCrash e) {
        assertThat(disk.crashed()).isTrue();
      }
      for (LossPattern pattern : LossPattern.values()) {
        SimulatedDisk after = disk.restart(pattern, random);
        assertThat(HistoryComparison.of(ArchiveReader.open(after, 0), copy))
            .as("crash at %s, %s", operation, pattern)
            .isNotInstanceOf(Relation.Forked.class)
            .isNotInstanceOf(Relation.Behind.class);
        ArchiveExtension.extend(after, null, copy);
        assertThat(journal(after)).isEqualTo(journal(newer));
      }
    }
  }
}
