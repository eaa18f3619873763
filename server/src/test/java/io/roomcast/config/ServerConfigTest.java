package io.roomcast.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.roomcast.Roomcast;
import io.roomcast.RoomcastBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerConfigTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static void assertRefused(RoomcastBuilder settings, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings.config().address())
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
  }

  private static RoomcastBuilder at(String host) {
    return Roomcast.builder().host(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"})
  void isOpenOnLoopbackByItself(String host) {
    ServerConfig config = at(host).config();
    assertThat(config.address().getAddress().isLoopbackAddress()).isTrue();
    assertThat(config.tokenless()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "2001:db8::1", "[::]"})
  void refusesToBeOpenElsewhereUnlessToldSo(String host) {
    assertRefused(at(host), host, "--open", "--token-secret", "ROOMCAST_TOKEN_SECRET");
    assertThat(at(host).open(true).config().address().getAddress().isLoopbackAddress()).isFalse();
    ServerConfig secured = at(host).tokenSecret(SECRET).config();
    assertThat(secured.address().getPort()).isEqualTo(8080);
    assertThat(secured.tokenless()).isFalse();
  }

  @Test
  void saysWhichHostIsUnknown() {
    assertRefused(at("no such host"), "no such host");
    assertRefused(at(""), "host");
  }

  @Test
  void refusesWhatCannotWork() {
    assertRefused(Roomcast.builder().port(-1), "port", "-1");
    assertRefused(Roomcast.builder().port(65536), "port", "65536");
    assertRefused(Roomcast.builder().loops(-1), "loops");
    assertRefused(Roomcast.builder().loops(65), "loops");
    assertRefused(Roomcast.builder().drain(Duration.ofSeconds(-1)), "drain");
  }

  @Test
  void refusesASecretThatIsShortOrUseless() {
    assertRefused(Roomcast.builder().tokenSecret(SECRET.substring(1)), "token secret", "32");
    assertRefused(Roomcast.builder().tokenSecret(SECRET).open(true), "--open", "token secret");
  }

  @Test
  void tellsNoSecret() {
    ServerConfig config =
        Roomcast.builder().tokenSecret(SECRET).redis("redis://me:hidden@127.0.0.1").config();
    assertThat(config.toString())
        .contains("127.0.0.1", "8080")
        .doesNotContain(SECRET)
        .doesNotContain("hidden");
  }
}
