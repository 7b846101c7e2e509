package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive is the same in locales with other digits and other rules for lower case. */
class LocaleTest {
  @TempDir Path folder;

  @Test
  void demo_underOtherLocales_givesTheSameFiles() throws IOException {
    Locale before = Locale.getDefault();
    try {
      String expected = files("en-US");
      assertThat(files("ar-EG-u-nu-arab")).isEqualTo(expected);
      assertThat(files("tr-TR")).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  private String files(String locale) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(locale));
    Path dir = folder.resolve(locale);
    ProgramRunner.Run run =
        new ProgramRunner(folder)
            .raw("demo", "--dir", dir.toString(), "--members", "5", "--prayers", "4");
    assertThat(run.exit()).as(run.err()).isZero();
    StringBuilder all = new StringBuilder();
    try (var paths = Files.walk(dir.resolve("text_archives"))) {
      for (Path path :
          paths
              .filter(Files::isRegularFile)
              .filter(path -> !path.endsWith(".lock"))
              .sorted()
              .toList()) {
        all.append(dir.relativize(path)).append('\n').append(Files.readString(path));
      }
    }
    return all.toString();
  }
}
