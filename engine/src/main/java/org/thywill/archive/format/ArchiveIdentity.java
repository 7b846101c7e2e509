package org.thywill.archive.format;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.thywill.archive.disk.Disk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Timestamps;

/**
 * The community and the format of an archive: {@code archive.txt} and {@code archive.copy.txt}.
 *
 * @param community a random id that ties a view to its archive
 * @param createdAt microseconds since 1970
 * @param catalog the version of the catalog whose tables it names
 */
public record ArchiveIdentity(String community, long createdAt, int catalog) {
  /** The format that this program writes. */
  public static final String FORMAT = Header.FORMAT;

  /** The file and its copy. */
  public static final ControlFile FILE = new ControlFile("archive");

  private static final Comparator<ArchiveIdentity> BY_AGE =
      Comparator.comparingInt(ArchiveIdentity::catalog);

  /** The identity of an archive that has all tables of this program. */
  public ArchiveIdentity(String community, long createdAt) {
    this(community, createdAt, Catalog.VERSION);
  }

  /**
   * Writes both copies. After a failure one of them may be missing.
   *
   * @throws IOException if the disk fails
   */
  public void write(Disk disk) throws IOException {
    FILE.write(disk, content());
  }

  /** The lines of the file, without the check. */
  public String content() {
    StringBuilder lines = new StringBuilder();
    lines.append(
        "# ThyWill: which community this archive belongs to and how it is written. README.txt"
            + " explains the rest.\n");
    lines.append("format|").append(Header.FORMAT).append('\n');
    lines.append("community|").append(community).append('\n');
    lines.append("created_at|").append(Timestamps.format(createdAt)).append('\n');
    lines.append("catalog|").append(catalog).append('\n');
    Catalog.TABLES.stream()
        .filter(table -> table.sinceCatalog() <= catalog)
        .forEach(
            table ->
                lines
                    .append("table|")
                    .append(table.name())
                    .append('|')
                    .append(table.logLocation())
                    .append('|')
                    .append(LineCodec.columns(table))
                    .append('\n'));
    return lines.toString();
  }

  /**
   * Reads a sound copy.
   *
   * @throws NotAnArchiveException if there is no archive, or one of another format or catalog
   * @throws DamagedArchiveException if both copies are damaged
   */
  public static ArchiveIdentity read(Disk disk) throws IOException {
    if (!FILE.exists(disk)) {
      throw new NotAnArchiveException(
          "no archive here: "
              + FILE.file()
              + " is missing"
              + (Head.isPresent(disk)
                  ? ". The head is here, so the rest may be too. Run: thywill repair-archives"
                      + " --apply"
                  : ""));
    }
    return FILE.newest(disk, ArchiveIdentity::parse, BY_AGE);
  }

  /** The same community with all tables that this program knows. */
  public ArchiveIdentity ofToday() {
    return new ArchiveIdentity(community, createdAt);
  }

  /** Restores a copy that is missing or damaged, and returns a note for it. */
  public List<Finding> restoreCopies(Disk disk) throws IOException {
    return FILE.restore(disk, this, content(), ArchiveIdentity::parse, BY_AGE);
  }

  /**
   * Parses the lines of a sound file.
   *
   * @throws NotAnArchiveException if they name another format or catalog
   * @throws DamagedArchiveException if a line is missing or malformed
   */
  public static ArchiveIdentity parse(List<String> lines) throws IOException {
    String format = field(lines, "format");
    if (!format.equals(Header.FORMAT)) {
      throw new NotAnArchiveException(
          "the archive has format "
              + format
              + "; this program reads "
              + Header.FORMAT
              + ". Use the version of thywill that wrote it, or a newer one");
    }
    String catalog = field(lines, "catalog");
    if (!catalog.matches("[1-9][0-9]{0,3}") || Integer.parseInt(catalog) > Catalog.VERSION) {
      throw new NotAnArchiveException(
          "the archive has catalog " + catalog + "; this program reads " + Catalog.VERSION);
    }
    try {
      return new ArchiveIdentity(
          field(lines, "community"),
          Timestamps.parse(field(lines, "created_at")),
          Integer.parseInt(catalog));
    } catch (IllegalArgumentException e) {
      throw (DamagedArchiveException)
          new DamagedArchiveException(
                  "control-damaged", FILE.file(), 0, "its line created_at gives no time")
              .initCause(e);
    }
  }

  /** Whether a folder has one of the two copies, sound or not. */
  public static boolean isPresent(Disk disk) throws IOException {
    return FILE.exists(disk);
  }

  private static String field(List<String> lines, String name) throws DamagedArchiveException {
    return lines.stream()
        .filter(line -> line.startsWith(name + "|"))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new DamagedArchiveException("control-damaged", FILE.file(), 0, "no line " + name));
  }
}
