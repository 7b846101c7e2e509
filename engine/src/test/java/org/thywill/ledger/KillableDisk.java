package org.thywill.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.thywill.archive.disk.Disk;

/**
 * Lets the process that uses a disk die before its n-th write to it, or in the middle of one, while
 * the machine goes on: what was written but not forced is still seen by the next process.
 */
final class KillableDisk implements Disk {
  private final Disk disk;
  private final long deathAt;
  private long writes;
  private boolean dead;

  KillableDisk(Disk disk, long deathAt) {
    this.disk = disk;
    this.deathAt = deathAt;
  }

  /** The end of the process, seen from inside. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  private void alive() {
    if (dead) {
      throw new Killed();
    }
  }

  private void mutate() {
    alive();
    dead = ++writes == deathAt;
    alive();
  }

  @Override
  public boolean exists(String file) throws IOException {
    alive();
    return disk.exists(file);
  }

  @Override
  public long size(String file) throws IOException {
    alive();
    return disk.size(file);
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    alive();
    return disk.read(file, offset);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    alive();
    return disk.list(folder);
  }

  @Override
  public List<String> files(String folder) throws IOException {
    alive();
    return disk.files(folder);
  }

  @Override
  public Appender append(String file) throws IOException {
    mutate();
    return new MortalAppender(disk.append(file));
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    mutate();
    disk.replace(file, content);
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    mutate();
    disk.replaceByPrefix(file, length);
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    mutate();
    disk.write(file, content);
  }

  @Override
  public void forceAll(List<String> files) throws IOException {
    mutate();
    disk.forceAll(files);
  }

  @Override
  public void move(String from, String to) throws IOException {
    mutate();
    disk.move(from, to);
  }

  @Override
  public void delete(String file) throws IOException {
    mutate();
    disk.delete(file);
  }

  @Override
  public void forceFolder(String folder) throws IOException {
    mutate();
    disk.forceFolder(folder);
  }

  private final class MortalAppender implements Appender {
    private final Appender appender;

    MortalAppender(Appender appender) {
      this.appender = appender;
    }

    /**
     * Several lines are written in as many steps, so that death may come between any two of them.
     */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          mutate();
          appender.write(bytes, from, i + 1 - from);
          from = i + 1;
        }
      }
    }

    @Override
    public void force() throws IOException {
      mutate();
      appender.force();
    }

    @Override
    public void close() throws IOException {
      appender.close();
    }
  }
}
