package org.thywill.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;

/** The codes of decoy sign-ins change when those of real sign-ins do. */
class DecoySessionsTest {
  private static final Instant FIVE = Instant.parse("2026-03-04T05:00:00Z");
  private final DecoySessions decoys =
      new DecoySessions(
          new SecretKeySpec(new byte[32], "HmacSHA256"), new Ids(new SplittableRandom(7)));

  private String origin(String name, String address, Duration afterFive) {
    Instant now = FIVE.plus(afterFive);
    return decoys
        .read(decoys.make(name, new Device("A browser", address), now), now)
        .orElseThrow()
        .origin();
  }

  @Test
  void code_isStableWithinOneClockHour_forOneNameAndDevice() {
    String first = origin("Nobody", "203.0.113.9", Duration.ZERO);
    assertThat(origin(" nobody ", "203.0.113.9", Duration.ofMinutes(59))).isEqualTo(first);
    assertThat(origin("nobody", "203.0.113.9", Duration.ofHours(1))).isNotEqualTo(first);
    assertThat(origin("nobody", "203.0.113.10", Duration.ZERO)).isNotEqualTo(first);
    assertThat(origin("nobody else", "203.0.113.9", Duration.ZERO)).isNotEqualTo(first);
  }
}
