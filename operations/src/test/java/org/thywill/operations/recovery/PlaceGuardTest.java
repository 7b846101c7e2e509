package org.thywill.operations.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.archive.repair.ArchiveCopy;
import org.thywill.ledger.Ledger;
import org.thywill.operations.ArchiveFolders;

/** What places answer, and what a place that hangs, is empty, is damaged or is foreign means. */
class PlaceGuardTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;
  private Path archive = Path.of("");

  @BeforeEach
  void found() throws IOException {
    archive = folder.resolve("archive");
    Ledger.found(archive, "c0ffee", InstantSource.system());
  }

  private Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    ArchiveCopy.write(new FileSystemDisk(archive), new FileSystemDisk(copy));
    return copy;
  }

  private PlaceState state(Path place) throws IOException {
    return new PlaceGuard(archive).ask(place.toString()).getFirst().state();
  }

  @Test
  void placeHangs_theOthersAnswer_andNobodyWaitsForIt() throws IOException {
    Path copy = copy("copy");
    CountDownLatch never = new CountDownLatch(1);
    PlaceGuard.Folders hanging =
        new PlaceGuard.Folders() {
          @Override
          public boolean isSame(Path one, Path other) throws IOException {
            return OF_THE_SYSTEM.isSame(one, other);
          }

          @Override
          public Disk archive(Path place) throws IOException {
            if (place.endsWith("hangs")) {
              awaitUninterruptibly(never);
            }
            return ArchiveFolders.archive(place);
          }
        };
    PlaceGuard guard = new PlaceGuard(archive, SHORT, hanging);
    String hangs = folder.resolve("hangs").toString();
    long began = System.nanoTime();
    assertThat(guard.ask(hangs + "," + copy))
        .extracting(PlaceGuard.Answer::state)
        .containsExactly(
            new PlaceState.Unreachable("does not answer within 0.3 s"), new PlaceState.Current());
    guard.require(hangs + "," + copy);
    assertThatThrownBy(() -> guard.require(hangs + ", " + hangs))
        .isInstanceOf(NoPlaceReachedException.class)
        .hasMessageContaining("does not answer within 0.3 s; ");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    never.countDown();
  }

  /** As a call of the operating system to a file server that is gone. */
  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean isDone = false;
    while (!isDone) {
      try {
        latch.await();
        isDone = true;
      } catch (InterruptedException e) {
        // It goes on to hang.
      }
    }
  }

  @Test
  void placeIsMissingOrEmpty_itWasNotReached() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(state(empty)).isEqualTo(new PlaceState.Unreachable("holds no archive"));
    assertThat(state(folder.resolve("none"))).isEqualTo(new PlaceState.Unreachable("is not there"));
    assertThat(state(file)).isInstanceOf(PlaceState.Unreachable.class);
    assertThatThrownBy(() -> new PlaceGuard(archive).require(empty + "," + file))
        .isInstanceOf(NoPlaceReachedException.class);
    new PlaceGuard(archive).require(empty + "," + copy("copy"));
    new PlaceGuard(archive).require(" , ");
  }

  @Test
  void placeIsForeignOrDamagedOrTheArchiveItself_itWasReached() throws IOException {
    Ledger.found(folder.resolve("foreign"), "c0c0a", InstantSource.system());
    assertThat(state(folder.resolve("foreign")))
        .isEqualTo(new PlaceState.Unusable("is the archive of another community"));
    assertThat(state(archive)).isEqualTo(new PlaceState.Unusable("is the archive itself"));
    new PlaceGuard(archive).require(archive + "," + folder.resolve("foreign"));
  }
}
