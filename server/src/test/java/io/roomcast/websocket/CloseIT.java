package io.roomcast.websocket;

import static io.roomcast.testing.Frames.CLOSE;
import static io.roomcast.testing.Frames.FIN;
import static io.roomcast.testing.Frames.close;
import static io.roomcast.testing.Frames.frame;
import static io.roomcast.testing.Frames.join;
import static io.roomcast.testing.Frames.text;
import static io.roomcast.testing.Frames.unmasked;
import static io.roomcast.testing.Frames.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a connection can end, on each transport. */
@ParameterizedClass
@MethodSource("io.roomcast.testing.TestServer#transports")
final class CloseIT {
  @Parameter private NativeTransport transport = NativeTransport.NIO;

  private TestServer server;
  private RawWebSocket client;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.start(transport, Limits.DEFAULT);
    client = server.client();
    client.join("room1");
    server.awaitSize(1, 1, 1);
  }

  @AfterEach
  void stop() {
    server.awaitSize(0, 0, 0);
    assertThat(server.telemetry().count("closed")).isEqualTo(server.telemetry().count("opened"));
    client.close();
    server.close();
  }

  @Test
  void echoesTheClientsCode() throws IOException {
    client.send(close(4321, utf8("bye")));
    RawWebSocket.Ending ending = client.end();
    assertThat(ending.frames()).hasSize(1);
    assertThat(ending.code()).isEqualTo(4321);
    assertThat(ending.reset()).isFalse();
    server.awaitSize(0, 0, 0);
    assertThat(server.telemetry().count("closed 4321")).isEqualTo(1);
  }

  @Test
  void echoesACloseWithoutACode() throws IOException {
    client.send(frame(FIN | CLOSE));
    RawWebSocket.Ending ending = client.end();
    assertThat(ending.frames()).hasSize(1);
    assertThat(ending.frames().getFirst().payload()).isEmpty();
  }

  @Test
  void ignoresWhatComesAfterTheClose() throws IOException {
    byte[] send = text("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":1}");
    try (RawWebSocket other = server.client()) {
      other.join("room1");
      client.send(join(send, close(1000), send, close(1002), unmasked(3)));
      assertThat(client.end().code()).isEqualTo(1000);
      assertThat(other.hear()).contains("\"message\":1");
      assertThat(other.ask("{\"type\":\"ping\"}")).contains("pong");
    }
  }

  @Test
  void ignoresWhatComesAfterAViolation() throws IOException {
    client.send(join(unmasked(FIN | 1), text("{\"type\":\"ping\"}"), close(1000)));
    RawWebSocket.Frame frame = client.frame();
    assertThat(frame.code()).isEqualTo(1002);
    assertThat(frame.reason()).isEqualTo("frame of a client without a mask");
    // Our direction has ended; theirs may go on for a while.
    client.send(text("{\"type\":\"ping\"}"));
    assertThat(client.end().frames()).isEmpty();
  }

  @Test
  void forgetsAClientThatVanishes() throws IOException {
    client.reset();
    server.awaitSize(0, 0, 0);
    assertThat(server.telemetry().count("closed 1006")).isEqualTo(1);
  }

  /** The reset comes with the last bytes, or a little later: many, so that both happen. */
  @Test
  void forgetsClientsThatVanishInAFrame() throws IOException {
    client.close();
    byte[] half = Arrays.copyOf(text("x".repeat(5000)), 3000);
    for (int i = 0; i < 50; i++) {
      RawWebSocket other = server.client();
      other.join("room1");
      other.send(half);
      other.reset();
    }
  }

  @Test
  void takesAHalfClosedSocketForTheEnd() throws IOException {
    client.endOutput();
    assertThat(client.end().frames()).isEmpty();
  }

  @Test
  void answersWhatCameBeforeTheHalfClose() throws IOException {
    client.send(join(text("{\"type\":\"ping\",\"id\":1}"), close(1001)));
    client.endOutput();
    RawWebSocket.Ending ending = client.end();
    assertThat(ending.texts()).containsExactly("{\"type\":\"pong\",\"id\":1}");
    assertThat(ending.code()).isEqualTo(1001);
  }

  @Test
  void forgetsAClientThatVanishesUnderAFlood() throws IOException {
    try (RawWebSocket sender = server.client()) {
      String body = "\"" + "x".repeat(40_000) + "\"";
      for (int i = 0; i < 20; i++) {
        sender.say("{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":" + body + "}");
        if (i == 10) {
          client.reset();
        }
      }
      assertThat(sender.ask("{\"type\":\"ping\"}")).contains("pong");
      server.awaitSize(1, 0, 0);
    }
  }
}
