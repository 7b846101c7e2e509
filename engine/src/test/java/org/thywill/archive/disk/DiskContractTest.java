package org.thywill.archive.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.thywill.simulation.Seeds;
import org.thywill.simulation.SimulatedDisk;

/** The contract of {@link Disk} while nothing fails, for every implementation. */
@ParameterizedClass
@EnumSource
class DiskContractTest {
  enum Kind {
    REAL,
    SIMULATED,
    COMPRESSING
  }

  private final Disk disk;

  DiskContractTest(Kind kind, @TempDir Path folder) {
    disk =
        switch (kind) {
          case REAL -> new FileSystemDisk(folder.resolve("new/archive"));
          case SIMULATED -> new SimulatedDisk();
          case COMPRESSING -> new GzipDisk(new SimulatedDisk());
        };
  }

  @Test
  void newDisk_isEmpty() throws IOException {
    assertThat(disk.list("")).isEmpty();
    assertThat(disk.list("journal")).isEmpty();
    assertThat(disk.exists("journal/1.txt")).isFalse();
  }

  @Test
  void append_createsFileAndFolders() throws IOException {
    disk.append("a/b/c.txt").close();

    assertThat(disk.exists("a/b/c.txt")).isTrue();
    assertThat(disk.size("a/b/c.txt")).isZero();
    assertThat(text("a/b/c.txt")).isEmpty();
  }

  @Test
  void append_bytesAreSeenAtOnce() throws IOException {
    try (Disk.Appender appender = disk.append("log")) {
      byte[] bytes = "-first-".getBytes(UTF_8);
      appender.write(bytes, 1, 5);
      assertThat(text("log")).isEqualTo("first");
      appender.force();
      appender.write(bytes, 0, 0);
      appender.write(bytes, 6, 1);
      assertThat(text("log")).isEqualTo("first-");
    }
  }

  @Test
  void isAtItsPath_untilTheFileIsDeletedMovedReplacedOrChanged() throws IOException {
    for (String what : List.of("delete", "move", "replace", "add")) {
      String file = "journal/" + what;
      try (Disk.Appender appender = disk.append(file)) {
        appender.write("one".getBytes(UTF_8), 0, 3);
        appender.force();
        assertThat(appender.isAtItsPath(3)).isTrue();
        assertThat(appender.isAtItsPath(2)).isFalse();
        appender.write("two".getBytes(UTF_8), 0, 3);
        assertThat(appender.isAtItsPath(6)).isTrue();
        switch (what) {
          case "delete" -> disk.delete(file);
          case "move" -> disk.move(file, "elsewhere");
          case "replace" -> disk.replace(file, "onetwo".getBytes(UTF_8));
          default -> append(file, "other");
        }
        assertThat(appender.isAtItsPath(6)).as(what).isFalse();

        appender.restore(5);
        assertThat(text(file)).isEqualTo("onetw");
        assertThatThrownBy(() -> appender.restore(100)).isInstanceOf(EOFException.class);
        assertThat(text(file)).isEqualTo("onetw");
      }
    }
  }

  @Test
  void isAtItsPath_replacedBeforeTheFirstLook_isSeenByTheLength() throws IOException {
    append("journal/1", "one");
    try (Disk.Appender appender = disk.append("journal/1")) {
      disk.replace("journal/1", "one".getBytes(UTF_8));
      appender.write("two".getBytes(UTF_8), 0, 3);
      assertThat(appender.isAtItsPath(6)).isFalse();
    }
  }

  @Test
  void append_goesOnAtTheEnd() throws IOException {
    append("log", "one ");
    append("log", "two");

    assertThat(text("log")).isEqualTo("one two");
    assertThat(disk.size("log")).isEqualTo(7);
  }

  @Test
  void append_afterCloseRefuses() throws IOException {
    Disk.Appender appender = disk.append("log");
    appender.close();
    appender.close();

    assertThatThrownBy(() -> appender.write(new byte[1], 0, 1))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(appender::force).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void append_outsideTheArrayWritesNothing() throws IOException {
    try (Disk.Appender appender = disk.append("log")) {
      assertThatThrownBy(() -> appender.write(new byte[2], 1, 2))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(disk.size("log")).isZero();
  }

  @Test
  void append_refusesAFolderAndAFileAsFolder() throws IOException {
    append("a/file", "x");

    assertThatThrownBy(() -> disk.append("a")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.append("a/file/b")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.replace("a", new byte[0])).isInstanceOf(IOException.class);
    assertThat(text("a/file")).isEqualTo("x");
  }

  @Test
  void read_startsAtTheOffset() throws IOException {
    append("log", "0123456789");

    assertThat(text("log", 0)).isEqualTo("0123456789");
    assertThat(text("log", 9)).isEqualTo("9");
    assertThat(text("log", 10)).isEmpty();
    assertThat(text("log", 5_000_000_000L)).isEmpty();
    assertThatThrownBy(() -> disk.read("log", -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_seesWhatIsAppendedMeanwhile() throws IOException {
    append("log", "one ");
    try (InputStream in = disk.read("log", 0)) {
      assertThat(in.readNBytes(4)).hasSize(4);
      append("log", "two");
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("two");
    }
  }

  @Test
  void read_keepsToTheOldContentWhileItIsReplaced() throws IOException {
    disk.replace("roles.txt", bytes("old content"));
    try (InputStream in = disk.read("roles.txt", 0)) {
      assertThat(in.read()).isEqualTo('o');
      disk.replace("roles.txt", bytes("NEW"));
      assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("ld content");
    }
    assertThat(text("roles.txt")).isEqualTo("NEW");
  }

  @Test
  void missingFile_isNamedAsMissing() throws IOException {
    append("folder/file", "x");

    for (String missing : List.of("none", "no/such", "folder")) {
      assertThat(disk.exists(missing)).isFalse();
      assertThatThrownBy(() -> disk.size(missing)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> disk.read(missing, 0)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> disk.delete(missing)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> disk.move(missing, "x/y")).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> disk.replaceByPrefix(missing, 0))
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThatThrownBy(() -> disk.forceAll(List.of("none")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.forceFolder("none")).isInstanceOf(NoSuchFileException.class);
    assertThat(disk.list("")).containsExactly("folder/file");
  }

  @Test
  void list_isInTheOrderOfPathsAtAnyDepth() throws IOException {
    for (String file :
        List.of("b", "a/z/1", "a/b", "a-b/c", "a.txt", "ab/c", "a/B", "ä/1", "a/b.partial")) {
      append(file, "");
    }

    assertThat(disk.list(""))
        .containsExactly(
            "a-b/c", "a.txt", "a/B", "a/b", "a/b.partial", "a/z/1", "ab/c", "b", "ä/1");
    assertThat(disk.list("a")).containsExactly("a/B", "a/b", "a/b.partial", "a/z/1");
    assertThat(disk.list("a/z")).containsExactly("a/z/1");
    assertThat(disk.list("b")).isEmpty();
    assertThat(disk.list("c")).isEmpty();
  }

  @Test
  void replace_createsOrTakesThePlace() throws IOException {
    disk.replace("a/control.txt", bytes("first and long"));
    assertThat(text("a/control.txt")).isEqualTo("first and long");
    disk.replace("a/control.txt", bytes("second"));

    assertThat(text("a/control.txt")).isEqualTo("second");
    assertThat(disk.list("")).containsExactly("a/control.txt");
  }

  @Test
  void replace_overwritesALeftover() throws IOException {
    append("control.txt" + Disk.PARTIAL, "left by a crash, and longer");
    disk.replace("control.txt", bytes("new"));

    assertThat(text("control.txt")).isEqualTo("new");
    assertThat(disk.list("")).containsExactly("control.txt");
  }

  @Test
  void replaceByPrefix_keepsTheFirstBytes() throws IOException {
    byte[] large = new byte[200_000];
    Seeds.random(1).nextBytes(large);
    disk.replace("journal", large);

    disk.replaceByPrefix("journal", 150_001);
    assertThat(disk.read("journal", 0).readAllBytes()).isEqualTo(Arrays.copyOf(large, 150_001));
    disk.replaceByPrefix("journal", 150_001);
    assertThat(disk.size("journal")).isEqualTo(150_001);
    disk.replaceByPrefix("journal", 0);
    assertThat(disk.size("journal")).isZero();
  }

  @Test
  void replaceByPrefix_refusesToInventBytes() throws IOException {
    append("journal", "abc");

    assertThatThrownBy(() -> disk.replaceByPrefix("journal", 4)).isInstanceOf(EOFException.class);
    assertThat(text("journal")).isEqualTo("abc");
    assertThat(disk.list("")).containsExactly("journal");
  }

  @Test
  void writeAndForceAll_bringManyFiles() throws IOException {
    List<String> files =
        IntStream.range(0, 50).mapToObj(i -> "pages/" + i % 7 + "/" + i).sorted().toList();
    for (String file : files) {
      disk.write(file, bytes(file));
    }
    disk.forceAll(files);
    disk.forceAll(List.of());

    assertThat(disk.list("")).isEqualTo(files);
    for (String file : files) {
      assertThat(text(file)).isEqualTo(file);
    }
  }

  @Test
  void move_givesAnotherName() throws IOException {
    append("journal/1", "x");
    disk.move("journal/1", "quarantine/2031/1");

    assertThat(disk.list("")).containsExactly("quarantine/2031/1");
    assertThat(text("quarantine/2031/1")).isEqualTo("x");
    disk.forceFolder("quarantine/2031");
    disk.forceFolder("journal");
  }

  @Test
  void move_neverReplaces() throws IOException {
    append("a", "1");
    append("b", "2");
    append("c/d", "3");

    for (String taken : List.of("b", "c", "a")) {
      assertThatThrownBy(() -> disk.move("a", taken))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(text("a") + text("b") + text("c/d")).isEqualTo("123");
  }

  @Test
  void delete_takesAwayAndMakesRoomForANewFile() throws IOException {
    append("a/b", "old");
    disk.delete("a/b");
    assertThat(disk.list("")).isEmpty();
    disk.forceFolder("a");
    append("a/b", "new");

    assertThat(text("a/b")).isEqualTo("new");
  }

  @Test
  void pathsOutOfTheArchive_areRefused() throws IOException {
    append("a/b", "x");
    for (String path :
        List.of(
            "",
            "/etc/passwd",
            "..",
            "../x",
            "a/../../x",
            "a/../b",
            ".",
            "./a",
            "a/./b",
            "a//b",
            "a/",
            "/",
            "a\0b")) {
      assertThatThrownBy(() -> disk.append(path)).as(path).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.exists(path)).as(path).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.read(path, 0)).as(path).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.replace(path, new byte[0]))
          .as(path)
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.write(path, new byte[0]))
          .as(path)
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.delete(path)).as(path).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> disk.move("a/b", path)).as(path).isInstanceOf(IOException.class);
      if (!path.isEmpty()) {
        assertThatThrownBy(() -> disk.list(path)).as(path).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> disk.forceFolder(path)).as(path).isInstanceOf(IOException.class);
      }
    }
    assertThat(disk.list("")).containsExactly("a/b");
  }

  private void append(String file, String text) throws IOException {
    try (Disk.Appender appender = disk.append(file)) {
      appender.write(bytes(text), 0, bytes(text).length);
      appender.force();
    }
  }

  private String text(String file) throws IOException {
    return text(file, 0);
  }

  private String text(String file, long offset) throws IOException {
    try (InputStream in = disk.read(file, offset)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
