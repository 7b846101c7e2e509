package org.thywill.archive.format;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import org.thywill.catalog.Sha256;

/**
 * The running hash of all changes up to one of them (FORMAT.md, The running hash).
 *
 * <p>Two archives that have the same one have the same changes, byte for byte. Not safe for several
 * threads.
 */
public final class HistoryHash {
  /** The running hash before the first change. */
  public static final String START = "0".repeat(2 * Sha256.BYTES);

  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest sha256 = Sha256.newDigest();
  private final byte[] hash = new byte[Sha256.BYTES];

  /** The hash before and the hash of the line, as hexadecimal digits. */
  private final byte[] both = new byte[4 * Sha256.BYTES];

  /**
   * A computation that goes on after some changes.
   *
   * @param hex the running hash of these changes; {@link #START} if there are none
   */
  public HistoryHash(String hex) {
    byte[] digits = hex.getBytes(StandardCharsets.US_ASCII);
    if (!isHash(hex)) {
      throw new IllegalArgumentException("not 64 lower-case hexadecimal digits: " + hex);
    }
    System.arraycopy(digits, 0, both, 0, digits.length);
  }

  /** Whether a text is spelled as a hash is. */
  static boolean isHash(String text) {
    return text.length() == START.length()
        && text.chars()
            .allMatch(digit -> digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f');
  }

  /** Adds the next change. */
  public void add(Line line) {
    add(line.bytes(), 0, line.bytes().length - 1);
  }

  /**
   * Adds the next change.
   *
   * @param bytes an array with its journal line
   * @param to the index after its last byte, without the line feed
   */
  public void add(byte[] bytes, int from, int to) {
    sha256.update(bytes, from, to - from);
    finish(2 * Sha256.BYTES);
    sha256.update(both);
    finish(0);
  }

  private void finish(int target) {
    try {
      sha256.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 has 32 bytes", e);
    }
    for (int i = 0; i < hash.length; i++) {
      both[target + 2 * i] = DIGITS[hash[i] >> 4 & 15];
      both[target + 2 * i + 1] = DIGITS[hash[i] & 15];
    }
  }

  /** The running hash up to the last change that was added. */
  public String hex() {
    return new String(both, 0, 2 * Sha256.BYTES, StandardCharsets.US_ASCII);
  }
}
