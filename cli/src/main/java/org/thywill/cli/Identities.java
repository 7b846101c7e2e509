package org.thywill.cli;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the random id that ties a view to its archive. */
final class Identities {
  private Identities() {}

  static String random() {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
