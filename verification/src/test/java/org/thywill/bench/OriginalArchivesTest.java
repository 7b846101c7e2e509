package org.thywill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginalArchivesTest {
  @Test
  void write_makesAFileForEachPrayer_laidOutAsTheOriginalDid(@TempDir Path folder)
      throws IOException {
    OriginalArchives.write(folder, 10_000, 7); // more than a month
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.resolve("prayers"))) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    assertThat(files).hasSize(10_000);
    assertThat(folder.relativize(files.getFirst()))
        .hasToString("prayers/2024/01/2024_01_02_prayer_at_0800.txt");
    assertThat(Files.readString(files.getFirst()))
        .matches(
            """
            (?s)Prayer [0-9a-f]{32} by Member \\d+ of Saltmarsh
            Submitted January 02 2024 at 08:00

            .+Amen\\.

            Generated Prayer:
            .+Amen\\.

            Activity:
            (January 02 2024 at \\d\\d:00 - Member \\d+ of Saltmarsh prayed this prayer
            )*\
            """);
    assertThat(Files.readString(folder.resolve("users/2024_01_users.txt")).lines())
        .hasSize(1_002)
        .contains("January 01 2024 at 08:00 - Member 999 of Saltmarsh joined directly");
  }
}
