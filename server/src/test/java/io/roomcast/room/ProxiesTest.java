package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxiesTest {
  private static final Proxies TRUSTED =
      new Proxies(List.of("127.0.0.1", "10.0.0.0/8", "fd00::/16", "192.168.7.128/25"));

  private static InetAddress peer(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        // A proxy that is trusted, and what it says.
        "127.0.0.1|203.0.113.9|203.0.113.9",
        "10.2.3.4|203.0.113.9, 10.9.9.9|203.0.113.9",
        "10.2.3.4|203.0.113.9:5555, 10.9.9.9:80|203.0.113.9",
        "fd00::1|2001:db8:1:2:3:4:5:6|20010db800010002/64",
        "fd00::1|[2001:db8:1:2::1]:443|20010db800010002/64",
        "127.0.0.1|::ffff:203.0.113.9|203.0.113.9",
        // What stands left of it is the client's own invention.
        "127.0.0.1|10.0.0.1, 198.51.100.1, 203.0.113.9|203.0.113.9",
        // Only proxies: the one that is farthest.
        "127.0.0.1|10.0.0.1, 10.0.0.2|10.0.0.1",
        "127.0.0.1|''|127.0.0.1",
        // No address: nobody behind it can be known.
        "127.0.0.1|203.0.113.9, unknown|127.0.0.1",
        "127.0.0.1|203.0.113.9, 300.1.1.1|127.0.0.1",
        "127.0.0.1|203.0.113.9, cafe|127.0.0.1",
        "127.0.0.1|203.0.113.9, :::|127.0.0.1",
        "127.0.0.1|203.0.113.9,|127.0.0.1",
        // Nobody is believed who is not trusted.
        "203.0.113.1|198.51.100.1|203.0.113.1",
        "192.168.7.127|198.51.100.1|192.168.7.127",
        "192.168.7.128|198.51.100.1|198.51.100.1",
        "2001:db8:1:2:aaaa::1|198.51.100.1|20010db800010002/64",
      })
  void whereAClientComesFrom(String peer, String forwarded, String client)
      throws UnknownHostException {
    assertThat(TRUSTED.client(peer(peer), List.of(forwarded))).isEqualTo(client);
  }

  @Test
  void severalHeadersAreOne() throws UnknownHostException {
    assertThat(TRUSTED.client(peer("127.0.0.1"), List.of("203.0.113.1", "203.0.113.2, 10.0.0.1")))
        .isEqualTo("203.0.113.2");
    assertThat(TRUSTED.client(peer("127.0.0.1"), List.of())).isEqualTo("127.0.0.1");
    assertThat(Proxies.NONE.client(peer("127.0.0.1"), List.of("203.0.113.1")))
        .isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "fd00::/129", "x/8"})
  void whatIsNoNetworkIsRefused(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Proxies(List.of(line)))
        .withMessageContaining("\"" + line + "\"");
  }
}
