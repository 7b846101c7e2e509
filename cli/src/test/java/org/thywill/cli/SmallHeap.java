package org.thywill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands in a process of its own that has little memory. */
final class SmallHeap {
  private static final int MINUTES_MAX = 5;

  private SmallHeap() {}

  /**
   * Runs command lines, one after the other, which must not run out of memory.
   *
   * @param memory an option of the JVM, such as {@code -Xmx128m}
   * @param commands command lines, the words of each separated by line feeds
   * @return of each its exit code, and its output in one line
   */
  static List<String> run(String memory, List<String> commands)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                memory,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapMain.class.getName()));
    line.addAll(commands);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
    List<String> answers = output.lines().filter(each -> each.matches("\\d+ .*")).toList();
    assertThat(answers).as(output).hasSize(commands.size());
    for (String answer : answers) {
      assertThat(answer)
          .doesNotContain("not enough memory", "OutOfMemory", "\tat ")
          .matches("[0-4] \\{.*\"findings\":.*");
    }
    return answers;
  }
}
