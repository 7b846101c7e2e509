package org.thywill.community.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the six digits that a new device shows, from the server's key and the id of the sign-in.
 *
 * <p>They change with the period, a number that grows with the time.
 *
 * <p>So they need not be stored, and cannot be found from the archive.
 */
public final class VerificationCodes {
  private static final int KEY_BYTES_MIN = 16;
  private static final String PURPOSE = "sign-in code\n";
  private final byte[] key;

  /**
   * Computes codes with a key.
   *
   * @throws IllegalArgumentException if the key is too short
   */
  public VerificationCodes(byte[] key) {
    if (key.length < KEY_BYTES_MIN) {
      throw new IllegalArgumentException(
          "the server's key needs " + KEY_BYTES_MIN + " bytes, not " + key.length);
    }
    this.key = key.clone();
  }

  /** The digits of a sign-in in a period. */
  String code(String signIn, long period) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] bytes =
          mac.doFinal((PURPOSE + signIn + "\n" + period).getBytes(StandardCharsets.UTF_8));
      long number = 0;
      for (int i = 0; i < 7; i++) {
        number = number << 8 | bytes[i] & 0xff;
      }
      return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /**
   * Whether the typed digits are those of a period or of the one before it. The time that this
   * takes does not depend on them.
   */
  boolean isCode(String signIn, String typed, long period) {
    boolean isOfPeriod = isEqual(code(signIn, period), typed);
    boolean isOfOneBefore = isEqual(code(signIn, period - 1), typed);
    return isOfPeriod || isOfOneBefore;
  }

  private static boolean isEqual(String code, String typed) {
    return MessageDigest.isEqual(
        code.getBytes(StandardCharsets.UTF_8), typed.strip().getBytes(StandardCharsets.UTF_8));
  }
}
