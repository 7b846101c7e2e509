package org.thywill.community.signin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the six digits that a new device shows, from the server's key and the request: they need
 * not be stored, and whoever has the archive cannot tell them.
 */
public final class VerificationCodes {
  private static final int KEY_BYTES_MIN = 16;
  private static final String PURPOSE = "sign-in code\n";
  private final byte[] key;

  public VerificationCodes(byte[] key) {
    if (key.length < KEY_BYTES_MIN) {
      throw new IllegalArgumentException(
          "the server's key needs " + KEY_BYTES_MIN + " bytes, not " + key.length);
    }
    this.key = key.clone();
  }

  String code(String request) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      byte[] bytes = mac.doFinal((PURPOSE + request).getBytes(StandardCharsets.UTF_8));
      long number = 0;
      for (int i = 0; i < 7; i++) {
        number = number << 8 | bytes[i] & 0xff;
      }
      return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** Compares in a time that does not tell how much was right. */
  boolean isCode(String request, String typed) {
    return MessageDigest.isEqual(
        code(request).getBytes(StandardCharsets.UTF_8),
        typed.strip().getBytes(StandardCharsets.UTF_8));
  }
}
