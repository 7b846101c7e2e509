package org.thywill.archive.disk;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.thywill.catalog.Sha256;

/**
 * Writes and reads the gzip files of an archive (RFC 1952), which any gzip program can read.
 *
 * <p>An extra field TW in the header has the SHA-256 of all bytes after the header. Compressed data
 * have bits without meaning, and only the hash notices a change of those.
 */
final class Gzip {
  private static final byte[] BEGINNING = {
    0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, (byte) 255, 36, 0, 'T', 'W', 32, 0
  };
  private static final int HEADER_BYTES = BEGINNING.length + Sha256.BYTES;
  private static final int TRAILER_BYTES = 8;
  private static final int BUFFER_BYTES = 1 << 16;

  private Gzip() {}

  /** Compresses a stream. Only the compressed bytes are held in memory. */
  static byte[] compress(InputStream content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(BUFFER_BYTES);
    CRC32 crc = new CRC32();
    long length = 0;
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (DeflaterOutputStream out = new DeflaterOutputStream(compressed, deflater, BUFFER_BYTES)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        out.write(buffer, 0, count);
        crc.update(buffer, 0, count);
        length += count;
      }
    } finally {
      deflater.end();
    }
    byte[] body = compressed.toByteArray();
    byte[] afterHeader =
        ByteBuffer.allocate(body.length + TRAILER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(body)
            .putInt((int) crc.getValue())
            .putInt((int) length)
            .array();
    return ByteBuffer.allocate(HEADER_BYTES + afterHeader.length)
        .put(BEGINNING)
        .put(Sha256.digest(afterHeader))
        .put(afterHeader)
        .array();
  }

  /** The length of the content by the last four bytes of the file; arbitrary if it is damaged. */
  static long length(Disk disk, String file) throws IOException {
    long size = disk.size(file);
    if (size < HEADER_BYTES + TRAILER_BYTES) {
      return 0;
    }
    try (InputStream in = disk.read(file, size - Integer.BYTES)) {
      byte[] last = in.readNBytes(Integer.BYTES);
      return last.length < Integer.BYTES
          ? 0
          : Integer.toUnsignedLong(ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }
  }

  /**
   * The content of a file. Of a damaged one it is as much as can be decompressed, without the line
   * feed at the end that every file of an archive has, so that it is never taken for the whole.
   *
   * <p>Only a piece of the content is in memory at a time: a small file can hold gigabytes, though
   * not more than 1,032 bytes for each of its own, which is the most that deflate can do.
   */
  static InputStream read(Disk disk, String file) throws IOException {
    boolean isWhole = isWhole(disk, file);
    Inflater inflater = new Inflater(true);
    InputStream content =
        new InflaterInputStream(disk.read(file, HEADER_BYTES), inflater, BUFFER_BYTES) {
          @Override
          public void close() throws IOException {
            inflater.end();
            super.close();
          }
        };
    return isWhole ? content : new ReadablePart(content);
  }

  /**
   * As much of a content as can be decompressed, without line feeds at its end. Of the rest the
   * checks of the lines decide what is right.
   */
  private static final class ReadablePart extends FilterInputStream {
    private final byte[] one = new byte[1];
    private long lineFeeds;
    private int next = -1;
    private boolean isAtEnd;

    ReadablePart(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = 0;
      while (count < length) {
        if (next < 0 && !isAtEnd) {
          next = nextByte();
          while (next == '\n') {
            lineFeeds++;
            next = nextByte();
          }
          isAtEnd = next < 0;
        }
        if (isAtEnd) {
          break;
        }
        if (lineFeeds > 0) {
          bytes[offset + count] = '\n';
          lineFeeds--;
        } else {
          bytes[offset + count] = (byte) next;
          next = -1;
        }
        count++;
      }
      return count == 0 && length > 0 ? -1 : count;
    }

    private int nextByte() throws IOException {
      try {
        return super.read();
      } catch (ZipException | EOFException e) {
        return -1; // Nothing after this can be decompressed.
      }
    }
  }

  private static boolean isWhole(Disk disk, String file) throws IOException {
    try (InputStream raw = disk.read(file, 0)) {
      byte[] header = raw.readNBytes(HEADER_BYTES);
      if (header.length < HEADER_BYTES
          || !Arrays.equals(header, 0, BEGINNING.length, BEGINNING, 0, BEGINNING.length)) {
        return false;
      }
      MessageDigest digest = Sha256.newDigest();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = raw.read(buffer); count >= 0; count = raw.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return Arrays.equals(
          digest.digest(), 0, Sha256.BYTES, header, BEGINNING.length, HEADER_BYTES);
    }
  }
}
