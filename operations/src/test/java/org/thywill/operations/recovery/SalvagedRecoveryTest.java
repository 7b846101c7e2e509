package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.operations.ArchiveFolders;
import org.thywill.operations.SmallCommunity;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.Seeds;
import org.thywill.view.SqliteReader;
import org.thywill.view.rebuild.PointInTime;

/**
 * A recovery that may go on without what is lost: all that can be had comes back, what is lost is
 * named, nothing is invented, nothing is written.
 */
class SalvagedRecoveryTest {
  private static final int DAMAGES = Seeds.times(40);
  private static final int AT_ONCE_MAX = 40;

  @TempDir Path folder;
  private final Map<String, byte[]> sound = new TreeMap<>();
  private final Set<Row> written = new HashSet<>();
  private String digest = "";
  private long last;

  @BeforeEach
  void live() throws IOException {
    Path archive = folder.resolve("sound/text_archives");
    Path database = folder.resolve("sound/community.db");
    Files.createDirectories(archive.getParent());
    SmallCommunity.play(archive, database);
    sound.putAll(files(archive));
    Disk disk = ArchiveFolders.archive(archive);
    ArchiveReader reader = ArchiveReader.open(disk, 0);
    BitSet seen = new BitSet();
    for (Table table : Catalog.TABLES) {
      reader.forEach(
          table,
          seen,
          change -> {
            written.add(change.row());
            return true;
          });
    }
    reader.tail().forEach(change -> written.add(change.row()));
    last = reader.lastSeq();
    try (SqliteReader view = SqliteReader.open(database)) {
      digest = view.state().digest().hex();
    }
  }

  private static Map<String, byte[]> files(Path archive) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (var all = Files.walk(archive)) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(file -> !file.endsWith(".lock")).toList()) {
        files.put(archive.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private static boolean holdsChanges(String file) {
    return Catalog.ofLog(file).isPresent()
        || file.matches("journal/\\d.*")
        || file.matches("prayers/\\d{4}/.*");
  }

  @Test
  void randomDamage_allThatCanBeHadIsBack_lossesAreNamed_andNothingIsInventedOrWritten()
      throws IOException {
    long seed = Seeds.seed("SalvagedRecoveryTest");
    List<String> names =
        sound.keySet().stream().filter(SalvagedRecoveryTest::holdsChanges).toList();
    int lossy = 0;
    for (int i = 0; i < DAMAGES; i++) {
      RandomGenerator random = Seeds.random(seed + i);
      Map<String, byte[]> damaged = new TreeMap<>(sound);
      StringBuilder what = new StringBuilder("damage " + i + ": ");
      for (int n = 1 + random.nextInt(AT_ONCE_MAX); n > 0; n--) {
        String file = names.get(random.nextInt(names.size()));
        if (Arrays.equals(damaged.get(file), sound.get(file))) {
          what.append(FileDamage.one(damaged, file, random))
              .append(" of ")
              .append(file)
              .append(", ");
        }
      }
      if (i % 2 == 1) {
        what.append(removeEverywhere(damaged, random));
      }
      try {
        lossy += recover(folder.resolve("damaged" + i), damaged) ? 1 : 0;
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(what.toString(), e);
      }
    }
    assertThat(lossy).as("recoveries that really lacked something").isPositive();
  }

  /** Takes one line of a log out of every file, and the parities away. */
  private static String removeEverywhere(Map<String, byte[]> files, RandomGenerator random) {
    files.keySet().removeIf(file -> file.endsWith("_parity.txt"));
    List<String> logs =
        files.keySet().stream().filter(file -> Catalog.ofLog(file).isPresent()).toList();
    String log = logs.get(random.nextInt(logs.size()));
    List<String> lines =
        new String(Objects.requireNonNull(files.get(log)), StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    if (lines.isEmpty()) {
      return "no line left of " + log;
    }
    String line = lines.get(random.nextInt(lines.size()));
    files.replaceAll(
        (file, bytes) ->
            new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(line, "")
                .getBytes(StandardCharsets.ISO_8859_1));
    return "without the line " + line;
  }

  /** Whether anything was lost. */
  private boolean recover(Path place, Map<String, byte[]> damaged) throws IOException {
    Path archive = place.resolve("text_archives");
    for (Map.Entry<String, byte[]> file : damaged.entrySet()) {
      Files.createDirectories(archive.resolve(file.getKey()).getParent());
      Files.write(archive.resolve(file.getKey()), file.getValue());
    }
    Path database = place.resolve("community.db");
    Recovery.Result result =
        new Recovery(archive, database, ProgressListener.NONE, "now")
            .run(new Recovery.Plan(PointInTime.NOW, Set.of(), false, false, true, false, null));
    boolean isLossy =
        result.findings().stream().anyMatch(finding -> finding.code().equals(Recovery.LOST));
    assertThat(result.proven())
        .as("nothing proves what lacks something, and all else is proven")
        .isEqualTo(!isLossy);
    if (!isLossy && result.seq() == last) {
      assertThat(result.digest().hex()).isEqualTo(digest);
    }
    try (SqliteReader view = SqliteReader.open(database)) {
      assertThat(view.recovery().orElseThrow().isLacking()).isEqualTo(isLossy);
      for (Table table : Catalog.TABLES) {
        view.forEach(table, row -> assertThat(written).as(table.name()).contains(row));
      }
    }
    Map<String, byte[]> now = files(archive);
    assertThat(now.keySet()).isEqualTo(damaged.keySet());
    now.forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(damaged.get(file)));
    return isLossy;
  }
}
