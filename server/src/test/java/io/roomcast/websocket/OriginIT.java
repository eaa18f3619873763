package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.Roomcast;
import io.roomcast.testing.RawWebSocket;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Origins that look like one that may connect, over the handshake; https://chat.example is listed.
 */
final class OriginIT {
  private static Roomcast server;

  @BeforeAll
  static void start() throws IOException {
    server =
        Roomcast.builder()
            .port(0)
            .allowedOrigins(java.util.List.of("https://chat.example"))
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String answer(String headers) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(RawWebSocket.request(headers));
      return client.response().head();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "NULL",
        "file://",
        "file:///",
        "file://chat.example",
        "data:text/html,x",
        "blob:https://chat.example/1",
        "about:blank",
        "javascript:0",
        "chrome-extension://abcdef",
        "https://",
        "://chat.example",
        "//chat.example",
        "chat.example",
        "*",
        "https://*",
        "https://*.example",
        "http://chat.example",
        "ws://chat.example",
        "wss://chat.example",
        "https:chat.example",
        "https:/chat.example",
        "https:///chat.example",
        "https:\\\\chat.example",
        "https://chat.example/",
        "https://chat.example/x",
        "https://chat.example?x",
        "https://chat.example#x",
        "https://chat.example.",
        "https://chat.example:443",
        "https://chat.example:0443",
        "https://chat.example:80",
        "https://chat.example:8443",
        "https://chat.example:99999",
        "https://chat.example.evil.example",
        "https://chat.examples",
        "https://chat.exampl",
        "https://evilchat.example",
        "https://evil-chat.example",
        "https://sub.chat.example",
        "https://example",
        "https://chat_example",
        "https://chatXexample",
        "https://ch\u00e4t.example",
        "https://xn--cht-qla.example",
        "https://\u0441hat.example",
        "https://xn--hat-8cd.example",
        "https://chat.example@evil.example",
        "https://chat.example:x@evil.example",
        "https://evil.example@chat.example",
        "https://user@chat.example",
        "https://chat.example, https://evil.example",
        "https://evil.example, https://chat.example",
        "https://evil.example https://chat.example",
        "https://chat.example https://chat.example",
        "https://chat.example;x",
        "https://chat%2eexample",
        "https://chat.example%00.evil.example",
        "https://chat.example\u0009x",
        "https://chat.ex\u0001ample",
        "\"https://chat.example\"",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://evil.example#localhost",
        "http://user@localhost",
        "http://0x7f000001",
        "http://2130706433",
        "http://[::ffff:127.0.0.1]",
      })
  void isRefused(String origin) throws IOException {
    String head = answer("Origin: " + origin);
    assertThat(head).doesNotContain(" 101 ").containsAnyOf(" 403 ", " 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Origin: https://chat.example",
        "Origin: HTTPS://CHAT.example",
        "Origin: http://localhost:3000",
      })
  void isAllowed(String header) throws IOException {
    assertThat(answer(header)).contains(" 101 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://chat.example\r\nOrigin: https://evil.example",
        "Origin: https://evil.example\r\nOrigin: https://chat.example",
        "Origin: \r\nOrigin: https://evil.example",
      })
  void severalAreNoneThatIsAllowed(String headers) throws IOException {
    assertThat(answer(headers)).doesNotContain(" 101 ").containsAnyOf(" 403 ", " 400 ");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 4000, 9000})
  void isRefusedHoweverLong(int length) throws IOException {
    String head = answer("Origin: https://" + "a.".repeat(length / 2) + "chat.example");
    assertThat(head).doesNotContain(" 101 ").containsPattern(" 4\\d\\d ");
  }
}
