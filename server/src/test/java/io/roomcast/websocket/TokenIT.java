package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.roomcast.auth.TokenMaker;
import io.roomcast.auth.Tokens;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Limits;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import io.roomcast.testing.Verdicts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with a token secret. */
final class TokenIT {
  private final Tokens tokens = new Tokens("0123456789abcdef0123456789abcdef", Time.SYSTEM);
  private final TokenMaker maker =
      TokenMaker.withSecret("0123456789abcdef0123456789abcdef", Time.SYSTEM);
  private final String token = maker.make(new TokenMaker.Draft("ann", Duration.ofMinutes(1)));
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new TestServer(
            NativeTransport.best(),
            tokens,
            Limits.DEFAULT,
            lane -> new ChannelInboundHandlerAdapter());
  }

  @AfterEach
  void stop() {
    server.awaitSize(0, 0, 0);
    server.close();
  }

  @Test
  void wantsATokenBeforeAnyCommand() throws IOException {
    try (RawWebSocket client = server.client()) {
      assertThat(client.ask("{\"type\":\"SUBSCRIBE\",\"id\":1,\"room\":\"a\"}"))
          .startsWith("{\"type\":\"error\",\"id\":1,\"code\":1401,");
      assertThat(client.ask("{\"type\":\"sendMessage\",\"id\":2,\"room\":\"a\",\"message\":1}"))
          .startsWith("{\"type\":\"error\",\"id\":2,\"code\":1401,");
      assertThat(client.ask("{\"type\":\"connect\",\"id\":3}")).contains("\"code\":1401");
      assertThat(client.ask("{\"type\":\"connect\",\"id\":4,\"token\":\"" + token + "x\"}"))
          .contains("\"code\":1401");
      assertThat(client.ask("{\"type\":\"ping\"}")).contains("pong");
      assertThat(client.ask("{\"type\":\"connect\",\"id\":5,\"token\":\"" + token + "\"}"))
          .startsWith("{\"type\":\"connected\",\"id\":5,");
      client.join("a");
      client.say("{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}");
      assertThat(client.hear()).endsWith("\"message\":1,\"from\":\"ann\"}");
    }
  }

  @Test
  void takesATokenInTheHandshake() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(server.port(), "Authorization: bearer " + token)) {
      client.join("a");
      client.say("{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}");
      assertThat(client.hear()).endsWith("\"message\":1,\"from\":\"ann\"}");
    }
  }

  @Test
  void refusesAWrongTokenInTheHandshake() throws IOException {
    String expired = maker.make(new TokenMaker.Draft("ann", Duration.ofSeconds(-31)));
    for (String wrong : new String[] {token + "x", "x", expired, "x".repeat(5000)}) {
      try (RawWebSocket client = RawWebSocket.connect(server.port())) {
        client.send(RawWebSocket.request("Authorization: Bearer " + wrong));
        RawWebSocket.Response response = client.response();
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.head()).containsIgnoringCase("www-authenticate: bearer\r\n");
        assertThat(response.body()).contains("\"status\":401").doesNotContain(wrong + "\"");
        assertThat(client.end().reset()).isFalse();
      }
    }
  }

  @Test
  void leavesOtherKindsOfAuthorizationAlone() throws IOException {
    try (RawWebSocket client = RawWebSocket.open(server.port(), "Authorization: Basic YTpi")) {
      assertThat(client.ask("{\"type\":\"SUBSCRIBE\",\"room\":\"a\"}")).contains("1401");
    }
  }

  @Test
  void takesATokenAsASubprotocolAndNeverRepeatsIt() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(
          RawWebSocket.request("Sec-WebSocket-Protocol: roomcast.v1, roomcast.token." + token));
      RawWebSocket.Response response = client.response();
      assertThat(response.status()).isEqualTo(101);
      assertThat(response.head())
          .contains("\r\nSec-WebSocket-Protocol: roomcast.v1\r\n")
          .doesNotContain(token);
      client.join("a");
      client.say("{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}");
      assertThat(client.hear()).endsWith("\"message\":1,\"from\":\"ann\"}");
    }
    assertRefused("Sec-WebSocket-Protocol: roomcast.v1, roomcast.token.x", 401);
    assertRefused("Sec-WebSocket-Protocol: roomcast.token." + token, 400);
  }

  private void assertRefused(String header, int status) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(RawWebSocket.request(header));
      RawWebSocket.Response response = client.response();
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.head() + response.body()).doesNotContain(token);
    }
  }

  private static byte[] at(String path) {
    String request = new String(RawWebSocket.request(), StandardCharsets.US_ASCII);
    return request.replace("GET /ws ", "GET " + path + " ").getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void takesATokenInTheUrlOnlyWhereThatIsAllowed() throws IOException {
    String path = "/ws?access_token=" + token;
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(at(path));
      RawWebSocket.Response response = client.response();
      assertThat(response.status()).isEqualTo(401);
      assertThat(response.body()).contains("no token in the URL").doesNotContain(token);
    }
    restart(Verdicts.inUrl(tokens));
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(at(path));
      assertThat(client.response().status()).isEqualTo(101);
      client.join("a");
    }
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(at(path + "x"));
      assertThat(client.response().status()).isEqualTo(401);
    }
  }

  @Test
  void aVerdictThatComesLaterOpensTheDoorThen() throws IOException {
    restart(Verdicts.later(tokens, task -> Thread.ofVirtual().start(task)));
    try (RawWebSocket client = RawWebSocket.open(server.port(), "Authorization: Bearer " + token)) {
      client.join("a");
    }
    assertRefused("Authorization: Bearer " + token + "x", 401);
  }

  @Test
  void framesThatComeBeforeAVerdictEndTheConnection() throws IOException {
    Queue<Runnable> undecided = new ConcurrentLinkedQueue<>();
    restart(Verdicts.later(tokens, undecided::add));
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      String more = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
      byte[] request = RawWebSocket.request("Authorization: Bearer " + token);
      String both = new String(request, StandardCharsets.US_ASCII) + more;
      client.send(both.getBytes(StandardCharsets.US_ASCII));
      await().until(() -> !undecided.isEmpty());
      undecided.remove().run();
      assertThat(client.response().status()).isEqualTo(400);
    }
  }

  private void restart(Authenticator authenticator) throws IOException {
    stop();
    server =
        new TestServer(
            NativeTransport.best(),
            authenticator,
            Limits.DEFAULT,
            lane -> new ChannelInboundHandlerAdapter());
  }
}
