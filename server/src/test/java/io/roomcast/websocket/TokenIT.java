package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.roomcast.auth.Tokens;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.room.Time;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with a token secret. */
final class TokenIT {
  private final Tokens tokens = new Tokens("0123456789abcdef0123456789abcdef", Time.SYSTEM);
  private final String token = tokens.issue("ann", Duration.ofMinutes(1));
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
    String expired = tokens.issue("ann", Duration.ofSeconds(-31));
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
}
