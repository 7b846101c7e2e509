package org.thywill.archive.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A disk on which compressed files look plain: {@code x.txt.gz} is read and listed as {@code
 * x.txt}.
 *
 * <p>Only files that are kept by month can be compressed: logs and journal files (FORMAT.md, 2). If
 * both files are there, the plain one is used, and the other one is listed under its own name.
 */
public final class GzipDisk implements Disk {
  /** The end of the name of a compressed file. */
  public static final String ENDING = ".gz";

  private static final Pattern BY_MONTH =
      Pattern.compile(
          "(?:.*/)?(?:[a-z_]+_)?\\d{4}_(?:0[1-9]|1[0-2])(?:_(?:[a-z_]+|\\d{12}))?\\.txt");
  private final Disk below;

  public GzipDisk(Disk below) {
    this.below = below;
  }

  /** The disk of a folder of this machine. */
  public static GzipDisk at(Path folder) {
    return new GzipDisk(new FileSystemDisk(folder));
  }

  /** Whether a file is kept by month, by its name. */
  public static boolean mayBeCompressed(String file) {
    return file.endsWith(".txt") && BY_MONTH.matcher(file).matches();
  }

  /** Whether a file exists and is not compressed. */
  public boolean isPlain(String file) throws IOException {
    return below.exists(file);
  }

  private boolean isCompressed(String file) throws IOException {
    return mayBeCompressed(file) && !below.exists(file) && below.exists(file + ENDING);
  }

  /**
   * Compresses a file into a new one, which is forced, read back and compared before the old one is
   * deleted. Does nothing if it is compressed already. After a crash there is the old file, or
   * both, or the new one.
   *
   * @throws IOException if the disk does not give back what was written to it; both files are left
   */
  public void compress(String file) throws IOException {
    if (!mayBeCompressed(file)) {
      throw new IllegalArgumentException(file + " is not kept by month");
    }
    if (!below.exists(file)) {
      return;
    }
    byte[] compressed;
    try (InputStream content = below.read(file, 0)) {
      compressed = Gzip.compress(content);
    }
    below.replace(file + ENDING, compressed);
    requireSame(file);
    below.delete(file);
    below.forceFolder(Disk.folderOf(file));
  }

  private void requireSame(String file) throws IOException {
    try (InputStream plain = below.read(file, 0);
        InputStream read = Gzip.read(below, file + ENDING)) {
      byte[] one = new byte[1 << 16];
      byte[] other = new byte[1 << 16];
      int count;
      do {
        count = plain.readNBytes(one, 0, one.length);
        if (read.readNBytes(other, 0, other.length) != count
            || !Arrays.equals(one, 0, count, other, 0, count)) {
          throw new IOException(
              file + ENDING + ": the disk does not give back what was written to it");
        }
      } while (count > 0);
    }
  }

  @Override
  public boolean exists(String file) throws IOException {
    return below.exists(file) || mayBeCompressed(file) && below.exists(file + ENDING);
  }

  @Override
  public boolean isObstructed(String file) throws IOException {
    return below.isObstructed(file);
  }

  @Override
  public void setAside(String obstructed, String to) throws IOException {
    below.setAside(obstructed, to);
  }

  @Override
  public long size(String file) throws IOException {
    if (!mayBeCompressed(file)) {
      return below.size(file);
    }
    try {
      return below.size(file);
    } catch (NoSuchFileException e) {
      return Gzip.length(below, file + ENDING);
    }
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    if (!mayBeCompressed(file)) {
      return below.read(file, offset);
    }
    try {
      return below.read(file, offset);
    } catch (NoSuchFileException e) {
      return readCompressed(file + ENDING, offset, e);
    }
  }

  private InputStream readCompressed(String file, long offset, NoSuchFileException noPlain)
      throws IOException {
    if (!below.exists(file)) {
      throw noPlain;
    }
    if (offset > 0 && offset >= Gzip.length(below, file)) {
      return InputStream.nullInputStream();
    }
    InputStream in = Gzip.read(below, file);
    try {
      for (long left = offset; left > 0; ) {
        long skipped = in.readNBytes((int) Math.min(left, 1 << 16)).length;
        if (skipped == 0) {
          break;
        }
        left -= skipped;
      }
      return in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return shown(below.list(folder));
  }

  @Override
  public List<String> files(String folder) throws IOException {
    return shown(below.files(folder));
  }

  private static List<String> shown(List<String> files) {
    if (files.stream().noneMatch(file -> file.endsWith(ENDING))) {
      return files;
    }
    TreeSet<String> shown = new TreeSet<>(files);
    for (String file : files) {
      String plain =
          file.endsWith(ENDING) ? file.substring(0, file.length() - ENDING.length()) : file;
      if (!plain.equals(file) && mayBeCompressed(plain) && shown.add(plain)) {
        shown.remove(file);
      }
    }
    return List.copyOf(shown);
  }

  @Override
  public Appender append(String file) throws IOException {
    expand(file);
    return below.append(file);
  }

  /**
   * Decompresses a file before it is changed. No file of a compressed month is changed in normal
   * use; if it happens, no content is lost.
   */
  private void expand(String file) throws IOException {
    if (isCompressed(file)) {
      try (InputStream in = Gzip.read(below, file + ENDING)) {
        below.replace(file, in.readAllBytes());
      }
    }
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    below.replace(file, content);
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    expand(file);
    below.replaceByPrefix(file, length);
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    below.write(file, content);
  }

  @Override
  public void forceAll(List<String> files) throws IOException {
    below.forceAll(files);
  }

  @Override
  public void move(String from, String to) throws IOException {
    if (isCompressed(from)) {
      below.move(from + ENDING, to + ENDING);
    } else {
      below.move(from, to);
    }
  }

  @Override
  public void delete(String file) throws IOException {
    below.delete(isCompressed(file) ? file + ENDING : file);
  }

  @Override
  public void forceFolder(String folder) throws IOException {
    below.forceFolder(folder);
  }
}
