package org.thywill.web.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Makes the token that a form carries: it follows from the server's key and a secret cookie of the
 * browser, so another server, which can make a browser send the cookie but not read it, cannot make
 * the token.
 */
public final class CsrfTokens {
  private static final String PURPOSE = "form\n";
  private static final int HEX_LENGTH = 40;
  private final SecretKey key;

  public CsrfTokens(SecretKey key) {
    this.key = key;
  }

  /** The token for the forms of a browser that has this cookie: 40 hex digits. */
  public String of(String cookie) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return HexFormat.of()
          .formatHex(mac.doFinal((PURPOSE + cookie).getBytes(StandardCharsets.UTF_8)))
          .substring(0, HEX_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** Whether a token belongs to a cookie. Compares in constant time; null is no token. */
  boolean isOf(String cookie, @Nullable String token) {
    return token != null
        && MessageDigest.isEqual(
            of(cookie).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
  }
}
