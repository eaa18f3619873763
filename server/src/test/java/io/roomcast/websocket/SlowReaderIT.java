package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.roomcast.net.NativeTransport;
import io.roomcast.room.Limits;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that do not read, on each transport, and the others in their rooms. */
@ParameterizedClass
@MethodSource("io.roomcast.testing.TestServer#transports")
final class SlowReaderIT {
  private static final Limits FAST = Limits.DEFAULT.withCommandsPerSecond(0);
  private static final String BODY = "\"" + "x".repeat(50_000) + "\"";

  @Parameter private NativeTransport transport = NativeTransport.NIO;

  @Test
  void closesOneThatDoesNotReadWhileItsRoomGoesOn() throws IOException {
    try (TestServer server = TestServer.start(transport, FAST);
        RawWebSocket slow = RawWebSocket.connect(server.port(), 8192).upgrade();
        RawWebSocket member = server.client()) {
      slow.join("room1");
      member.join("room1");
      int sent = 0;
      while (server.telemetry().count("closed 4002") == 0 && sent < 1000) {
        exchange(member, sent++);
      }
      assertThat(server.telemetry().count("dropped SLOW_READER")).isEqualTo(1);
      server.awaitSize(1, 1, 1);
      exchange(member, sent++);
      // It may still read what was kept for it, and is told why it was closed.
      RawWebSocket.Ending ending = slow.endAnswering();
      assertThat(ending.code()).isEqualTo(4002);
      assertThat(ending.texts()).hasSizeBetween(FAST.unreadBytes() / BODY.length(), sent);
      assertThat(ending.texts().getLast())
          .startsWith("{\"type\":\"disconnect\",\"code\":4002,")
          .contains("1048576 bytes unread", "\"reconnect\":true");
    }
  }

  private static void exchange(RawWebSocket member, int number) throws IOException {
    member.say(
        "{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":[" + number + "," + BODY + "]}");
    assertThat(member.hear()).contains("\"message\":[" + number + ",");
  }

  @Test
  void holdsBoundedMemoryForManyThatDoNotRead() throws IOException {
    int clients = 40;
    RawWebSocket[] slow = new RawWebSocket[clients];
    try (TestServer server = TestServer.start(transport, FAST);
        RawWebSocket member = server.client()) {
      member.join("room1");
      for (int i = 0; i < clients; i++) {
        slow[i] = RawWebSocket.connect(server.port(), 8192).upgrade();
        slow[i].join("room1");
      }
      long before = directMemory();
      long most = 0;
      int sent = 0;
      while (server.telemetry().count("closed 4002") < clients && sent < 1000) {
        exchange(member, sent++);
        most = Math.max(most, directMemory() - before);
      }
      // What all of them wait for is shared: it costs once, not once for each.
      assertThat(most).isLessThan(clients / 2L * FAST.unreadBytes());
      server.awaitSize(1, 1, 1);
    } finally {
      for (RawWebSocket client : slow) {
        if (client != null) {
          client.close();
        }
      }
    }
  }

  private static long directMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Test
  void closesOneWithAStandingBacklog() throws IOException {
    Limits impatient =
        new Limits(65536, 128, 0, 200, 100, 1 << 30, Duration.ofSeconds(1), Duration.ofSeconds(5));
    try (TestServer server = TestServer.start(transport, impatient);
        RawWebSocket slow = RawWebSocket.connect(server.port(), 8192).upgrade();
        RawWebSocket member = server.client()) {
      slow.join("room1");
      member.join("room1");
      // More than the kernel takes, and far from the bound.
      for (int i = 0; i < 300; i++) {
        exchange(member, i);
      }
      await().until(() -> server.telemetry().count("closed 4002") == 1);
      exchange(member, 300);
      RawWebSocket.Ending ending = slow.endAnswering();
      assertThat(ending.code()).isEqualTo(4002);
      assertThat(ending.texts().getLast()).contains("a backlog for 1 s");
    }
  }

  @Test
  void boundsThePongsOfOneThatDoesNotRead() throws IOException {
    try (TestServer server = TestServer.start(transport, FAST);
        RawWebSocket slow = RawWebSocket.connect(server.port(), 8192).upgrade();
        RawWebSocket member = server.client()) {
      member.join("room1");
      byte[][] many = new byte[2000][];
      java.util.Arrays.fill(many, io.roomcast.testing.Frames.frame(0x89, new byte[125]));
      byte[] pings = io.roomcast.testing.Frames.join(many);
      try {
        for (int i = 0; i < 400 && server.telemetry().count("closed 4002") == 0; i++) {
          slow.send(pings);
        }
      } catch (IOException e) {
        assertThat(server.telemetry().count("closed 4002")).isEqualTo(1);
      }
      await().until(() -> server.telemetry().count("closed 4002") == 1);
      exchange(member, 0);
    }
  }
}
