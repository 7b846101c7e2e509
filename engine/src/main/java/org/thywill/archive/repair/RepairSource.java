package org.thywill.archive.repair;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * A place to take lines and files from: the archive itself, or a copy of it somewhere else. Nothing
 * there needs to be sound, since every line is taken by its check.
 *
 * @param name put before the names of its files when they are told; empty for the archive itself
 */
record RepairSource(String name, Disk disk) {
  /** The name of a file here, as people are told. */
  String told(String file) {
    return name.isEmpty() ? file : name + "/" + file;
  }

  Optional<byte[]> read(String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return Optional.of(in.readAllBytes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * A file and what lies beside it with its name in their own: what an editor, or a person, kept of
   * it.
   */
  List<String> copiesOf(String file) throws IOException {
    String name = baseName(file);
    List<String> copies = new ArrayList<>();
    copies.add(file);
    disk.files(Disk.folderOf(file)).stream()
        .filter(other -> !other.equals(file) && baseName(other).contains(name))
        .forEach(copies::add);
    return copies;
  }

  private static String baseName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }
}
