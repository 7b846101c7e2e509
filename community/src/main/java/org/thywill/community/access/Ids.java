package org.thywill.community.access;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.thywill.catalog.Sha256;

/**
 * Makes ids, tokens and secrets.
 *
 * <p>An id has 12 characters of an alphabet without i, l, o and u, which are easily confused: 60
 * bits, short enough to be read aloud. Several threads can use it at once.
 *
 * <p>A server passes a {@link SecureRandom}; tests and the demonstration pass a generator with a
 * seed.
 */
public final class Ids {
  static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final String HASH_PREFIX = "sha256:";
  private static final int ID_LENGTH = 12;
  private static final int TOKEN_LENGTH = 26;
  private static final int SECRET_BYTES = 32;
  private static final int HEX_ID_BYTES = 8;

  private final RandomGenerator random;

  /** How ids and secrets are made, for the archive, so that another program can do the same. */
  public static Map<String, String> parameters() {
    return Map.of(
        "ID_ALPHABET",
        ALPHABET,
        "ID_LENGTH",
        Integer.toString(ID_LENGTH),
        "INVITE_TOKEN_LENGTH",
        Integer.toString(TOKEN_LENGTH),
        "INVITE_TOKEN_KEPT_AS",
        "sha256",
        "SESSION_ID_BITS",
        Integer.toString(SECRET_BYTES * 8),
        "SESSION_ID_KEPT_AS",
        "sha256");
  }

  /** Makes ids from a source of random numbers. */
  public Ids(RandomGenerator random) {
    this.random = random;
  }

  /** A random id. */
  public synchronized String id() {
    return characters(ID_LENGTH);
  }

  /** The id that follows from a text: a repeated call finds the row that the first one made. */
  public static String idOf(String text) {
    byte[] hash = Sha256.digest(text);
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

  /** Whether a text has the form of a {@link #token}. */
  public static boolean isToken(String text) {
    return text.length() == TOKEN_LENGTH && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  /** A random id of 16 hexadecimal digits: of an imported archive, or of an operation on one. */
  public synchronized String hexId() {
    return hex(HEX_ID_BYTES);
  }

  /** A secret of 256 random bits in hex. Only its {@link #hash} is written to the archive. */
  public synchronized String secret() {
    return hex(SECRET_BYTES);
  }

  /** The hash of a secret, by which the secret is recognised but cannot be found. */
  public static String hash(String secret) {
    return HASH_PREFIX + Sha256.hex(secret);
  }

  /** Whether a text has the form of a {@link #hash}; no token and no secret has it. */
  public static boolean isHash(String text) {
    return text.startsWith(HASH_PREFIX);
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
}
