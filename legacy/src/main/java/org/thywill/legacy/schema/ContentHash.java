package org.thywill.legacy.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Makes names from content by SHA-256: the same content always has the same name. */
public final class ContentHash {
  private static final Pattern HASHED = Pattern.compile("sha256:[0-9a-f]{64}");

  private ContentHash() {}

  /** 32 hex digits for a list of parts; each part is hashed with its length, so lists differ. */
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
   * The text that replaces a secret: {@code sha256:} and 64 hex digits.
   *
   * <p>A secret that is such a text already, as in a database that we exported, is kept.
   */
  public static String ofSecret(SqliteValue secret) {
    return secret instanceof SqliteValue.Text(String text) && isHashed(text)
        ? text
        : "sha256:" + HexFormat.of().formatHex(sha256().digest(secret.bytes()));
  }

  /** Whether a text is one that replaces a secret. */
  public static boolean isHashed(String text) {
    return text.length() == 71 && HASHED.matcher(text).matches();
  }

  /** A new SHA-256 digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
