package org.thywill.legacy.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.thywill.catalog.Sha256;

/** Makes names from content by SHA-256: the same content always has the same name. */
public final class ContentHash {
  /** How a text that replaces a secret begins. */
  public static final String PREFIX = "sha256:";

  private static final Pattern HASHED = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  private ContentHash() {}

  /** 32 hex digits for a list of parts; each part is hashed with its length, so lists differ. */
  public static String of(String... parts) {
    MessageDigest digest = Sha256.newDigest();
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
        : PREFIX + Sha256.hex(secret.bytes());
  }

  /** Whether a text is one that replaces a secret. */
  public static boolean isHashed(String text) {
    return text.length() == 71 && HASHED.matcher(text).matches();
  }

  /** The text that replaces a text, even one that is such a text already. */
  public static String hashed(String text) {
    return PREFIX + Sha256.hex(text);
  }
}
