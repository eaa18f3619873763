package io.roomcast.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 itself, where clients get it wrong, or take their time. */
final class HttpProtocolIT {
  private static final String LIVE = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST =
      "POST /v1/rooms/room1/messages HTTP/1.1\r\nHost: localhost\r\n";

  private final RecordingBroker broker = new RecordingBroker();
  private final HttpTestServer server = new HttpTestServer.Setup().broker(broker).start();
  private RawClient client;

  @BeforeAll
  static void watch() {
    LeakCheck.begin();
  }

  @BeforeEach
  void connect() throws IOException {
    client = new RawClient(server.port());
    server.awaitConnection();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    await().until(() -> server.connections() == 0);
    server.close();
  }

  @AfterAll
  static void nothingLeaks() {
    LeakCheck.end();
  }

  static Stream<Arguments> broken() {
    String host = " HTTP/1.1\r\nHost: localhost\r\n";
    return Stream.of(
        Arguments.of(400, "GET /live HTTP/1.1\r\n\r\n"),
        Arguments.of(400, "GET /live" + host + "Host: b\r\n\r\n"),
        Arguments.of(400, "GET /live HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        Arguments.of(
            400, POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Arguments.of(400, POST + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n12345"),
        Arguments.of(400, POST + "Content-Length: -1\r\n\r\n"),
        Arguments.of(400, POST + "Content-Length: x\r\n\r\n"),
        Arguments.of(400, POST + "Transfer-Encoding: gzip\r\n\r\n"),
        Arguments.of(400, POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n1\r\n0\r\n\r\n"),
        Arguments.of(413, POST + "Content-Length: 65537\r\n\r\n"),
        Arguments.of(413, POST + "Content-Length: 65537\r\nExpect: 100-continue\r\n\r\n"),
        Arguments.of(413, POST + "Content-Length: 99999999999\r\n\r\n" + "x".repeat(9999)),
        Arguments.of(
            413,
            POST + "Transfer-Encoding: chunked\r\n\r\n10001\r\n" + "x".repeat(0x10001) + "\r\n"),
        Arguments.of(414, "GET /" + "x".repeat(5000) + host + "\r\n"),
        Arguments.of(417, POST + "Content-Length: 1\r\nExpect: miracles\r\n\r\n1"),
        Arguments.of(431, "GET /live" + host + "X: " + "x".repeat(100_000) + "\r\n\r\n"),
        Arguments.of(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Arguments.of(400, "GET live" + host + "\r\n"),
        Arguments.of(400, "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Arguments.of(400, "CONNECT a:80" + host + "\r\n"),
        Arguments.of(400, "GET /live#x" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms/%zz/events" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms/%4/events" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms/%C3%28/events" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms/%ED%A0%80/events" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms/\u00fc/events" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms?after=%+1" + host + "\r\n"),
        Arguments.of(400, "GET /v1/rooms?limit=1&limit=2" + host + "\r\n"),
        Arguments.of(400, "GET /li\u0000ve" + host + "\r\n"),
        Arguments.of(400, "GET /live" + host + "X: a\u0000b\r\n\r\n"),
        Arguments.of(400, "GET /live" + host + "X : a\r\n\r\n"),
        Arguments.of(400, "GET\r\n\r\n"),
        Arguments.of(400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void whatIsBrokenIsAnsweredAndEndsTheConnection(int status, String request) throws Exception {
    RawClient.Reply reply = client.send(request).read();
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
    assertThat(reply.header("connection")).isEqualTo("close");
    assertThat(reply.body()).contains("\"status\":" + status).doesNotContain("xception");
    assertThat(client.atEnd()).isTrue();
    assertThat(broker.published).isEmpty();
  }

  @Test
  void aConnectionServesManyRequests() throws Exception {
    for (int i = 0; i < 3; i++) {
      RawClient.Reply reply = client.send(LIVE).read();
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.headers()).containsKey("date").doesNotContainKey("connection");
    }
    assertThat(client.send("BREW /live HTTP/1.1\r\nHost: localhost\r\n\r\n").read().status())
        .isEqualTo(405);
    assertThat(
            client.send("GET http://a:1/live HTTP/1.1\r\nHost: localhost\r\n\r\n").read().status())
        .isEqualTo(200);
    assertThat(
            client.send(LIVE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).read().status())
        .isEqualTo(200);
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void theOldVersionEndsAfterOneUnlessAskedNotTo() throws Exception {
    RawClient.Reply kept =
        client.send("GET /live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").read();
    assertThat(kept.header("connection")).isEqualTo("keep-alive");
    RawClient.Reply last = client.send("GET /live HTTP/1.0\r\n\r\n").read();
    assertThat(last.status()).isEqualTo(200);
    assertThat(last.header("connection")).isEqualTo("close");
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void theHeadAloneHasTheSameHeaders() throws Exception {
    RawClient.Reply get = client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").read();
    RawClient.Reply head = client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n").readHead();
    assertThat(head.header("content-length")).isEqualTo(String.valueOf(get.body().length()));
    assertThat(head.header("etag")).isEqualTo(get.header("etag"));
    assertThat(client.send(LIVE).read().body()).contains("live");
  }

  @Test
  void requestsSentTogetherAreAnsweredInOrder() throws Exception {
    for (boolean elsewhere : List.of(false, true)) {
      broker.elsewhere = elsewhere;
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        String path = "/v1/rooms/r" + i + "/messages";
        all.append("POST ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        all.append("Content-Length: 1\r\n\r\n1");
      }
      client.send(all.toString());
      for (int i = 0; i < 100; i++) {
        assertThat(client.read().body()).endsWith("\"room\":\"r" + i + "\"}");
      }
    }
  }

  @Test
  void aBodyMayComeInPieces() throws Exception {
    server.hear(client, POST + "Transfer-Encoding: chunked\r\n\r\n3\r\n\"a");
    client.send("b\r\n2;x=y\r\nc\"\r\n0\r\nTrailer: t\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
    assertThat(broker.last()).endsWith("\"message\":\"abc\"}");
  }

  @Test
  void aClientIsToldToGoOn() throws Exception {
    client.send(POST + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("17HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n" + LIVE);
    assertThat(client.read().body()).isEqualTo("{\"type\":\"sent\",\"room\":\"room1\"}");
    assertThat(client.readHead().header("content-type")).startsWith("text/html");
    assertThat(client.read().body()).contains("live");
  }

  @Test
  void silenceEndsAConnection() throws Exception {
    server.pass(10);
    assertThat(client.atEnd()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /live HT", POST + "Content-Length: 9\r\n\r\n123"})
  void aRequestMustBeWholeIn10Seconds(String begun) throws Exception {
    server.pass(5);
    server.hear(client, begun);
    server.pass(5);
    assertThat(client.read().status()).isEqualTo(408);
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void betweenRequestsAMinuteMayPass() throws Exception {
    server.hear(client, LIVE);
    client.read();
    server.pass(59);
    server.hear(client, LIVE);
    client.read();
    server.pass(60);
    assertThat(client.atEnd()).isTrue();
  }

  @Test
  void aLaterRequestMustBeWholeIn10SecondsToo() throws Exception {
    server.hear(client, LIVE);
    client.read();
    server.pass(30);
    server.hear(client, "GET /li");
    server.pass(9);
    server.hear(client, "ve");
    server.pass(1);
    assertThat(client.read().status()).isEqualTo(408);
  }

  /** Chars here are bytes on the wire. */
  private int publishWithKey(String key) throws IOException {
    client.send(POST + "Idempotency-Key: " + key + "\r\nContent-Length: 1\r\n\r\n1");
    return client.read().status();
  }

  @Test
  void anIdempotencyKeyIsAKeyAsOverWebSocket() throws IOException {
    String bytes = new String("é".repeat(64).getBytes(UTF_8), ISO_8859_1);
    assertThat(publishWithKey(bytes)).isEqualTo(200);
    assertThat(broker.last()).contains("\"key\":\"" + "é".repeat(64) + "\"");
    assertThat(publishWithKey(bytes + "a")).as("129 bytes").isEqualTo(422);
    assertThat(publishWithKey("a".repeat(128))).isEqualTo(200);
    assertThat(publishWithKey("\u00e9")).as("no UTF-8").isEqualTo(422);
    assertThat(broker.published).hasSize(2);
  }
}
