package org.thywill.legacy.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names made from content by SHA-256, so that the same content is given the same name every time.
 */
public final class ContentHash {
  private static final Pattern HASHED = Pattern.compile("sha256:[0-9a-f]{64}");

  private ContentHash() {}

  /**
   * 32 hex digits of all parts, each with its length before it so that no two lists of parts are
   * taken for one another.
   */
  public static String of(String... parts) {
    MessageDigest digest = sha256();
    for (String part : parts) {
      byte[] bytes = part.getBytes(UTF_8);
      digest.update((bytes.length + ":").getBytes(UTF_8));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
  }

  /**
   * What stands in place of a secret. One that is such a hash already, as in a database that was
   * exported from here, is kept.
   */
  public static String ofSecret(SqliteValue secret) {
    return secret instanceof SqliteValue.Text(String text) && isHashed(text)
        ? text
        : "sha256:" + HexFormat.of().formatHex(sha256().digest(secret.bytes()));
  }

  public static boolean isHashed(String text) {
    return text.length() == 71 && HASHED.matcher(text).matches();
  }

  /** A new digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
