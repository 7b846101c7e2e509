package org.thywill.archive;

import java.io.IOException;
import org.thywill.archive.disk.Disk;

/** The folder {@code quarantine/}: what was set aside because it could not be used, and is kept for a person to look at. */
final class Quarantine {
  static final String FOLDER = "quarantine";

  private Quarantine() {}

  /** Keeps the bytes of a file from an offset on. The file itself is not changed. */
  static String keep(Disk disk, String file, long offset) throws IOException {
    byte[] bytes;
    try (var in = disk.read(file, offset)) {
      bytes = in.readAllBytes();
    }
    String name = freeName(disk, file.replace('/', '_').replaceFirst("\\.txt$", "") + "_from_byte_" + offset);
    disk.replace(name, bytes);
    return name;
  }

  /** Sets a whole file aside. */
  static String move(Disk disk, String file) throws IOException {
    String name = freeName(disk, file.replace('/', '_').replaceFirst("\\.txt$", ""));
    disk.move(file, name);
    disk.forceFolder(FOLDER);
    disk.forceFolder(Disk.folderOf(file));
    return name;
  }

  private static String freeName(Disk disk, String base) throws IOException {
    String name = FOLDER + "/" + base + ".txt";
    for (int n = 2; disk.exists(name); n++) {
      name = FOLDER + "/" + base + "_" + n + ".txt";
    }
    return name;
  }
}
