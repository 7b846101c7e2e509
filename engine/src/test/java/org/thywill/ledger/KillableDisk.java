package org.thywill.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.thywill.archive.disk.Disk;

/**
 * A disk whose process is killed before its n-th write, or in the middle of one. The machine goes
 * on: the next process sees what was written, even if it was not forced.
 */
final class KillableDisk implements Disk {
  private final Disk disk;
  private final long killAt;
  private long writes;
  private boolean isKilled;

  KillableDisk(Disk disk, long killAt) {
    this.disk = disk;
    this.killAt = killAt;
  }

  /** Ends the process in the simulation. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  private void requireAlive() {
    if (isKilled) {
      throw new Killed();
    }
  }

  private void countWrite() {
    requireAlive();
    isKilled = ++writes == killAt;
    requireAlive();
  }

  @Override
  public boolean exists(String file) throws IOException {
    requireAlive();
    return disk.exists(file);
  }

  @Override
  public long size(String file) throws IOException {
    requireAlive();
    return disk.size(file);
  }

  @Override
  public InputStream read(String file, long offset) throws IOException {
    requireAlive();
    return disk.read(file, offset);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    requireAlive();
    return disk.list(folder);
  }

  @Override
  public List<String> files(String folder) throws IOException {
    requireAlive();
    return disk.files(folder);
  }

  @Override
  public Appender append(String file) throws IOException {
    countWrite();
    return new KillableAppender(disk.append(file));
  }

  @Override
  public void replace(String file, byte[] content) throws IOException {
    countWrite();
    disk.replace(file, content);
  }

  @Override
  public void replaceByPrefix(String file, long length) throws IOException {
    countWrite();
    disk.replaceByPrefix(file, length);
  }

  @Override
  public void write(String file, byte[] content) throws IOException {
    countWrite();
    disk.write(file, content);
  }

  @Override
  public void forceAll(List<String> files) throws IOException {
    countWrite();
    disk.forceAll(files);
  }

  @Override
  public void move(String from, String to) throws IOException {
    countWrite();
    disk.move(from, to);
  }

  @Override
  public void delete(String file) throws IOException {
    countWrite();
    disk.delete(file);
  }

  @Override
  public void forceFolder(String folder) throws IOException {
    countWrite();
    disk.forceFolder(folder);
  }

  private final class KillableAppender implements Appender {
    private final Appender appender;

    KillableAppender(Appender appender) {
      this.appender = appender;
    }

    /** Writes several lines in as many steps, so that the process can be killed between them. */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      for (int i = offset; i < offset + length; i++) {
        if (bytes[i] == '\n') {
          countWrite();
          appender.write(bytes, from, i + 1 - from);
          from = i + 1;
        }
      }
    }

    @Override
    public void force() throws IOException {
      countWrite();
      appender.force();
    }

    @Override
    public boolean isAtItsPath(long length) throws IOException {
      requireAlive();
      return appender.isAtItsPath(length);
    }

    @Override
    public void restore(long length) throws IOException {
      countWrite();
      appender.restore(length);
    }

    @Override
    public void close() throws IOException {
      appender.close();
    }
  }
}
