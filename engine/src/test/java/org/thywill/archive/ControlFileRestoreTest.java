package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.DamagedArchiveException;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.Head;
import org.thywill.archive.format.Quarantine;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.simulation.LossPattern;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedCrash;
import org.thywill.simulation.SimulatedDisk;

/** A damaged copy of a control file is restored from the other one when the archive is opened. */
class ControlFileRestoreTest {
  private static final List<ControlFile> FILES = List.of(Head.FILE, ArchiveIdentity.FILE);
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Digest.Running digest = new Digest.Running();

  @BeforeEach
  void create() throws IOException {
    ArchiveWriter.create(disk, new ArchiveIdentity("c0ffee", 1));
    try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
      add(archive);
      archive.checkpoint(digest.digest(), PageLocator.UNKNOWN);
    }
  }

  private void add(ArchiveWriter archive) throws IOException {
    long seq = archive.lastSeq() + 1;
    Row row =
        Row.in(Catalog.FEATURE_FLAGS)
            .set(Catalog.FeatureFlags.NAME, "flag" + seq)
            .set(Catalog.FeatureFlags.ENABLED, true)
            .build();
    archive.append(
        List.of(
            new Change(
                Operation.ADDED,
                row,
                seq,
                new Change.TransactionInfo(seq, seq, seq - 1, 2, Change.Cause.by("system")))));
    digest.add(row);
  }

  private static String text(Disk disk, String file) throws IOException {
    return new String(disk.readAll(file), StandardCharsets.UTF_8);
  }

  private static List<Finding> reopen(Disk disk) throws IOException {
    try (ArchiveWriter archive = ArchiveWriter.open(disk, 0)) {
      return archive.findings();
    }
  }

  @Test
  void eitherCopyIsMissingOrDamaged_isWrittenAgainFromTheOther_andWhatWasThereIsKept()
      throws IOException {
    for (ControlFile control : FILES) {
      String whole = text(disk, control.file());
      for (String file : List.of(control.file(), control.copy())) {
        disk.delete(file);
        assertThat(reopen(disk))
            .extracting(Finding::code, Finding::file)
            .containsExactly(Tuple.tuple("control-mended", file));
        assertThat(text(disk, file)).isEqualTo(whole);
        disk.replace(file, whole.replace("|", "!").getBytes(StandardCharsets.UTF_8));
        assertThat(reopen(disk)).extracting(Finding::code).containsExactly("control-mended");
        assertThat(text(disk, file)).isEqualTo(whole);
        assertThat(
                disk.list(Quarantine.FOLDER).stream()
                    .map(name -> name.substring(Quarantine.FOLDER.length() + 1)))
            .anyMatch(name -> name.startsWith(file.replace('/', '_').replace(".txt", "")));
        assertThat(reopen(disk)).isEmpty();
      }
    }
  }

  @Test
  void oneSoundCopyDoesNotSayWhatItMust_theOtherOneServes() throws IOException {
    for (ControlFile control : FILES) {
      String whole = text(disk, control.file());
      for (String file : List.of(control.file(), control.copy())) {
        disk.replace(file, ControlFile.content("seq|many\ncommunity|c0ffee\n"));
        assertThat(Head.read(disk).seq()).isEqualTo(1);
        assertThat(ArchiveIdentity.read(disk).community()).isEqualTo("c0ffee");
        assertThat(reopen(disk)).extracting(Finding::code).containsExactly("control-mended");
        assertThat(text(disk, file)).isEqualTo(whole);
      }
      disk.replace(control.file(), ControlFile.content("seq|many\n"));
      disk.replace(control.copy(), ControlFile.content("seq|many\n"));
      assertThatThrownBy(() -> ArchiveWriter.open(disk, 0))
          .isInstanceOf(DamagedArchiveException.class);
      disk.replace(control.file(), whole.getBytes(StandardCharsets.UTF_8));
      disk.replace(control.copy(), whole.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void twoSoundIdentitiesOfDifferentCommunities_areLeftForTheOperator() throws IOException {
    String other = new ArchiveIdentity("0ther", 1).content();
    disk.replace(ArchiveIdentity.FILE.copy(), ControlFile.content(other));
    assertThat(reopen(disk)).isEmpty();
    assertThat(text(disk, ArchiveIdentity.FILE.copy())).startsWith(other);
  }

  @Test
  void crashAnywhereInACheckpointOrARestoration_leavesTwoEqualCopiesAfterTheNextOpening()
      throws IOException {
    for (int operation = 1; ; operation++) {
      SimulatedDisk running = disk.copy();
      if (!crashesAt(operation, running)) {
        assertThat(operation).isGreaterThan(8);
        break;
      }
      for (int second = 1; second <= 8; second++) {
        SimulatedDisk again = running.restart(LossPattern.ALL_LOST, Seeds.random(operation));
        again.crashAt(second);
        try {
          reopen(again);
          again = again.copy();
        } catch (SimulatedCrash e) {
          again = again.restart(LossPattern.ALL_LOST, Seeds.random(second));
        }
        reopen(again);
        for (ControlFile control : FILES) {
          assertThat(text(again, control.file()))
              .as("crash at %s, then at %s", operation, second)
              .isEqualTo(text(again, control.copy()));
        }
      }
    }
  }

  private static boolean crashesAt(int operation, SimulatedDisk running) throws IOException {
    try (ArchiveWriter archive = ArchiveWriter.open(running, 0)) {
      Row row =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "flag2")
              .set(Catalog.FeatureFlags.ENABLED, true)
              .build();
      archive.append(
          List.of(
              new Change(
                  Operation.ADDED,
                  row,
                  2,
                  new Change.TransactionInfo(2, 2, 1, 2, Change.Cause.by("system")))));
      running.crashAt(operation);
      archive.checkpoint(Digest.empty(), PageLocator.UNKNOWN);
      return false;
    } catch (SimulatedCrash e) {
      return true;
    }
  }

  @Test
  void crashWhileAnArchiveIsCreated_theNextOpeningFindsNoneOrRestoresIt() throws IOException {
    int found = 0;
    for (int operation = 1; operation <= 20; operation++) {
      SimulatedDisk empty = new SimulatedDisk();
      empty.crashAt(operation);
      try {
        ArchiveWriter.create(empty, new ArchiveIdentity("c0ffee", 1));
      } catch (SimulatedCrash e) {
        SimulatedDisk after = empty.restart(LossPattern.ALL_LOST, Seeds.random(operation));
        if (ArchiveIdentity.isPresent(after)) {
          found++;
          reopen(after);
          assertThat(text(after, ArchiveIdentity.FILE.file()))
              .isEqualTo(text(after, ArchiveIdentity.FILE.copy()));
          assertThat(reopen(after)).isEmpty();
        }
      }
    }
    assertThat(found).isPositive();
  }
}
