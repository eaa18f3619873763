package io.roomcast.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginsTest {
  private static final Origins STRICT = new Origins(List.of("https://Chat.example"), false);
  private static final Origins LOCAL = new Origins(List.of("https://chat.example"), true);

  @Test
  void programsThatAreNoBrowserSendNoOrigin() {
    assertThat(STRICT.allowed("", "example.org")).isTrue();
    assertThat(LOCAL.allowed("", "")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, true",
    "LocalHost, true",
    "127.0.0.1:8080, true",
    "[::1]:8080, true",
    "192.168.1.5, true",
    "chat.example, true",
    "CHAT.example:8080, true",
    "evil.example:8080, false",
    "localhost.evil.example, false",
    "127.0.0.1.evil.example:8080, false",
    "chat.example.evil.example, false",
    "user@localhost, false",
    "localhost/, false",
  })
  void aStrangersNameForThisMachineIsNoneOfOurs(String host, boolean allowed) {
    assertThat(LOCAL.allowed("", host)).isEqualTo(allowed);
    assertThat(STRICT.allowed("", host)).isTrue();
  }

  @Test
  void listedOriginsComeFromAnywhere() {
    assertThat(STRICT.allowed("https://chat.example", "other.example:8080")).isTrue();
    assertThat(STRICT.allowed("HTTPS://chat.EXAMPLE", "other.example:8080")).isTrue();
    assertThat(LOCAL.allowed("https://chat.example", "rebound.example")).isTrue();
    assertThat(STRICT.allowed("http://chat.example", "other.example")).isFalse();
    assertThat(STRICT.allowed("https://chat.example:8443", "other.example")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example, a.example, true",
    "http://A.example:80, a.Example, true",
    "https://a.example, a.example, true",
    "https://a.example, a.example:443, true",
    "http://a.example:8080, a.example:8080, true",
    "http://[2001:db8::1]:8080, [2001:db8::1]:8080, true",
    "http://a.example:8080, a.example, false",
    "http://a.example, a.example:8080, false",
    "http://b.example, a.example, false",
    "http://a.example.evil.example, a.example, false",
    "http://localhost:3000, localhost:8080, false",
    "http://localhost:8080, localhost:8080, true",
  })
  void elsewhereThePageMustBeOurOwn(String origin, String host, boolean allowed) {
    assertThat(STRICT.allowed(origin, host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, localhost:8080, true",
    "http://localhost:3000, 127.0.0.1:8080, true",
    "https://127.0.0.1, localhost:8080, true",
    "http://[::1]:3000, [::1]:8080, true",
    "http://LOCALHOST:3000, LocalHost:8080, true",
    "http://192.168.1.5:8080, 192.168.1.5:8080, true",
    "http://localhost:3000, 192.168.1.5:8080, false",
    "http://evil.example, localhost:8080, false",
    "http://localhost.evil.example, localhost:8080, false",
    "http://evil.example:8080, evil.example:8080, false",
    "http://localhost:3000, evil.example:8080, false",
    "http://1.2.3.4.evil.example:8080, 1.2.3.4.evil.example:8080, false",
  })
  void onItsOwnMachineLoopbackNamesTrustEachOther(String origin, String host, boolean allowed) {
    assertThat(LOCAL.allowed(origin, host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, a.example, true",
    "https://a.example, a.example:443, true",
    "https://a.example:8443, a.example:8443, true",
    "http://a.example, a.example, false",
    "http://a.example:8443, a.example:8443, false",
    "https://a.example, a.example:80, false",
    "https://b.example, a.example, false",
  })
  void whereTheServerSpeaksTlsItsPagesDoToo(String origin, String host, boolean allowed) {
    assertThat(new Origins(List.of(), false, true).allowed(origin, host)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "file://",
        "//localhost:8080",
        "//h://h:",
        "chrome-extension://abcdef",
        "localhost",
        "http://",
        "http://user@localhost:8080",
        "http://localhost:8080/path",
        "http://localhost:8080?q",
        "http://local host",
        "data:text/html,x",
        "\u0000",
      })
  void whatIsNoOriginIsRefused(String origin) {
    assertThat(STRICT.allowed(origin, "localhost:8080")).isFalse();
    assertThat(LOCAL.allowed(origin, "localhost:8080")).isFalse();
  }

  @Test
  void aHostThatIsNoneMatchesNothing() {
    assertThat(STRICT.allowed("http://a.example", "")).isFalse();
    assertThat(STRICT.allowed("http://a.example", "a.example/")).isFalse();
    assertThat(LOCAL.allowed("http://localhost", "")).isFalse();
    assertThat(LOCAL.allowed("null", "")).isFalse();
  }

  @Test
  void pagesWithoutAnOriginMayBeListed() {
    assertThat(new Origins(List.of("null"), false).allowed("null", "a.example")).isTrue();
  }

  @Test
  void theListMayChange() {
    Origins origins = new Origins(List.of("https://a.example"), false);
    origins.list(List.of("https://b.example"));
    assertThat(origins.allowed("https://a.example", "h")).isFalse();
    assertThat(origins.allowed("https://b.example", "h")).isTrue();
    assertThatThrownBy(() -> origins.list(List.of("https://c.example", "x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(origins.allowed("https://b.example", "h")).isTrue();
    assertThat(origins.allowed("https://c.example", "h")).isFalse();
  }
}
