package org.thywill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** The hash of "abc" in the standard's own example. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void hashes_areThoseOfTheStandard() {
    assertThat(Sha256.hex("abc")).isEqualTo(ABC);
    assertThat(Sha256.hex(new byte[] {'a', 'b', 'c'})).isEqualTo(ABC);
    assertThat(HexFormat.of().formatHex(Sha256.digest("abc"))).isEqualTo(ABC);
    assertThat(Sha256.digest("abc")).hasSize(Sha256.BYTES);
    assertThat(Sha256.hex("")).startsWith("e3b0c44298fc1c149afbf4c8996fb924");
  }

  @Test
  void newDigest_ofPieces_isTheHashOfTheWhole() {
    MessageDigest digest = Sha256.newDigest();

    digest.update("a".getBytes(StandardCharsets.UTF_8));
    digest.update("bc".getBytes(StandardCharsets.UTF_8));

    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(ABC);
  }
}
