package org.thywill.archive.repair;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;

/**
 * A source of lines and files for a repair: the archive itself, or a copy at another location.
 *
 * <p>It may be damaged too, since the check of every line is compared.
 *
 * @param name the prefix of its files in messages; empty for the archive itself
 */
record RepairSource(String name, Disk disk) {
  /** The name of one of its files for people. */
  String label(String file) {
    return name.isEmpty() ? file : name + "/" + file;
  }

  /**
   * The bytes of a file that this program has made, which may be larger than {@link
   * Disk#WHOLE_BYTES_MAX}.
   */
  byte[] made(String file) throws IOException {
    try (InputStream in = disk.read(file, 0)) {
      return in.readAllBytes();
    }
  }

  /**
   * The bytes of a file that is no larger than {@link Disk#WHOLE_BYTES_MAX}, and of a larger one
   * its beginning; empty if it is missing.
   */
  Optional<byte[]> read(String file) throws IOException {
    return disk.readIfPresent(file);
  }

  /**
   * A file, and the files of its folder whose names contain its name: copies made by an editor or
   * by a person.
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
