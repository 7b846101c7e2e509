package org.thywill.web.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.thywill.community.access.Ids;

/**
 * Gives an unknown member name the same waiting page as a known one, to prevent user enumeration.
 *
 * <p>A decoy sign-in is stored only in the visitor's cookie, which looks like a real session's: 64
 * hex digits. They are 8 random bytes; 12 bytes with the origin of the digits and the time, masked
 * by an HMAC of the random bytes under the server's key; and 12 bytes of an HMAC that proves that
 * this server made them.
 */
public final class DecoySessions {
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final int SALT = 8;
  private static final int BODY = 12;
  private static final int BYTES = 32;
  private final SecretKey key;
  private final Ids ids;

  public DecoySessions(SecretKey key, Ids ids) {
    this.key = key;
    this.ids = ids;
  }

  /**
   * The contents of a decoy cookie.
   *
   * @param origin 16 hex digits, from which the verification code is derived
   * @param since when it was made, to the second
   */
  public record Decoy(String origin, Instant since) {
    /** When the decoy expires. */
    public Instant until() {
      return since.plus(LIFETIME);
    }
  }

  /** Makes a cookie. Each has digits of its own, as each sign-in of a member has. */
  public String make(Instant now) {
    byte[] salt = Arrays.copyOf(HexFormat.of().parseHex(ids.secret()), SALT);
    byte[] origin = HexFormat.of().parseHex(ids.secret());
    byte[] body =
        ByteBuffer.allocate(BODY)
            .put(origin, 0, Long.BYTES)
            .putInt((int) now.getEpochSecond())
            .array();
    ByteBuffer cookie = ByteBuffer.allocate(BYTES).put(salt).put(masked(salt, body));
    cookie.put(proof(salt, body), 0, BYTES - SALT - BODY);
    return HexFormat.of().formatHex(cookie.array());
  }

  /** Reads a cookie; empty if this server did not make it, or if it has expired. */
  Optional<Decoy> read(String cookie, Instant now) {
    if (!cookie.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
      return Optional.empty();
    }
    byte[] bytes = HexFormat.of().parseHex(cookie);
    byte[] salt = Arrays.copyOf(bytes, SALT);
    byte[] body = masked(salt, Arrays.copyOfRange(bytes, SALT, SALT + BODY));
    boolean isOurs =
        MessageDigest.isEqual(
            Arrays.copyOfRange(bytes, SALT + BODY, BYTES),
            Arrays.copyOf(proof(salt, body), BYTES - SALT - BODY));
    Decoy decoy =
        new Decoy(
            HexFormat.of().formatHex(body, 0, Long.BYTES),
            Instant.ofEpochSecond(
                Integer.toUnsignedLong(ByteBuffer.wrap(body).getInt(Long.BYTES))));
    return isOurs && decoy.until().isAfter(now) ? Optional.of(decoy) : Optional.empty();
  }

  private byte[] masked(byte[] salt, byte[] body) {
    byte[] mask = mac("mask", salt);
    byte[] masked = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      masked[i] = (byte) (body[i] ^ mask[i]);
    }
    return masked;
  }

  private byte[] proof(byte[] salt, byte[] body) {
    return mac("proof", ByteBuffer.allocate(SALT + BODY).put(salt).put(body).array());
  }

  private byte[] mac(String purpose, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(("nobody\n" + purpose + "\n").getBytes(StandardCharsets.UTF_8));
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
