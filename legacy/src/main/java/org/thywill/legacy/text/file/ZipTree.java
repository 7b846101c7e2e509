package org.thywill.legacy.text.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A source of text that is a ZIP file: a download of the original, or a packed archive.
 *
 * <p>Nothing is unpacked to disk, so a name that points out of the ZIP file does no harm. The size
 * that an entry states is not trusted: reading stops at the limits, so that a small ZIP file cannot
 * fill the memory.
 */
public final class ZipTree implements TextTree {
  private final String name;
  private final ZipFile zip;
  private final Limits limits;
  private final Map<String, ZipEntry> entries = new TreeMap<>();
  private final Set<String> duplicateNames = new TreeSet<>();

  /** Files whose size is part of {@link #bytes}: a file may be read twice. */
  private final Set<String> counted = new HashSet<>();

  private long bytes;

  /**
   * How much of a ZIP file is read.
   *
   * @param files in one ZIP file
   * @param fileBytes of one file, unpacked
   * @param allBytes of all files, unpacked
   */
  record Limits(int files, int fileBytes, long allBytes) {
    static final Limits USUAL = new Limits(1_000_000, 64 << 20, 1L << 30);

    private static String shown(long bytes) {
      return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : bytes + " bytes";
    }
  }

  private ZipTree(String name, ZipFile zip, Limits limits) {
    this.name = name;
    this.zip = zip;
    this.limits = limits;
  }

  /**
   * Opens a ZIP file and reads its list of entries.
   *
   * @throws ZipException if it is truncated, damaged or encrypted, or states that it holds more
   *     than the limits
   */
  static ZipTree open(String name, Path file, Limits limits) throws IOException {
    ZipTree tree;
    try {
      tree = new ZipTree(name, zip(file), limits);
    } catch (ZipException e) {
      ZipException named =
          new ZipException(
              name
                  + " is cut short, damaged, or encrypted ("
                  + e.getMessage()
                  + "); unpack it, and name the folder instead");
      named.initCause(e);
      throw named;
    }
    try {
      tree.list();
      return tree;
    } catch (IOException | RuntimeException e) {
      tree.close();
      throw e;
    }
  }

  /** Opens a file whose names are in UTF-8, or in the encoding that some programs use instead. */
  private static ZipFile zip(Path file) throws IOException {
    try {
      return new ZipFile(file.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      try {
        return new ZipFile(file.toFile(), Charset.forName("IBM850"));
      } catch (ZipException ignored) {
        throw e;
      }
    }
  }

  private void list() throws IOException {
    if (zip.size() > limits.files()) {
      throw new ZipException(
          "%s has %,d entries, and no more than %,d are read; unpack it, and name the folder instead"
              .formatted(name, zip.size(), limits.files()));
    }
    long stated = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      if (!entry.isDirectory()) {
        String path = entry.getName().replace('\\', '/');
        if (entries.put(path, entry) != null) {
          duplicateNames.add(path);
        }
        stated += Math.max(0, entry.getSize());
      }
    }
    if (stated > limits.allBytes()) {
      throw new ZipException(
          "%s would unpack to %s, and no more than %s of a ZIP are read; unpack it, look at what is in it, and name the folder instead"
              .formatted(name, Limits.shown(stated), Limits.shown(limits.allBytes())));
    }
  }

  @Override
  public List<String> files() {
    return List.copyOf(entries.keySet());
  }

  /** Names that several entries have; only the last entry of a name is read. */
  public Set<String> duplicateNames() {
    return duplicateNames;
  }

  @Override
  public String shown(String file) {
    return TextTree.inOneLine(name + "/" + file);
  }

  @Override
  public Content read(String file) throws UnreadFileException {
    ZipEntry entry = entries.get(file);
    if (entry == null) {
      throw new UnreadFileException("there is no such entry");
    }
    long remainingBytes = counted.contains(file) ? limits.fileBytes() : limits.allBytes() - bytes;
    int bytesMax = (int) Math.min(limits.fileBytes(), remainingBytes);
    if (entry.getSize() > limits.fileBytes()) {
      throw tooLarge();
    }
    byte[] content;
    try (InputStream in = zip.getInputStream(entry)) {
      content = in.readNBytes(bytesMax + 1);
    } catch (IOException e) {
      throw new UnreadFileException(
          "the ZIP is damaged here (" + e.getMessage() + "), so nothing of the file is read");
    }
    if (content.length > bytesMax) {
      throw bytesMax == limits.fileBytes()
          ? tooLarge()
          : new UnreadFileException(
              "the ZIP unpacks to more than it says, and than "
                  + Limits.shown(limits.allBytes())
                  + ", which is the most that is read of one; unpack it, look at what is in it, and"
                  + " name the folder instead");
    }
    if (counted.add(file)) {
      bytes += content.length;
    }
    return new Content(TextFile.of(shown(file), content), doubt(entry, content));
  }

  private UnreadFileException tooLarge() {
    return new UnreadFileException(
        "more than "
            + Limits.shown(limits.fileBytes())
            + ", which is the most that is read of a file in a ZIP; unpack the ZIP, and name the"
            + " folder instead");
  }

  private static @Nullable String doubt(ZipEntry entry, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return entry.getCrc() < 0 || entry.getCrc() == crc.getValue()
        ? null
        : "the ZIP is damaged here: the file is not what was packed, by its checksum. What can be"
            + " understood of it is carried";
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
