package io.roomcast.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** permessage-deflate, over real sockets. */
@SuppressWarnings("NullAway.Init") // Set before each.
final class DeflateIT {
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final int COMPRESSED = Frames.FIN | FrameWriter.COMPRESSED | Frames.TEXT;

  private final Inflation inflation = new Inflation(1024 * 1024);
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.compressing(NativeTransport.NIO, Limits.DEFAULT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawWebSocket client() throws IOException {
    return RawWebSocket.open(server.port(), OFFER);
  }

  private static byte[] deflated(String text) {
    return Frames.frame(COMPRESSED, InflationTest.deflate(text.getBytes(UTF_8)));
  }

  /** The next message, which must be compressed. */
  private String inflated(RawWebSocket client) throws IOException {
    RawWebSocket.Frame frame = client.compressed();
    int length = inflation.inflate(frame.payload(), frame.payload().length);
    return new String(inflation.bytes(), 0, length, UTF_8);
  }

  private static String send(String message) {
    return "{\"type\":\"sendMessage\",\"room\":\"r\",\"message\":\"" + message + "\"}";
  }

  @Test
  void aBroadcastIsCompressedForThoseWhoAskedForIt() throws IOException {
    String event = "{\"type\":\"message\",\"room\":\"r\",\"message\":\"" + "ab".repeat(500) + "\"}";
    try (RawWebSocket plain = RawWebSocket.open(server.port());
        RawWebSocket one = client();
        RawWebSocket other = client()) {
      for (RawWebSocket member : new RawWebSocket[] {plain, one, other}) {
        member.join("r");
      }
      for (int i = 0; i < 3; i++) {
        one.send(deflated(send("ab".repeat(500))));
        assertThat(inflated(one)).isEqualTo(event);
        assertThat(inflated(other)).isEqualTo(event);
        assertThat(plain.hear()).isEqualTo(event);
      }
      // What gains nothing is not compressed, and a client need not compress either.
      other.say(send("hi"));
      assertThat(other.hear()).contains("\"hi\"");
      assertThat(one.hear()).contains("\"hi\"");
    }
  }

  @Test
  void aCompressedMessageMayComeInFragments() throws IOException {
    byte[] whole = InflationTest.deflate(send("x".repeat(3000)).getBytes(UTF_8));
    try (RawWebSocket client = client()) {
      client.join("r");
      client.send(Frames.frame(FrameWriter.COMPRESSED | Frames.TEXT, Arrays.copyOf(whole, 5)));
      client.send(Frames.frame(Frames.FIN | Frames.PING));
      client.send(
          Frames.frame(
              Frames.FIN | Frames.CONTINUATION, Arrays.copyOfRange(whole, 5, whole.length)));
      assertThat(client.frame().opcode()).isEqualTo(Frames.PONG);
      assertThat(inflated(client)).contains("x".repeat(3000));
    }
  }

  @Test
  void whatIsTooLargeWhenInflatedEndsWith1009() throws IOException {
    try (RawWebSocket client = client()) {
      byte[] bomb = InflationTest.deflate(new byte[32 * 1024 * 1024]);
      assertThat(bomb.length).isLessThan(Limits.DEFAULT.messageBytes());
      client.send(Frames.frame(COMPRESSED, bomb));
      assertThat(client.end().code()).isEqualTo(1009);
    }
  }

  @Test
  void whatIsNotCompressedAsItSaysEndsWith1007() throws IOException {
    try (RawWebSocket client = client()) {
      client.send(Frames.frame(COMPRESSED, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2}));
      assertThat(client.end().code()).isEqualTo(1007);
    }
    try (RawWebSocket client = client()) {
      byte[] noText = InflationTest.deflate(new byte[] {(byte) 0xc0, 'a'});
      client.send(Frames.frame(COMPRESSED, noText));
      assertThat(client.end().code()).isEqualTo(1007);
    }
  }

  @Test
  void theBitIsOnlyForTheFirstFrameOfAMessage() throws IOException {
    for (int first :
        new int[] {
          Frames.FIN | FrameWriter.COMPRESSED | Frames.PING,
          Frames.FIN | FrameWriter.COMPRESSED | Frames.CONTINUATION,
          COMPRESSED | 0x20
        }) {
      try (RawWebSocket client = client()) {
        client.send(Frames.frame(Frames.TEXT, (byte) 'a'));
        client.send(Frames.frame(first, (byte) 'a'));
        assertThat(client.end().code()).isEqualTo(1002);
      }
    }
  }

  @Test
  void whoWasNotGivenItMayNotUseIt() throws IOException {
    for (String offer : new String[] {"X: y", OFFER + "; server_max_window_bits=9"}) {
      try (RawWebSocket client = RawWebSocket.connect(server.port())) {
        client.send(RawWebSocket.request(offer));
        assertThat(client.response().head()).contains(" 101 ").doesNotContain("Extensions");
        client.send(deflated("{}"));
        assertThat(client.end().code()).isEqualTo(1002);
      }
    }
    try (RawWebSocket client = RawWebSocket.connect(server.port())) {
      client.send(RawWebSocket.request(OFFER));
      assertThat(client.response().head())
          .contains(
              "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                  + " client_no_context_takeover\r\n");
    }
    try (TestServer off = TestServer.start(NativeTransport.NIO, Limits.DEFAULT);
        RawWebSocket client = RawWebSocket.connect(off.port())) {
      client.send(RawWebSocket.request(OFFER));
      assertThat(client.response().head()).doesNotContain("Extensions");
    }
  }
}
