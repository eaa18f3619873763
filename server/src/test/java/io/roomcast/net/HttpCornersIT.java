package io.roomcast.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are doubtful, or too much, by the whole pipeline and every transport. */
final class HttpCornersIT {
  private static final String POST = "POST /v1/rooms/a/messages HTTP/1.1\r\nHost: localhost\r\n";
  private static final String GET = "GET /live HTTP/1.1\r\nHost: localhost\r\n";
  private static final String UPGRADE =
      """
      GET /ws HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      """;

  /** What is sent, and the status of the answer behind which the connection ends. */
  private static Map<String, Integer> doubtful() {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put(POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    all.put(POST + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400);
    all.put(POST + "Content-Length: 4\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400);
    all.put(POST + "Content-Length: 1\r\n 2\r\n\r\n12", 400);
    all.put(POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400);
    all.put(GET + "Host: b\r\n\r\n", 400);
    all.put("GET /live HTTP/1.1\r\n Host: localhost\r\n\r\n", 400);
    all.put("GET /live HTTP/1.1\r\nHost: localhost\r\n b\r\n\r\n", 400);
    all.put("\u0000" + GET + "\r\n", 400);
    all.put("\u0000\u0000\r\n" + GET + "\r\n", 400);
    all.put("\u000b" + GET + "\r\n", 400);
    all.put(GET.replace("\r\n", "\n") + "\n", 400);
    all.put(GET + "X: a\rb\r\n\r\n", 400);
    all.put("GET http:///live HTTP/1.1\r\n\r\n", 400);
    all.put("GET ftp://a/live HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
    all.put(GET + "X: " + "x".repeat(100 * 1024) + "\r\n\r\n", 431);
    all.put(GET + "x".repeat(100 * 1024) + ": 1\r\n\r\n", 431);
    all.put(UPGRADE + "X: " + "x".repeat(100 * 1024) + "\r\n\r\n", 431);
    String lines =
        IntStream.range(0, 5000).mapToObj(i -> "X-" + i + ": 1\r\n").collect(Collectors.joining());
    all.put(GET + lines + "\r\n", 431);
    // Without an end.
    all.put(GET + lines, 431);
    all.put(GET + ":".repeat(9000), 431);
    all.put(UPGRADE.replace("Upgrade: websocket", "Upgrade: h2c") + "\r\n", 426);
    all.put(UPGRADE.replace("Version: 13", "Version: 13, 8") + "\r\n", 426);
    all.put(UPGRADE.replace("GET", "POST") + "\r\n", 426);
    all.put(UPGRADE.replace("HTTP/1.1", "HTTP/1.0") + "\r\n", 426);
    all.put(UPGRADE + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
    all.put(UPGRADE + "Host: b\r\n\r\n", 400);
    return all;
  }

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void whatIsDoubtfulIsRefusedAndEndsTheConnection(NativeTransport transport) throws IOException {
    List<String> wrong = new ArrayList<>();
    try (TestServer server = TestServer.whole(transport)) {
      for (Map.Entry<String, Integer> one : doubtful().entrySet()) {
        String text = one.getKey();
        String begin = text.substring(0, Math.min(text.length(), 160)).replace("\r\n", "|");
        try (RawWebSocket client = RawWebSocket.connect(server.port())) {
          client.send(text.getBytes(ISO_8859_1));
          RawWebSocket.Response response = client.response();
          if (response.status() != one.getValue()
              || !response.head().toLowerCase(java.util.Locale.ROOT).contains("connection: close")
              || client.end().reset()) {
            wrong.add(begin + " -> " + response);
          }
        } catch (IOException e) {
          wrong.add(begin + " -> " + e);
        }
      }
      assertThat(server.node().hub().size().sessions()).isZero();
    }
    assertThat(wrong).isEmpty();
  }

  /** The absolute form is a proxy's, and must be taken; its host is not a second opinion. */
  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void theAbsoluteFormNamesAPathAlone(NativeTransport transport) throws IOException {
    try (TestServer server = TestServer.whole(transport);
        RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send("GET http://b/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
      assertThat(client.response().status()).isEqualTo(200);
      client.send(UPGRADE.replace("/ws", "http://b/ws").concat("\r\n").getBytes(ISO_8859_1));
      assertThat(client.response().status()).isEqualTo(404);
    }
  }
}
