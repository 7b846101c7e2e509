package org.thywill.archive.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
  void rootThatVanished_isNotCreatedAgain() throws IOException {
    disk.replace("a/file", new byte[3]);
    Files.move(root, folder.resolve("moved"));

    assertThatThrownBy(() -> disk.replace("a/other", new byte[3]))
        .hasMessageContaining("the folder of the archive was moved or deleted");
    assertThatThrownBy(() -> disk.append("b/other"))
        .hasMessageContaining("the folder of the archive was moved or deleted");
    assertThat(root).doesNotExist();
    Files.move(folder.resolve("moved"), root);
    disk.append("b/other").close();
    assertThat(disk.list("")).containsExactly("a/file", "b/other");
  }

  @Test
  void everyPartOfAPath_isLookedAt() throws Exception {
    disk.replace("a/b/file", new byte[3]);
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("file"), "outside");
    for (String folderName : List.of("a", "a/b")) {
      Path place = root.resolve(folderName);
      Path aside = folder.resolve("aside");
      Files.move(place, aside);
      Files.createSymbolicLink(place, folderName.equals("a") ? aside : outside);
      assertThat(disk.exists("a/b/file")).isFalse();
      assertThat(disk.list("")).isEmpty();
      assertThat(disk.files("a/b")).isEmpty();
      assertThat(disk.obstacle("a/b/file")).contains(new Obstacle(folderName, Obstacle.Kind.LINK));
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> disk.size("a/b/file"),
              () -> disk.read("a/b/file", 0),
              () -> disk.append("a/b/file"),
              () -> disk.replace("a/b/file", new byte[1]),
              () -> disk.replaceFrom("a/b/file", InputStream.nullInputStream()),
              () -> disk.replaceByPrefix("a/b/file", 1),
              () -> disk.write("a/b/new", new byte[1]),
              () -> disk.forceAll(List.of("a/b/file")),
              () -> disk.move("a/b/file", "c/file"),
              () -> disk.delete("a/b/file"),
              () -> disk.forceFolder("a/b"))) {
        assertThatThrownBy(call)
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining(folderName + " is a symbolic link; expected a folder");
      }
      disk.replace("elsewhere", new byte[1]);
      assertThatThrownBy(() -> disk.move("elsewhere", "a/b/new"))
          .hasMessageContaining(folderName + " is a symbolic link; expected a folder");
      disk.delete("elsewhere");
      assertThat(outside).isDirectoryContaining(path -> path.endsWith("file"));
      assertThat(Files.readString(outside.resolve("file"))).isEqualTo("outside");
      Files.delete(place);
      Files.move(aside, place);
    }
  }

  @Test
  @Timeout(10)
  void partialFileThatIsAPipeOrALink_isRemoved_neverWrittenTo() throws Exception {
    disk.replace("file", new byte[3]);
    Path partial = root.resolve("file" + Disk.PARTIAL);
    assertThat(new ProcessBuilder("mkfifo", partial.toString()).start().waitFor()).isZero();
    disk.replace("file", new byte[4]);
    Path outside = Files.writeString(folder.resolve("outside"), "outside");
    Files.createSymbolicLink(partial, outside);
    disk.replace("file", new byte[5]);

    assertThat(disk.size("file")).isEqualTo(5);
    assertThat(disk.list("")).containsExactly("file");
    assertThat(Files.readString(outside)).isEqualTo("outside");
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
