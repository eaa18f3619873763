package io.roomcast.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Authenticator;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a connection becomes a WebSocket, and how not, on each transport. */
@ParameterizedClass
@MethodSource("io.roomcast.testing.TestServer#transports")
final class HandshakeIT {
  @Parameter private NativeTransport transport = NativeTransport.NIO;

  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(transport, Limits.DEFAULT);
  }

  @AfterEach
  void stop() {
    server.awaitSize(0, 0, 0);
    server.close();
  }

  @Test
  void takesCommandsThatComeWithTheRequest() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(
          Frames.join(
              RawWebSocket.request(),
              Frames.text("{\"type\":\"SUBSCRIBE\",\"room\":\"a\"}"),
              Frames.text("{\"type\":\"sendMessage\",\"room\":\"a\",\"message\":1}"),
              new byte[] {(byte) 0x81}));
      client.expectUpgrade();
      assertThat(client.hear()).contains("\"message\":1");
      byte[] ping = Frames.text("{\"type\":\"ping\"}");
      client.send(java.util.Arrays.copyOfRange(ping, 1, ping.length));
      assertThat(client.hear()).contains("pong");
    }
  }

  @Test
  void takesARequestThatComesByteByByte() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      for (byte b : Frames.join(RawWebSocket.request(), Frames.text("{\"type\":\"ping\"}"))) {
        client.send(new byte[] {b});
      }
      client.expectUpgrade();
      assertThat(client.hear()).contains("pong");
    }
  }

  @Test
  void takesHeadersInAnyCaseAndAmongOthers() throws IOException {
    RawWebSocket.open(
            server.port(),
            "Upgrade: WebSocket",
            "Connection: keep-alive, Upgrade",
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
            "Sec-WebSocket-Protocol: chat",
            "Origin: http://localhost:3000")
        .close();
    RawWebSocket.open(server.port(), "Origin: https://chat.example").close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade:                        | 426",
        "Upgrade: h2c                    | 426",
        "Connection:                     | 426",
        "Connection: keep-alive          | 426",
        "Sec-WebSocket-Version:          | 426",
        "Sec-WebSocket-Version: 8        | 426",
        "Sec-WebSocket-Key:              | 400",
        "Sec-WebSocket-Key: short        | 400",
        "Sec-WebSocket-Key: AAAA         | 400",
        "Sec-WebSocket-Key: ????????     | 400",
        "Origin: https://evil.example    | 403",
        "Origin: null                    | 403",
        "Origin: https://localhost.evil  | 403",
        "Content-Length: 5               | 400",
        "Transfer-Encoding: chunked      | 400",
      })
  void refuses(String header, int status) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(RawWebSocket.request(header));
      assertRefused(client, status);
    }
  }

  private static void assertRefused(RawWebSocket client, int status) throws IOException {
    RawWebSocket.Response response = client.response();
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.head())
        .containsIgnoringCase("content-type: application/problem+json\r\n")
        .containsIgnoringCase("connection: close\r\n");
    if (status == 426) {
      assertThat(response.head())
          .containsIgnoringCase("upgrade: websocket\r\n")
          .containsIgnoringCase("sec-websocket-version: 13\r\n");
    }
    assertThat(response.body())
        .startsWith("{\"type\":\"about:blank\",\"title\":\"")
        .contains("\"status\":" + status + ",\"detail\":\"");
    assertThat(client.end().reset()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"POST", "HEAD", "OPTIONS", "DELETE"})
  void refusesOtherMethods(String method) throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      String request = new String(RawWebSocket.request(), US_ASCII);
      client.send(request.replace("GET", method).getBytes(US_ASCII));
      RawWebSocket.Response response = client.response();
      assertThat(response.status()).isEqualTo(426);
    }
  }

  @Test
  void refusesAnOlderHttp() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      String request = new String(RawWebSocket.request(), US_ASCII);
      client.send(request.replace("HTTP/1.1", "HTTP/1.0").getBytes(US_ASCII));
      assertRefused(client, 426);
    }
  }

  @Test
  void sendsARefusalThatABodyCannotOvertake() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(RawWebSocket.request("Content-Length: 1000000"));
      for (int i = 0; i < 100; i++) {
        client.send(new byte[1000]);
      }
      assertRefused(client, 400);
    }
  }

  @Test
  void refusesABodyWithAFlaw() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(
          Frames.join(
              RawWebSocket.request("Transfer-Encoding: chunked"), "zz\r\n\r\n".getBytes(US_ASCII)));
      assertRefused(client, 400);
    }
  }

  @Test
  void takesNothingAfterARefusal() throws IOException {
    byte[] bad = RawWebSocket.request("Sec-WebSocket-Version: 8");
    byte[] good = RawWebSocket.request();
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(Frames.join(bad, good, Frames.text("{\"type\":\"ping\"}")));
      assertRefused(client, 426);
    }
    assertThat(server.telemetry().count("opened")).isZero();
  }

  @Test
  void letsOtherPathsPass() throws IOException {
    for (String path : new String[] {"/wsx", "/ws/", "/WS", "/", "/v1/ws"}) {
      try (RawWebSocket client = RawWebSocket.connect(server.port())) {
        String request = new String(RawWebSocket.request(), US_ASCII);
        client.send(request.replace("/ws ", path + " ").getBytes(US_ASCII));
        client.endOutput();
        assertThat(client.end().frames()).isEmpty();
      }
    }
    assertThat(server.telemetry().count("opened")).isZero();
  }

  @Test
  void takesAQuery() throws IOException {
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      String request = new String(RawWebSocket.request(), US_ASCII);
      client.send(request.replace("/ws ", "/ws?a=b ").getBytes(US_ASCII));
      client.expectUpgrade();
    }
  }

  /** Answers each request a little later, as a route does that waits for the broker. */
  @SuppressWarnings("FutureReturnValueIgnored") // A failure shows as an answer that does not come.
  private static final class SlowHttp extends ChannelInboundHandlerAdapter {
    private final ArrayDeque<String> paths = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        paths.add(request.uri());
        ctx.executor().schedule(() -> answer(ctx), 20, TimeUnit.MILLISECONDS);
      }
      ReferenceCountUtil.release(message);
    }

    private void answer(ChannelHandlerContext ctx) {
      String path = paths.remove();
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(path, US_ASCII));
      response.headers().set("Content-Length", path.length());
      if (path.equals("/last")) {
        response.headers().set("Connection", "close");
      }
      ctx.writeAndFlush(response, ctx.voidPromise());
    }
  }

  private TestServer slowHttp() throws IOException {
    return new TestServer(transport, Authenticator.OPEN, Limits.DEFAULT, lane -> new SlowHttp());
  }

  private static byte[] get(String path) {
    return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII);
  }

  @Test
  void letsNoUpgradeOvertakeAnAnswer() throws IOException {
    try (TestServer slow = slowHttp();
        RawWebSocket client = RawWebSocket.connect(slow.port())) {
      client.send(Frames.join(get("/one"), get("/two"), RawWebSocket.request()));
      assertThat(client.response().body()).isEqualTo("/one");
      assertThat(client.response().body()).isEqualTo("/two");
      assertThat(client.response().body()).isEqualTo("/ws");
      client.upgrade();
      assertThat(client.ask("{\"type\":\"ping\"}")).contains("pong");
    }
  }

  @Test
  void letsNoUpgradeFollowTheLastAnswer() throws IOException {
    try (TestServer slow = slowHttp();
        RawWebSocket client = RawWebSocket.connect(slow.port())) {
      client.send(get("/last"));
      assertThat(client.response().body()).isEqualTo("/last");
      client.send(RawWebSocket.request());
      assertThat(client.response().body()).isEqualTo("/ws");
    }
  }
}
