package io.roomcast.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.roomcast.room.Hub;
import io.roomcast.room.Limits;
import io.roomcast.testing.Frames;
import io.roomcast.testing.RawWebSocket;
import io.roomcast.testing.TestServer;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ListenerIT {
  private static final int ROUNDS = 5;
  private static final int CLIENTS = 20;

  /** Loops that have much to do at this moment must not forget those who wait for it. */
  @ParameterizedTest
  @MethodSource("io.roomcast.testing.TestServer#transports")
  void closesEveryClientWhateverIsUnderWay(NativeTransport transport) throws IOException {
    byte[] message =
        Frames.text(
            "{\"type\":\"sendMessage\",\"room\":\"room1\",\"message\":\""
                + "x".repeat(50_000)
                + "\"}");
    for (int round = 0; round < ROUNDS; round++) {
      TestServer server = TestServer.start(transport, Limits.DEFAULT.withCommandsPerSecond(0));
      RawWebSocket[] members = new RawWebSocket[CLIENTS];
      for (int i = 0; i < CLIENTS; i++) {
        members[i] = RawWebSocket.connect(server.port(), 8192).upgrade();
        members[i].join("room1");
      }
      try (RawWebSocket sender = server.client()) {
        for (int i = 0; i < 10; i++) {
          sender.send(message);
        }
        server.close();
      }
      assertThat(server.node().hub().size()).isEqualTo(new Hub.Size(0, 0, 0));
      for (RawWebSocket member : members) {
        member.close();
      }
    }
  }
}
