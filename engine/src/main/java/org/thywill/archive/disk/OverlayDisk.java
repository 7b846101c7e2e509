package org.thywill.archive.disk;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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

  @Override
  public void visit(String folder, Visitor visitor) throws IOException {
    below.visit(
        folder,
        new Visitor() {
          @Override
          public void file(String file, long bytes) {
            if (!changed.contains(file) && !gone.contains(file)) {
              visitor.file(file, bytes);
            }
          }

          @Override
          public void obstacle(Obstacle obstacle) {
            if (changed.stream().noneMatch(obstacle::isInTheWayOf)) {
              visitor.obstacle(obstacle);
            }
          }
        });
    for (String file : changed) {
      if (folder.isEmpty() || file.startsWith(folder + "/")) {
        visitor.file(file, scratch.size(file));
      }
    }
  }

  @Override
  public Optional<Obstacle> obstacle(String file) throws IOException {
    return changed.contains(file) ? Optional.empty() : below.obstacle(file);
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
      copy(file, file);
    }
    Appender out = scratch.append(file);
    changed.add(file);
    gone.remove(file);
    return out;
  }

  private void copy(String from, String to) throws IOException {
    try (InputStream in = read(from, 0)) {
      replaceFrom(to, in);
    }
  }

  @Override
  public void replaceFrom(String file, InputStream content) throws IOException {
    scratch.replaceFrom(file, content);
    changed.add(file);
    gone.remove(file);
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    scratch.replace(file, content);
    changed.add(file);
    gone.remove(file);
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    long present = size(file);
    if (length > present) {
      throw new EOFException(file + ": found " + present + " bytes, expected at least " + length);
    }
    if (!changed.contains(file)) {
      copy(file, file);
    }
    scratch.replaceByPrefix(file, length);
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
    copy(from, to);
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
