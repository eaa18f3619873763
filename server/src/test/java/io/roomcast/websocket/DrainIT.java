package io.roomcast.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.roomcast.net.NativeTransport;
import io.roomcast.room.Hub;
import io.roomcast.room.Limits;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that goes away tells each client, and takes no new ones meanwhile. */
final class DrainIT {
  private static final int CLIENTS = 200;
  private static final Duration WITHIN = Duration.ofSeconds(2);

  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void tellsEveryClientAndRefusesNewOnes(NativeTransport transport) throws Exception {
    List<RawWebSocket> clients = new ArrayList<>();
    try (TestServer server = TestServer.start(transport, Limits.DEFAULT)) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(server.client());
        clients.getLast().join("room" + i % 7);
      }
      long began = System.nanoTime();
      Thread draining = new Thread(() -> drain(server));
      draining.start();
      await().pollInterval(Duration.ofMillis(1)).until(() -> server.node().draining());
      assertRefused(server);
      draining.join();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(WITHIN.plusSeconds(8));
      assertThat(server.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
      assertThat(server.telemetry().count("closed 1001")).isEqualTo(CLIENTS);
    }
    // Only now do they read: closing the sockets has taken nothing from them.
    for (RawWebSocket client : clients) {
      RawWebSocket.Ending ending = client.end();
      assertThat(ending.code()).isEqualTo(1001);
      assertThat(ending.texts())
          .singleElement()
          .asString()
          .matches(
              "\\{\"type\":\"disconnect\",\"code\":1001,\"text\":\"server is shutting down\","
                  + "\"reconnect\":true,\"after\":\\d{3,4}}");
      client.close();
    }
  }

  private static void drain(TestServer server) {
    try {
      server.node().drain(WITHIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void assertRefused(TestServer server) throws IOException {
    try (RawWebSocket late = RawWebSocket.connect(server.port())) {
      late.send(RawWebSocket.request());
      RawWebSocket.Response response = late.response();
      assertThat(response.status()).isEqualTo(503);
      assertThat(response.head()).containsIgnoringCase("retry-after: 1\r\n");
      assertThat(response.body()).contains("shutting down");
    }
  }
}
