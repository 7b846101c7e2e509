package org.thywill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Row;

class GeneratorTest {
  private static final int ROWS = 2_000;

  @Test
  void generate_writesASoundArchive(@TempDir Path folder) throws IOException {
    Generator generator = new Generator(folder);
    generator.generate(ROWS, 7);
    var report =
        new ArchiveChecker(new FileSystemDisk(generator.archive()))
            .check(ArchiveChecker.Mode.FULL, (what, done, total) -> {});
    assertThat(report.findings()).isEmpty();
    assertThat(report.changes()).isEqualTo(ROWS + ROWS / 1_000);
  }

  @Test
  void community_isTheSameForTheSameSeedAndAnotherForAnother() throws IOException {
    List<Row> rows = rows(7);
    assertThat(rows).hasSize(ROWS).doesNotHaveDuplicates();
    assertThat(rows(7)).isEqualTo(rows);
    assertThat(rows(8)).isNotEqualTo(rows);
  }

  private static List<Row> rows(long seed) throws IOException {
    List<Row> rows = new ArrayList<>();
    new InventedCommunity(ROWS, seed).writeTo((some, at, cause) -> rows.addAll(some));
    return rows;
  }
}
