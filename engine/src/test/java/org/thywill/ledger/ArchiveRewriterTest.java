package org.thywill.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveProbe;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.Head;
import org.thywill.archive.repair.Salvage;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.LostChange;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.MemoryFolder;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;
import org.thywill.view.rebuild.PointInTime;
import org.thywill.view.rebuild.Rebuild;
import org.thywill.view.rebuild.SalvageRebuild;

/** Rewriting an archive that has lost changes gives a sound one, with gaps in their places. */
@Tag("slow")
class ArchiveRewriterTest {
  private static final int ARCHIVES = Seeds.times(60);
  private static final Change.Cause ACCEPTED =
      Change.Cause.by("system").because("no copy has them; \"we tried\" | really\n");

  @TempDir(factory = MemoryFolder.class)
  Path folder;

  @Test
  void lostChanges_becomeGaps_everythingElseStays_andTheArchiveIsSound() throws IOException {
    long seed = Seeds.seed("ArchiveRewriterTest");
    int refitted = 0;
    for (int i = 0; i < ARCHIVES; i++) {
      try {
        refitted += loseAndRewrite(seed + i, folder.resolve("w" + i));
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("archive " + i + " of seed " + seed, e);
      }
    }
    assertThat(refitted)
        .as("lines that no longer fitted what came before them")
        .isGreaterThan(ARCHIVES / 10);
  }

  /** Returns how many lines got another operation, because a line before them is lost. */
  private int loseAndRewrite(long seed, Path runFolder) throws IOException {
    RandomGenerator random = Seeds.random(seed);
    SimulatedDisk disk = new SimulatedDisk();
    Files.createDirectories(runFolder);
    LedgerSimulation simulation = new LedgerSimulation(disk, runFolder, seed);
    simulation.play(history(random));
    simulation.abandon();
    List<Change> changes = ArchiveProbe.changes(disk);
    BitSet lost = new BitSet();
    for (int n = 1 + random.nextInt(8); n > 0; n--) {
      int first = 1 + random.nextInt(changes.size());
      lost.set(first, Math.min(first + 1 + random.nextInt(3), changes.size() + 1));
    }
    // Lines that may not have been forced when the last one was written are kept: damage there is a
    // torn end, which was never acknowledged.
    int durable = Math.toIntExact(changes.getLast().stamp().durableSeq());
    lost.clear(durable + 1, changes.size() + 1);
    lost.set(durable);
    spoil(disk, lost);

    Salvage salvage = Salvage.of(disk);
    assertThat(salvage.lostSeqs()).isEqualTo(lost);
    SalvageRebuild.Result built =
        SalvageRebuild.into(runFolder.resolve("salvaged.db"), salvage, ProgressListener.NONE);
    SimulatedDisk rewritten = new SimulatedDisk();
    long now = Timestamps.micros(Instant.parse("2026-03-01T10:00:00Z"));
    Head head =
        ArchiveRewriter.write(
            salvage,
            built,
            new ArchiveRewriter.Acceptance(
                ArchiveRewriter.Purpose.LOSSES, "tx3", "some", now, ACCEPTED),
            rewritten,
            ProgressListener.NONE);

    requireSound(rewritten, lost.cardinality() + removalsOfNothing(built));
    Rebuild.Result rebuilt =
        Rebuild.into(
            runFolder.resolve("rebuilt.db"),
            ArchiveReader.open(rewritten, 0),
            PointInTime.NOW,
            ProgressListener.NONE);
    assertThat(rebuilt.proven()).isTrue();
    assertThat(rebuilt.digest()).isEqualTo(head.digest());
    assertThat(rebuilt.digest().hex()).as("the rows that are left").isEqualTo(built.digest().hex());
    compare(changes, lost, built, ArchiveProbe.changes(rewritten));
    writeMore(rewritten, runFolder.resolve("rebuilt.db"));
    requireSound(rewritten, lost.cardinality() + removalsOfNothing(built));
    return built.refitted().size();
  }

  private static List<SimulationStep> history(RandomGenerator random) {
    List<SimulationStep> steps =
        new ArrayList<>(List.of(SimulationStep.CREATE, SimulationStep.OPEN));
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      steps.addAll(
          List.of(
              SimulationStep.COMMIT_TWELVE,
              SimulationStep.COMMIT_TWELVE,
              SimulationStep.CHECKPOINT));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      steps.addAll(List.of(SimulationStep.ADVANCE_MONTH, SimulationStep.COMMIT_TWELVE));
    }
    if (random.nextBoolean()) {
      steps.addAll(List.of(SimulationStep.CHECKPOINT, SimulationStep.COMMIT));
    }
    steps.add(SimulationStep.COMMIT);
    return steps;
  }

  private static long removalsOfNothing(SalvageRebuild.Result built) {
    return built.refitted().values().stream().filter(Optional::isEmpty).count();
  }

  private static void requireSound(Disk disk, long gaps) throws IOException {
    CheckReport report =
        new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, ProgressListener.NONE);
    assertThat(report.sound()).as("%s", report.findings()).isTrue();
    assertThat(report.acceptedGaps()).isEqualTo(gaps);
    assertThat(report.verdict()).contains("accepted gap");
  }

  private static void compare(
      List<Change> before, BitSet lost, SalvageRebuild.Result built, List<Change> after) {
    assertThat(after).hasSize(before.size() + 1);
    List<Change> expected = new ArrayList<>();
    for (Change change : before) {
      long seq = change.seq();
      Change written = after.get((int) seq - 1);
      Optional<Operation> operation =
          built.refitted().getOrDefault(seq, Optional.of(change.operation()));
      if (lost.get((int) seq) || operation.isEmpty()) {
        LostChange gap = LostChange.of(written.row(), written.seq()).orElseThrow();
        assertThat(gap.seq()).isEqualTo(seq);
        assertThat(gap.tables()).contains(change.table());
        assertThat(written.operation()).isEqualTo(Operation.ADDED);
        expected.add(written);
      } else {
        expected.add(change.as(operation.get()));
      }
    }
    Change acceptance = after.getLast();
    assertThat(LostChange.isAcceptance(acceptance.row())).isTrue();
    assertThat(acceptance.stamp().cause()).isEqualTo(ACCEPTED);
    expected.add(acceptance);
    assertThat(after).isEqualTo(expected);
  }

  /** Opens the archive as any other, and writes to it. */
  private static void writeMore(Disk disk, Path view) throws IOException {
    try (LedgerCore core =
        LedgerCore.open(
            disk,
            new ViewFile(view),
            () -> Instant.parse("2026-03-02T10:00:00Z"),
            ProgressListener.NONE)) {
      Row row =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "after the gap")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      assertThat(
              core.commit(
                      List.of(new LedgerCore.Call(Change.Cause.by("system"), tx -> tx.add(row))))
                  .getFirst())
          .isInstanceOf(LedgerCore.Outcome.Done.class);
    }
  }

  /**
   * Damages every copy of the lines of some changes, and deletes the parity that could restore
   * them.
   */
  private static void spoil(SimulatedDisk disk, BitSet lost) throws IOException {
    Pattern seq = Pattern.compile("\\|(?:added|changed|removed)\\|(\\d+)\\|");
    for (String file : disk.list("")) {
      if (file.endsWith("_parity.txt")) {
        disk.delete(file);
      } else {
        String text = new String(bytes(disk, file), StandardCharsets.ISO_8859_1);
        StringBuilder spoiled = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
          var matcher = seq.matcher(line);
          boolean isLost = false;
          while (matcher.find()) {
            isLost |= lost.get(Integer.parseInt(matcher.group(1)));
          }
          spoiled.append(isLost ? line.replaceFirst("[0-9a-f]\n$", "x\n") : line);
        }
        if (!spoiled.toString().equals(text)) {
          disk.replace(file, spoiled.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    }
  }

  private static byte[] bytes(Disk disk, String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return in.readAllBytes();
    }
  }
}
