package org.thywill.archive.format;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.catalog.Sha256;

/** The folder {@code quarantine/}, which keeps unusable bytes for a person to look at. */
public final class Quarantine {
  /** The name of the folder. */
  public static final String FOLDER = "quarantine";

  private Quarantine() {}

  /**
   * Copies the bytes of a file from an offset on. The file is not changed.
   *
   * @return the path of the copy
   */
  public static String keep(Disk disk, String file, long offset) throws IOException {
    String name = freeName(disk, base(file) + "_from_byte_" + offset);
    disk.replace(name, bytes(disk, file, offset));
    return name;
  }

  private static byte[] bytes(Disk disk, String file, long offset) throws IOException {
    try (var in = disk.read(file, offset)) {
      return in.readAllBytes();
    }
  }

  private static String base(String file) {
    return file.replace('/', '_').replaceFirst("\\.txt$", "");
  }

  /**
   * Copies a file that is about to be replaced, and writes a list of the bytes that change. The
   * file is not changed. A second call, as after a crash, makes no second copy.
   *
   * @param from the sources of the new content
   * @return the path of the copy
   */
  public static String keepReplaced(
      Disk disk, String file, byte[] was, byte[] now, Collection<String> from) throws IOException {
    String base = base(file);
    String name = FOLDER + "/" + base + ".txt";
    for (int n = 2; disk.exists(name) && !Arrays.equals(bytes(disk, name, 0), was); n++) {
      name = FOLDER + "/" + base + "_" + n + ".txt";
    }
    if (!disk.exists(name)) {
      disk.replace(name, was);
    }
    StringBuilder list =
        new StringBuilder(
            "# ThyWill: what a repair changed in "
                + file
                + ", which is kept as "
                + name
                + ". Bytes count from 0; the second of two is left out.\n");
    list.append("was|").append(was.length).append('|').append(Sha256.hex(was)).append('\n');
    list.append("is|").append(now.length).append('|').append(Sha256.hex(now)).append('\n');
    from.forEach(source -> list.append("from|").append(FieldEscaping.escape(source)).append('\n'));
    ByteDiff.between(was, now).forEach(range -> list.append("changed|").append(range).append('\n'));
    disk.replace(
        name.replaceFirst("\\.txt$", "_changes.txt"), ControlFile.content(list.toString()));
    return name;
  }

  /**
   * Moves a whole file, and forces both folders.
   *
   * @return its new path
   */
  public static String move(Disk disk, String file) throws IOException {
    String ending = file.endsWith(GzipDisk.ENDING) ? ".txt" + GzipDisk.ENDING : ".txt";
    String name =
        freeName(
            disk,
            base(file.endsWith(ending) ? file.substring(0, file.length() - ending.length()) : file),
            ending);
    disk.move(file, name);
    disk.forceFolder(FOLDER);
    disk.forceFolder(Disk.folderOf(file));
    return name;
  }

  /**
   * Moves a folder or a link that is in the place of a file, and forces both folders.
   *
   * @return its new path
   */
  public static String setAside(Disk disk, String file) throws IOException {
    String base = FOLDER + "/" + base(file) + "_was_no_file";
    String name = base;
    for (int n = 2; disk.exists(name) || disk.isObstructed(name); n++) {
      name = base + "_" + n;
    }
    disk.setAside(file, name);
    disk.forceFolder(FOLDER);
    return name;
  }

  private static String freeName(Disk disk, String base) throws IOException {
    return freeName(disk, base, ".txt");
  }

  private static String freeName(Disk disk, String base, String ending) throws IOException {
    String name = FOLDER + "/" + base + ending;
    for (int n = 2; disk.exists(name); n++) {
      name = FOLDER + "/" + base + "_" + n + ending;
    }
    return name;
  }
}
