package org.thywill.archive.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The lock against a second process, even if its file is removed, replaced or moved. */
@Timeout(60)
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "Windows does not delete a file that a process has open")
class ArchiveLockTest {
  private static final String FREE = "free";

  @TempDir Path folder;

  /** Takes the lock of a folder in a process of its own. */
  static final class Second {
    private Second() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      try (ArchiveLock _ = ArchiveLock.acquire(Path.of(arguments[0]), "now")) {
        System.out.println(FREE);
        System.out.flush();
        // Holds it until the input ends.
        while (System.in.read() >= 0) {
          Thread.onSpinWait();
        }
      } catch (ArchiveLock.Held e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process second() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Second.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  /** What a second process says when it tries to take the lock. */
  private String secondSays() throws IOException, InterruptedException {
    Process process = second();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void held_aSecondProcessIsRefused_andLetInAfterwards() throws Exception {
    try (ArchiveLock lock = ArchiveLock.acquire(folder, "then")) {
      lock.keep();
      assertThat(secondSays()).contains("another process holds the archive").contains("since then");
    }
    assertThat(secondSays()).isEqualTo(FREE);
  }

  @Test
  void refusedWithinTheProcess_theLockStillHoldsAgainstAnother() throws Exception {
    try (ArchiveLock lock = ArchiveLock.acquire(folder, "then")) {
      assertThatThrownBy(() -> ArchiveLock.acquire(folder, "later"))
          .isInstanceOf(ArchiveLock.Held.class)
          .hasMessageContaining("since then");
      lock.keep();
      assertThat(secondSays()).contains("another process holds the archive");
    }
  }

  @Test
  void fileRemovedOrReplaced_keepTakesTheLockAgain() throws Exception {
    try (ArchiveLock lock = ArchiveLock.acquire(folder, "then")) {
      Files.delete(folder.resolve(ArchiveLock.FILE));
      lock.keep();
      assertThat(secondSays()).contains("another process holds the archive");
      Files.writeString(folder.resolve("copy"), "process 1 since long ago");
      Files.move(
          folder.resolve("copy"),
          folder.resolve(ArchiveLock.FILE),
          StandardCopyOption.REPLACE_EXISTING);
      lock.keep();
      assertThat(secondSays()).contains("another process holds the archive");
    }
    assertThat(secondSays()).isEqualTo(FREE);
  }

  @Test
  void fileRemoved_andASecondProcessCameFirst_theLockIsLostForEver() throws Exception {
    try (ArchiveLock lock = ArchiveLock.acquire(folder, "then")) {
      Files.delete(folder.resolve(ArchiveLock.FILE));
      Process process = second();
      byte[] said = process.getInputStream().readNBytes(FREE.length());
      assertThat(new String(said, UTF_8)).isEqualTo(FREE);
      String taken =
          "another process holds the archive %s: process %d since now; it took the archive while this process was writing"
              .formatted(folder, process.pid());
      assertThatThrownBy(lock::keep).isInstanceOf(ArchiveLock.Held.class).hasMessage(taken);
      process.getOutputStream().close();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(lock::keep).isInstanceOf(ArchiveLock.Held.class).hasMessage(taken);
    }
  }

  @Test
  void folderMovedAway_keepFailsUntilItIsBack() throws Exception {
    Path archive = Files.createDirectory(folder.resolve("archive"));
    try (ArchiveLock lock = ArchiveLock.acquire(archive, "then")) {
      Files.move(archive, folder.resolve("away"));
      assertThatThrownBy(lock::keep)
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("moved or deleted");
      assertThat(archive).doesNotExist();
      Files.move(folder.resolve("away"), archive);
      lock.keep();
    }
  }
}
