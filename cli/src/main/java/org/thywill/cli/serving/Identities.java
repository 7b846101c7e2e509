package org.thywill.cli.serving;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the random id that ties a view to its archive. */
public final class Identities {
  private Identities() {}

  public static String random() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
