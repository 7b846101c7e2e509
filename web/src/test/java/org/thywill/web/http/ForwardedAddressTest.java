package org.thywill.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thywill.simulation.Seeds;

class ForwardedAddressTest {
  private static final String PEER = "127.0.0.1";

  /** Headers are separated by a semicolon here. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // One proxy.
        "1 | 192.0.2.7                               | 192.0.2.7",
        "1 | 203.0.113.5, 192.0.2.7                  | 192.0.2.7",
        "1 | 203.0.113.5; 192.0.2.7                  | 192.0.2.7",
        "1 | 203.0.113.5, 203.0.113.6 ; 192.0.2.7    | 192.0.2.7",
        "1 | 203.0.113.5,192.0.2.7                   | 192.0.2.7",
        // Two in a row: the last entry is that of the outer proxy.
        "2 | 192.0.2.7, 10.0.0.2                     | 192.0.2.7",
        "2 | 192.0.2.7; 10.0.0.2                     | 192.0.2.7",
        "2 | 203.0.113.5, 192.0.2.7, 10.0.0.2        | 192.0.2.7",
        "2 | 203.0.113.5; 192.0.2.7; 10.0.0.2        | 192.0.2.7",
        "2 | 203.0.113.5, 192.0.2.7; 10.0.0.2        | 192.0.2.7",
        "2 | 203.0.113.5; 192.0.2.7, 10.0.0.2        | 192.0.2.7",
        // Three.
        "3 | 203.0.113.5, 192.0.2.7, 10.0.0.2, 10.0.0.3 | 192.0.2.7",
        // A request that passed fewer proxies than are trusted.
        "3 | 192.0.2.7, 10.0.0.2                     | 192.0.2.7",
        // An empty entry is an entry.
        "1 | 203.0.113.5,                            | ''",
        "2 | 203.0.113.5, , 10.0.0.2                 | ''",
        // Ports, and IPv6.
        "1 | 203.0.113.5, 192.0.2.7:4711             | 192.0.2.7",
        "1 | 2001:db8::7                             | 2001:db8::7",
        "1 | [2001:db8::7]                           | 2001:db8::7",
        "1 | [2001:db8::7]:4711                      | 2001:db8::7",
        // Without a trusted proxy the header is ignored.
        "0 | 192.0.2.7                               | 127.0.0.1",
      })
  void of_eachForm_isCountedFromTheRight(int proxies, String headers, String expected) {
    assertThat(ForwardedAddress.of(List.of(headers.split(";", -1)), proxies, PEER))
        .isEqualTo(expected);
  }

  @Test
  void of_noHeader_isThePeer() {
    assertThat(ForwardedAddress.of(List.of(), 2, PEER)).isEqualTo(PEER);
  }

  /** Whatever a client sends before, and however the proxies add to it, they are believed. */
  @Test
  void of_whateverAClientInvents_isWhatTheOutermostProxyWrote() {
    Random random = Random.from(Seeds.random("of_whateverAClientInvents"));
    for (int i = 0; i < 2_000; i++) {
      List<String> headers = new ArrayList<>();
      for (int invented = random.nextInt(5); invented > 0; invented--) {
        headers.add(
            List.of("", ",", "192.0.2.1", "x, y", ", ,", "[", "127.0.0.1").get(random.nextInt(7)));
      }
      int proxies = random.nextInt(1, 5);
      for (int proxy = 0; proxy < proxies; proxy++) {
        String written = proxy == 0 ? "198.51.100.9" : "10.0.0." + proxy;
        if (headers.isEmpty() || random.nextBoolean()) {
          headers.add(written);
        } else {
          headers.add(headers.removeLast() + "," + written);
        }
      }
      assertThat(ForwardedAddress.of(headers, proxies, PEER))
          .as(headers.toString())
          .isEqualTo("198.51.100.9");
    }
  }
}
