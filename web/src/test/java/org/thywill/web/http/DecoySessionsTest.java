package org.thywill.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.thywill.community.access.Ids;

/** Each decoy has digits of its own, as each sign-in of a member has. */
class DecoySessionsTest {
  private static final Instant FIVE = Instant.parse("2026-03-04T05:00:00Z");
  private final DecoySessions decoys =
      new DecoySessions(
          new SecretKeySpec(new byte[32], "HmacSHA256"), new Ids(new SplittableRandom(7)));

  private String origin(String cookie, Duration afterFive) {
    return decoys.read(cookie, FIVE.plus(afterFive)).orElseThrow().origin();
  }

  @Test
  void origin_isThatOfTheCookie_andOfNoOther() {
    String first = decoys.make(FIVE);
    String second = decoys.make(FIVE);
    assertThat(origin(first, Duration.ofHours(20))).isEqualTo(origin(first, Duration.ZERO));
    assertThat(origin(second, Duration.ZERO)).isNotEqualTo(origin(first, Duration.ZERO));
    assertThat(decoys.read(first, FIVE.plus(Duration.ofDays(7)))).isEmpty();
  }
}
