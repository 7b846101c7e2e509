package org.thywill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.thywill.archive.check.ArchiveFixture;
import org.thywill.archive.check.CheckReport;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.ControlFile;
import org.thywill.archive.format.Header;
import org.thywill.archive.format.NotAnArchiveException;
import org.thywill.archive.repair.ArchiveRepairer;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.SimulatedDisk;

/**
 * A sample archive of each format, in the resources of the tests, can be read for ever.
 *
 * <p>While the format is a draft, {@code -Dthywill.update=true} writes the sample again. The sample
 * of a released format is never changed, and a new format gets its own folder.
 */
class FrozenFormatTest {
  private static final Path SAMPLE = Path.of("src", "test", "resources", "formats", Header.FORMAT);

  private static FileSystemDisk sample() throws IOException {
    if (Boolean.getBoolean("thywill.update") && Header.FORMAT.endsWith("-draft")) {
      for (Map.Entry<String, byte[]> file :
          ArchiveFixture.files(ArchiveFixture.tiny()).entrySet()) {
        Path path = SAMPLE.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.write(path, file.getValue());
      }
    }
    return new FileSystemDisk(SAMPLE);
  }

  @Test
  void sample_isSound_andLeadsToTheRowsThatItsHeadRecords() throws IOException {
    FileSystemDisk disk = sample();
    CheckReport report = ArchiveFixture.check(disk);
    assertThat(report.findings()).isEmpty();
    assertThat(report.changes()).isEqualTo(6);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    Digest.Running rows = new Digest.Running();
    BitSet seen = new BitSet();
    for (Table table : reader.tables()) {
      Map<String, Row> present = new HashMap<>();
      reader.forEach(
          table,
          seen,
          change -> {
            Row before =
                change.operation() == Operation.REMOVED
                    ? present.remove(change.row().key())
                    : present.put(change.row().key(), change.row());
            if (before != null) {
              rows.remove(before);
            }
            if (change.operation() != Operation.REMOVED) {
              rows.add(change.row());
            }
            return true;
          });
    }
    reader.requireDense(seen);
    assertThat(rows.digest().hex()).isEqualTo(reader.head().digest().hex());
  }

  /** This program writes exactly the sample, so a change of the format is noticed. */
  @Test
  void sample_isWhatIsWrittenToday() throws IOException {
    Map<String, byte[]> frozen = ArchiveFixture.files(sample());
    Map<String, byte[]> today = ArchiveFixture.files(ArchiveFixture.tiny());
    assertThat(frozen.keySet()).isEqualTo(today.keySet());
    today.forEach(
        (file, bytes) ->
            assertThat(new String(Objects.requireNonNull(frozen.get(file)), StandardCharsets.UTF_8))
                .as(file)
                .isEqualTo(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** Written while the draft did not set the texts of a page in. It is never written again. */
  @Test
  void sampleOfAnEarlierDraft_isSound() throws IOException {
    CheckReport report =
        ArchiveFixture.check(
            new FileSystemDisk(SAMPLE.resolveSibling(Header.FORMAT + "-pages-not-set-in")));
    assertThat(report.findings()).isEmpty();
    assertThat(report.changes()).isEqualTo(6);
  }

  @Test
  void newerFormat_isRefusedInASentence() throws IOException {
    Map<String, byte[]> files = ArchiveFixture.files(sample());
    String newer =
        new String(
                Objects.requireNonNull(files.get(ArchiveIdentity.FILE.file())),
                StandardCharsets.UTF_8)
            .replaceFirst("(?m)^format\\|.*$", "format|9")
            .replaceFirst("(?m)^check\\|.*\\n", "");
    files.put(ArchiveIdentity.FILE.file(), ControlFile.content(newer));
    files.put(ArchiveIdentity.FILE.copy(), ControlFile.content(newer));
    ArchiveFixture.Fixed disk = new ArchiveFixture.Fixed(files);
    String sentence =
        "the archive has format 9; this program reads "
            + Header.FORMAT
            + ". Use the version of thywill that wrote it, or a newer one";
    assertThatThrownBy(() -> ArchiveReader.open(disk, 0))
        .isInstanceOf(NotAnArchiveException.class)
        .hasMessage(sentence);
    assertThatThrownBy(() -> ArchiveWriter.open(disk, 0))
        .isInstanceOf(NotAnArchiveException.class)
        .hasMessage(sentence);
    assertThatThrownBy(() -> ArchiveFixture.check(disk))
        .isInstanceOf(NotAnArchiveException.class)
        .hasMessage(sentence);
    assertThatThrownBy(
            () -> ArchiveRepairer.plan(disk, Map.of(), new SimulatedDisk(), ProgressListener.NONE))
        .isInstanceOf(NotAnArchiveException.class)
        .hasMessage(sentence);
  }
}
