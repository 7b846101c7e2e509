package org.thywill.community.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttemptLimiterTest {
  private static final long HOUR = 3_600_000_000L;
  private static final long MINUTE = 60_000_000L;
  private final AttemptLimiter attempts = AttemptLimiter.perHour();

  @Test
  void source_isSpentAfterTenTries_andFreeAgainAnHourAfterTheFirst() {
    for (int i = 0; i < AttemptLimiter.TRIES_PER_HOUR; i++) {
      assertThat(attempts.isExhausted("here", i)).isFalse();
      attempts.count("here", i);
    }
    assertThat(attempts.isExhausted("here", HOUR - 1)).isTrue();
    assertThat(attempts.isExhausted("there", HOUR - 1)).isFalse();
    assertThat(attempts.isExhausted("here", HOUR)).isFalse();
  }

  @Test
  void refusal_isNotedOnceAnHour_ofEachKindAndSource() {
    assertThat(attempts.shouldLog("here", "failed", 0)).isTrue();
    assertThat(attempts.shouldLog("here", "failed", HOUR - 1)).isFalse();
    assertThat(attempts.shouldLog("here", "other", 1)).isTrue();
    assertThat(attempts.shouldLog("there", "failed", 1)).isTrue();
    assertThat(attempts.shouldLog("here", "failed", HOUR)).isTrue();
  }

  @Test
  void refusals_ofAnyNumberOfSources_areNotedABoundedNumberOfTimes() {
    assertThat(
            IntStream.range(0, 30_000)
                .filter(i -> attempts.shouldLog("source " + i, "failed", i))
                .count())
        .isEqualTo(AttemptLimiter.LOGGED_MAX);
    assertThat(attempts.shouldLog("source x", "failed", HOUR)).isTrue();
  }

  @Test
  void tryOnce_countsAlsoWhatItRefuses_andAllowsAgainInTheNextWindow() {
    AttemptLimiter changes = new AttemptLimiter(Duration.ofMinutes(1), 2, 100);
    assertThat(changes.tryOnce("here", 0)).isTrue();
    assertThat(changes.tryOnce("here", 1)).isTrue();
    assertThat(changes.tryOnce("here", 2)).isFalse();
    assertThat(changes.tryOnce("there", 2)).isTrue();
    assertThat(changes.tryOnce("here", MINUTE - 1)).isFalse();
    assertThat(changes.tryOnce("here", MINUTE)).isTrue();
  }

  @Test
  void tryOnce_keepsTheKeysThatWereUsedLast_andForgetsOthers() {
    AttemptLimiter changes = new AttemptLimiter(Duration.ofMinutes(1), 1, 2);
    changes.tryOnce("first", 0);
    changes.tryOnce("second", 0);
    assertThat(changes.tryOnce("first", 1)).as("it is kept").isFalse();
    changes.tryOnce("third", 2);
    assertThat(changes.tryOnce("first", 3)).as("it is still kept").isFalse();
    assertThat(changes.tryOnce("second", 4)).as("it is forgotten").isTrue();
  }

  @Test
  void source_ofIpv6_isTheNetwork() {
    assertThat(AttemptLimiter.source(new Device("", "2001:db8:1:2:aaaa::1")))
        .contains("2001:db8:1:2::/64")
        .isEqualTo(AttemptLimiter.source(new Device("", "2001:db8:1:2:bbbb:1:2:3")));
    assertThat(AttemptLimiter.source(new Device("", "2001:db8::1")))
        .isNotEqualTo(AttemptLimiter.source(new Device("", "2001:db9::1")));
    assertThat(AttemptLimiter.source(new Device("", "192.0.2.7"))).contains("192.0.2.7");
    assertThat(AttemptLimiter.source(Device.UNKNOWN)).isEmpty();
    assertThat(
            Stream.of("2001:db8:0:1:2::3", "2001:db8::1:2:3:4:5", "2001:0DB8:0000:0001::9%eth0")
                .map(address -> AttemptLimiter.source(new Device("", address)).orElseThrow()))
        .as("ways to write addresses of one network")
        .containsOnly("2001:db8:0:1::/64");
    assertThat(AttemptLimiter.source(new Device("", "::ffff:192.0.2.7"))).contains("192.0.2.7");
    assertThat(AttemptLimiter.source(new Device("", "no:address"))).contains("no:address");
  }
}
