package org.thywill.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.check.ArchiveChecker;
import org.thywill.progress.ProgressListener;

/** The fixture of these tests is what it promises to be. */
class SmallCommunityTest {
  @TempDir Path folder;

  @Test
  void community_isSound_hasSealedMonths_andIsTheSameForTheSameSeed() throws IOException {
    SmallCommunity.play(folder.resolve("first"), folder.resolve("first.db"));
    SmallCommunity.play(folder.resolve("second"), folder.resolve("second.db"));
    SmallCommunity.play(folder.resolve("other"), folder.resolve("other.db"), 2);

    assertThat(texts(folder.resolve("second"))).isEqualTo(texts(folder.resolve("first")));
    assertThat(texts(folder.resolve("other"))).isNotEqualTo(texts(folder.resolve("first")));
    ArchiveReader reader = ArchiveReader.open(ArchiveFolders.archive(folder.resolve("first")), 0);
    assertThat(reader.sealedMonths())
        .containsExactly("2026_05", "2026_06", "2026_07", "2026_08", "2026_09");
    assertThat(
            new ArchiveChecker(ArchiveFolders.archive(folder.resolve("first")))
                .check(ArchiveChecker.Mode.FULL, ProgressListener.NONE)
                .findings())
        .isEmpty();
  }

  private static Map<String, String> texts(Path archive) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (var files = Files.walk(archive)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = archive.relativize(file).toString();
        if (!name.equals(".lock")) {
          texts.put(name, Files.readString(file));
        }
      }
    }
    return texts;
  }
}
