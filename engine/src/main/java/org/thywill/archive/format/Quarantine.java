package org.thywill.archive.format;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.disk.GzipDisk;
import org.thywill.archive.disk.Obstacle;
import org.thywill.catalog.Sha256;

/** The folder {@code quarantine/}, which keeps unusable bytes for a person to look at. */
public final class Quarantine {
  /** The name of the folder. */
  public static final String FOLDER = "quarantine";

  private static final int PIECE_BYTES = 1 << 16;

  private Quarantine() {}

  /**
   * Copies the bytes of a file from an offset on. The file is not changed.
   *
   * @return the path of the copy
   */
  public static String keep(Disk disk, String file, long offset) throws IOException {
    String name = freeName(disk, base(file) + "_from_byte_" + offset);
    try (InputStream in = disk.read(file, offset)) {
      disk.replaceFrom(name, in);
    }
    return name;
  }

  /**
   * Moves what is in the way of a file, such as a link, and forces both folders. Does nothing where
   * nothing does.
   */
  public static void clearWay(Disk disk, String file) throws IOException {
    for (Optional<Obstacle> found = disk.obstacle(file);
        found.isPresent();
        found = disk.obstacle(file)) {
      String path = found.get().path();
      String name = FOLDER + "/" + base(path);
      for (int n = 2; disk.exists(name) || disk.obstacle(name).isPresent(); n++) {
        name = FOLDER + "/" + base(path) + "_" + n;
      }
      disk.setAside(found.get(), name);
      disk.forceFolder(FOLDER);
      disk.forceFolder(Disk.folderOf(path));
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
  public static String keepReplaced(Disk disk, String file, byte[] now, Collection<String> from)
      throws IOException {
    Extent was = Extent.of(disk, file);
    String base = base(file);
    String name = FOLDER + "/" + base + ".txt";
    for (int n = 2; disk.exists(name) && !Extent.of(disk, name).equals(was); n++) {
      name = FOLDER + "/" + base + "_" + n + ".txt";
    }
    if (!disk.exists(name)) {
      try (InputStream in = disk.read(file, 0)) {
        disk.replaceFrom(name, in);
      }
    }
    StringBuilder list =
        new StringBuilder(
            "# ThyWill: what a repair changed in "
                + file
                + ", which is kept as "
                + name
                + ". Bytes count from 0; the second of two is left out.\n");
    list.append("was|").append(was.bytes()).append('|').append(was.sha256()).append('\n');
    list.append("is|").append(now.length).append('|').append(Sha256.hex(now)).append('\n');
    from.forEach(source -> list.append("from|").append(FieldEscaping.escape(source)).append('\n'));
    differences(disk, file, was.bytes(), now)
        .forEach(range -> list.append("changed|").append(range).append('\n'));
    disk.replace(
        name.replaceFirst("\\.txt$", "_changes.txt"), ControlFile.content(list.toString()));
    return name;
  }

  /** The length and the SHA-256 of a file as it reads, which a damaged one may state wrongly. */
  private record Extent(long bytes, String sha256) {
    static Extent of(Disk disk, String file) throws IOException {
      MessageDigest digest = Sha256.newDigest();
      long bytes = 0;
      byte[] piece = new byte[PIECE_BYTES];
      try (InputStream in = disk.read(file, 0)) {
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
          digest.update(piece, 0, count);
          bytes += count;
        }
      }
      return new Extent(bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }

  /**
   * The ranges in which a file differs from its new content. Of a file that is larger than any that
   * is read as a whole, all from the first difference on is one range.
   */
  private static List<ByteDiff.Range> differences(Disk disk, String file, long size, byte[] now)
      throws IOException {
    if (size <= Disk.WHOLE_BYTES_MAX) {
      return ByteDiff.between(disk.readAll(file), now);
    }
    int equal = 0;
    try (InputStream in = new BufferedInputStream(disk.read(file, 0))) {
      while (equal < now.length && in.read() == (now[equal] & 0xff)) {
        equal++;
      }
    }
    return List.of(new ByteDiff.Range(equal, size, equal, now.length));
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
