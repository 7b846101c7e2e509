package org.thywill.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.legacy.text.TextReport;
import org.thywill.simulation.Seeds;

/** Damage to text archives never stops an import, and no line is lost in silence. */
class TextFuzzTest {
  @TempDir Path folder;

  @Test
  void damagedFiles_areImportedAsFarAsTheyGo() throws Exception {
    RandomGenerator random = Seeds.random("TextFuzzTest.damagedFiles");
    List<Path> files = copy();
    for (int i = 0; i < Seeds.times(12); i++) {
      List<Path> changed = new ArrayList<>();
      for (int j = 0; j < 20; j++) {
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, damaged(bytes, random));
        changed.add(file);
      }
      ImportReport report = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> new TextSample().take(folder.resolve("tree")));
      assertThat(report.texts().orElseThrow().files()).isPositive();
      for (Path file : changed) {
        Files.copy(TextSample.ARCHIVES.resolve(folder.resolve("tree").relativize(file).toString()), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void lineThatMeansNothing_isNamed_whereverItStands() throws Exception {
    RandomGenerator random = Seeds.random("TextFuzzTest.lineThatMeansNothing");
    List<Path> files = copy().stream().filter(file -> !file.toString().contains("/prayers/20") && !file.toString().contains("membership")
        && !file.toString().contains("export_summary")).toList();
    List<String> expected = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = new ArrayList<>(List.of(Files.readString(file).split("\n", -1)));
      int at = Math.min(lines.size() - 1, 4 + random.nextInt(Math.max(1, lines.size() - 4)));
      lines.add(at, "these words mean nothing");
      Files.writeString(file, String.join("\n", lines));
      expected.add("tree/" + folder.resolve("tree").relativize(file) + ":" + (at + 1));
    }
    TextReport report = new TextSample().take(folder.resolve("tree")).texts().orElseThrow();
    List<String> named = new ArrayList<>(report.unread().stream().map(line -> line.file() + ":" + line.line()).toList());
    report.findings().stream().filter(finding -> finding.code().startsWith("record-")).forEach(finding -> named.add(finding.file() + ":" + finding.line()));
    assertThat(named).containsAll(expected);
  }

  private static byte[] damaged(byte[] bytes, RandomGenerator random) {
    byte[] damaged = random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes.clone();
    for (int i = 0; i < 3 && damaged.length > 0; i++) {
      byte[] signs = {'|', '\n', '\\', 0, (byte) 0xff, ':', ' ', '\''};
      damaged[random.nextInt(damaged.length)] = random.nextBoolean() ? signs[random.nextInt(signs.length)] : (byte) random.nextInt();
    }
    return damaged;
  }

  private List<Path> copy() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path source : List.of(TextSample.LIVE, TextSample.EXPORT)) {
      try (Stream<Path> all = Files.walk(source)) {
        for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
          Path target = folder.resolve("tree").resolve(TextSample.ARCHIVES.relativize(path).toString());
          Files.createDirectories(target.getParent());
          Files.copy(path, target);
          files.add(target);
        }
      }
    }
    return files;
  }
}
