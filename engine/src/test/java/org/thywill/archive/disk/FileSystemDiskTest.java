package org.thywill.archive.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Permissions, links and leftover files of a real disk.
 *
 * <p>Not on Windows, which has no POSIX permissions.
 */
@DisabledOnOs(
    value = OS.WINDOWS,
    disabledReason = "Windows has no permissions for owner, group and others")
class FileSystemDiskTest {
  @TempDir Path folder;
  private Path root;
  private Disk disk;

  @BeforeEach
  void openDisk() {
    root = folder.resolve("archive");
    disk = new FileSystemDisk(root);
  }

  @Test
  void everythingCreated_isForItsOwnerOnly() throws IOException {
    disk.append("a/b/appended").close();
    disk.replace("c/replaced", new byte[1]);
    disk.write("c/written", new byte[1]);
    disk.move("c/written", "d/moved");

    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void links_areNotFilesOfTheArchive() throws IOException {
    disk.replace("a/file", "inside".getBytes(UTF_8));
    Path secret =
        Files.writeString(
            Files.createDirectory(folder.resolve("outside")).resolve("secret"), "outside");
    Files.createSymbolicLink(root.resolve("a/link"), secret);
    Files.createSymbolicLink(root.resolve("folder"), secret.getParent());

    assertThat(disk.list("")).containsExactly("a/file");
    assertThat(disk.list("folder")).isEmpty();
    assertThat(disk.exists("a/link")).isFalse();
    assertThatThrownBy(() -> disk.read("a/link", 0)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.append("a/link")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> disk.move("a/file", "a/link")).isInstanceOf(IOException.class);
    disk.replace("a/link", "a file now".getBytes(UTF_8));
    assertThat(Files.readString(secret)).isEqualTo("outside");
    assertThat(disk.list("")).containsExactly("a/file", "a/link");
  }

  @Test
  void root_mayBeALink() throws IOException {
    Files.createSymbolicLink(root, Files.createDirectory(folder.resolve("elsewhere")));
    disk.replace("a/file", new byte[3]);

    assertThat(disk.list("")).containsExactly("a/file");
    assertThat(disk.list("a")).containsExactly("a/file");
  }

  @Test
  void replace_thatFailsLeavesTheOldContentAndNoLeftover() throws IOException {
    disk.append("taken/file").close();

    assertThatThrownBy(() -> disk.replace("taken", new byte[9])).isInstanceOf(IOException.class);
    assertThat(disk.list("")).containsExactly("taken/file");
  }

  @Test
  void forceAll_reportsTheFileThatFailed() throws IOException {
    for (String file : List.of("a", "b", "c")) {
      disk.write(file, new byte[1]);
    }

    assertThatThrownBy(() -> disk.forceAll(List.of("a", "b", "none", "c")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none");
  }

  @Test
  @Timeout(30)
  void list_bringsThousandsOfFilesInOrder() throws IOException {
    for (int i = 0; i < 5_000; i++) {
      disk.write("pages/" + i % 100 + "/" + i, new byte[0]);
    }
    assertThat(disk.list("pages")).hasSize(5_000).isSorted();
  }
}
