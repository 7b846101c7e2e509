package org.thywill.archive.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A disk as it would be after some changes, which are kept on a scratch disk.
 *
 * <p>Changed files are read from the scratch disk, all others from the disk below, which is never
 * written. So the outcome can be examined before anything is changed. Nothing that is written here
 * is safe, so forcing does nothing. Not safe for several threads that write.
 */
public final class OverlayDisk implements Disk {
  private final Disk below;
  private final Disk scratch;
  private final SortedSet<String> changed = new TreeSet<>();
  private final Set<String> gone = new TreeSet<>();

  /**
   * An overlay without changes.
   *
   * @param scratch an empty disk that is used for nothing else
   */
  public OverlayDisk(Disk below, Disk scratch) {
    this.below = below;
    this.scratch = scratch;
  }

  /** The files that differ from those below or are missing there, in the order of their paths. */
  public SortedSet<String> changed() {
    return Collections.unmodifiableSortedSet(changed);
  }

  /** The files that were deleted here and are still there below. */
  public Set<String> gone() {
    return Collections.unmodifiableSet(gone);
  }

  /** Discards the changes of a file. */
  public void revert(String file) {
    changed.remove(file);
    gone.remove(file);
  }

  private Disk of(String file) throws IOException {
    if (gone.contains(file)) {
      throw new NoSuchFileException(file);
    }
    return changed.contains(file) ? scratch : below;
  }

  @Override
  public boolean exists(String file) throws IOException {
    return !gone.contains(file) && of(file).exists(file);
  }

  @Override
  public boolean isObstructed(String file) throws IOException {
    return !changed.contains(file) && below.isObstructed(file);
  }

  @Override
  public long size(String file) throws IOException {
    return of(file).size(file);
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    return of(file).read(file, offset);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return merged(
        below.list(folder),
        changed.stream()
            .filter(file -> folder.isEmpty() || file.startsWith(folder + "/"))
            .toList());
  }

  @Override
  public List<String> files(String folder) throws IOException {
    return merged(
        below.files(folder),
        changed.stream().filter(file -> Disk.folderOf(file).equals(folder)).toList());
  }

  private List<String> merged(List<String> files, List<String> more) {
    SortedSet<String> all = new TreeSet<>(files);
    all.addAll(more);
    all.removeAll(gone);
    return new ArrayList<>(all);
  }

  @Override
  public Appender append(String file) throws IOException {
    if (!changed.contains(file) && exists(file)) {
      replace(file, below.readAll(file));
    }
    Appender out = scratch.append(file);
    changed.add(file);
    gone.remove(file);
    return out;
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    scratch.replace(file, content);
    changed.add(file);
    gone.remove(file);
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    try (InputStream in = read(file, 0)) {
      byte[] prefix = in.readNBytes(Math.toIntExact(length));
      if (prefix.length < length) {
        throw new EOFException(
            file + ": found " + prefix.length + " bytes, expected at least " + length);
      }
      replace(file, prefix);
    }
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    replace(file, content);
  }

  @Override
  public void forceAll(List<String> files) {}

  @Override
  public void move(String from, String to) throws IOException {
    if (exists(to)) {
      throw new FileAlreadyExistsException(to);
    }
    replace(to, readAll(from));
    delete(from);
  }

  @Override
  public void delete(String file) throws IOException {
    if (!exists(file)) {
      throw new NoSuchFileException(file);
    }
    changed.remove(file);
    if (below.exists(file)) {
      gone.add(file);
    }
  }

  @Override
  public void forceFolder(String folder) {}
}
