package org.thywill.community.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Makes ids and secrets. An id has 12 characters of an alphabet without look-alikes (no i, l, o,
 * u): 60 bits, short enough to be read aloud.
 *
 * <p>Give it a {@link java.security.SecureRandom} wherever strangers can knock; tests and the
 * demonstration give it one with a seed.
 */
public final class Ids {
  static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int ID_LENGTH = 12;
  private static final int TOKEN_LENGTH = 26;
  private static final int SECRET_BYTES = 32;
  private static final int HEX_ID_BYTES = 8;

  private final RandomGenerator random;

  /**
   * By what ids and secrets are made, for the archive: whoever rebuilds the program in thirty years
   * can make such again.
   */
  public static Map<String, String> parameters() {
    return Map.of(
        "ID_ALPHABET",
        ALPHABET,
        "ID_LENGTH",
        Integer.toString(ID_LENGTH),
        "INVITE_TOKEN_LENGTH",
        Integer.toString(TOKEN_LENGTH),
        "SESSION_ID_BITS",
        Integer.toString(SECRET_BYTES * 8),
        "SESSION_ID_KEPT_AS",
        "sha256");
  }

  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /** A random id. */
  public synchronized String id() {
    return characters(ID_LENGTH);
  }

  /**
   * The one id that follows from a text: who repeats a request finds the row that the first one
   * made.
   */
  public static String idOf(String text) {
    byte[] hash = sha256(text);
    StringBuilder id = new StringBuilder(ID_LENGTH);
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ALPHABET.charAt(hash[i] & 31));
    }
    return id.toString();
  }

  /** A token for a link: 130 random bits. */
  public synchronized String token() {
    return characters(TOKEN_LENGTH);
  }

  /** A random id of 16 hexadecimal digits: of an imported archive, or of an operation on one. */
  public synchronized String hexId() {
    return hex(HEX_ID_BYTES);
  }

  /** A secret of 256 random bits in hex. Only its {@link #hash} is ever kept. */
  public synchronized String secret() {
    return hex(SECRET_BYTES);
  }

  /** What is kept of a secret, so that it can be recognised but not used by who reads it. */
  public static String hash(String secret) {
    return "sha256:" + HexFormat.of().formatHex(sha256(secret));
  }

  /** Puts a list in a random order. */
  public synchronized <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T kept = Objects.requireNonNull(list.get(i));
      list.set(i, list.get(j));
      list.set(j, kept);
    }
  }

  private String hex(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String characters(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
